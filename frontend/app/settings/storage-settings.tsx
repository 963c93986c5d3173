import { Check, Copy } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { keepTrashFor } from "@/lib/api";
import { reasonOf } from "@/lib/api-error";
import type { Storage } from "@/lib/types";
import { bytes, plural } from "@/lib/words";
import { keys, queries } from "../queries";
import { Button } from "../ui/button";
import { toast } from "../ui/toasts";
import { Row } from "./option";

const MOST_DAYS = 365;

export function StorageSettings({ storage }: { storage: Storage }) {
  return (
    <>
      <Row name="Used" hint={`${bytes(storage.free_bytes)} are free on this disk.`}>
        <b className="num">{bytes(storage.used_bytes)}</b>
      </Row>
      <dl className="used">
        <Part name="Pictures, narration and videos" value={storage.files_bytes} />
        <Part
          name={
            <>
              <Link className="link" href="/trash">
                Trash
              </Link>
              , {storage.trash_count ? plural(storage.trash_count, "thing") : "empty"}
            </>
          }
          value={storage.trash_bytes}
        />
        <Part name="Thumbnails and other things made again when needed" value={storage.cache_bytes} />
        <Part name="Texts and settings" value={storage.database_bytes} />
      </dl>
      <TrashDays storage={storage} />
      <Folder path={storage.folder} />
    </>
  );
}

const Part = ({ name, value }: { name: ReactNode; value: number }) => (
  <div>
    <dt>{name}</dt>
    <dd className="num">{bytes(value)}</dd>
  </div>
);

/** Saved when the field is left or Enter is pressed, so that 3 on the way to 30 never holds. */
function TrashDays({ storage }: { storage: Storage }) {
  const [written, setWritten] = useState<string | null>(null);
  const [isSaved, setSaved] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const value = written ?? String(storage.trash_days);
  const days = /^\d{1,3}$/.test(value.trim()) ? Number(value) : Number.NaN;

  async function save() {
    if (written === null || days === storage.trash_days) return setWritten(null);
    if (!(days <= MOST_DAYS)) return setProblem(`Choose a number of days from 0 to ${MOST_DAYS}.`);
    try {
      queries.setQueryData(keys.storage, await keepTrashFor(days));
    } catch (reason) {
      return setProblem(`Not saved: ${reasonOf(reason)}`);
    }
    setProblem(null);
    setWritten(null);
    setSaved(true);
    setTimeout(() => setSaved(false), 1_500);
    void queries.invalidateQueries({ queryKey: keys.trash });
  }

  const hint =
    days === 0
      ? "What you delete or replace from now on is gone at once; Undo cannot bring it back."
      : "What you delete or replace waits so long. What waits already is never deleted sooner than it said.";
  return (
    <Row
      name="Days kept in Trash"
      hint={hint}
      isSaved={isSaved}
      extra={
        problem && (
          <p id="days-problem" role="alert" className="text-danger!">
            {problem}
          </p>
        )
      }
    >
      <span className="field w-24!">
        <input
          type="number"
          min={0}
          max={MOST_DAYS}
          aria-label="Days kept in Trash"
          aria-invalid={problem !== null}
          aria-describedby={problem ? "days-problem" : undefined}
          value={value}
          onChange={(event) => {
            setWritten(event.target.value);
            setProblem(null);
          }}
          onBlur={() => void save()}
          onKeyDown={(event) => event.key === "Enter" && void save()}
        />
      </span>
    </Row>
  );
}

function Folder({ path }: { path: string }) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    try {
      await navigator.clipboard.writeText(path);
    } catch {
      // Refused, as in an insecure context: it can be marked and copied by hand.
      return toast("The path could not be copied. Mark it and press Ctrl C.");
    }
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
    toast("Folder path copied");
  }
  return (
    <div className="opt">
      <div className="grow min-w-0">
        <b>Data folder</b>
        <p className="break-all select-all">{path}</p>
      </div>
      <Button onClick={() => void copy()}>
        {isCopied ? <Check aria-hidden className="s" /> : <Copy aria-hidden className="s" />}
        Copy path
      </Button>
    </div>
  );
}
