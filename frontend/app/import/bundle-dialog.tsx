import { Package } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import * as api from "@/lib/api";
import { ApiError, reasonOf } from "@/lib/api-error";
import { bytes } from "@/lib/words";
import { noteImport } from "../projects/bundles";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";

const MAX_BYTES = 1024 * 1024 * 1024;

interface BundleProps {
  file: File;
  /** To the script instead. */
  onBack: () => void;
  onClose: () => void;
}

/** A file that another StoryFlow, or this one, exported: it comes in whole or not at all. */
export function BundleDialog({ file, onBack, onClose }: BundleProps) {
  const [, go] = useLocation();
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(
    file.size > MAX_BYTES
      ? `That bundle is ${bytes(file.size)}. Up to 1 GB can be imported here; storyflow import takes larger ones.`
      : null,
  );
  const refusal = useRefusal();
  const aborter = useRef(new AbortController());
  useEffect(() => () => aborter.current.abort(), []);

  async function submit() {
    setProblem(null);
    setShare(0);
    try {
      const made = await api.importBundle(file, { onProgress: setShare, signal: aborter.current.signal });
      onClose();
      go(`/projects/${made.id}`);
      noteImport(made);
    } catch (reason) {
      if (reason instanceof ApiError && reason.isCancelled) return;
      setProblem(`The bundle was not imported: ${reasonOf(reason)} Nothing was saved.`);
    }
    setShare(null);
  }

  const isBusy = share !== null;
  return (
    <Dialog
      title="Import a bundle"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button className="mr-auto" onClick={onBack}>
            Back
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            refusal={isBusy ? "Importing…" : file.size > MAX_BYTES ? problem : refusal}
            onClick={() => void submit()}
          >
            {isBusy ? "Importing…" : "Import bundle"}
          </Button>
        </>
      }
    >
      <div className="content">
        <div className="flex items-center gap-3">
          <Package aria-hidden className="flex-none text-ink-2" />
          <div className="min-w-0">
            <p className="font-semibold truncate">{file.name}</p>
            <p className="text-ink-3 text-[13px] num">{bytes(file.size)}</p>
          </div>
        </div>
        <p className="mt-3 text-ink-2">A story with its pictures, sound and settings becomes a project of its own.</p>
        {isBusy && (
          <>
            <progress className="bundle-bar" max={1} value={share < 1 ? share : undefined} aria-label="Importing" />
            <p className="text-ink-3 text-[13px] num" aria-live="polite">
              {share < 1 ? `Uploading, ${Math.round(share * 100)}%` : "Checking every picture…"}
            </p>
          </>
        )}
        {problem && (
          <p className="note bad mt-3" role="alert">
            {problem}
          </p>
        )}
      </div>
    </Dialog>
  );
}
