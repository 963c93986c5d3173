import { useRef, useState } from "react";
import { useLocation } from "wouter";
import * as api from "@/lib/api";
import { reasonOf } from "@/lib/api-error";
import { plural } from "@/lib/words";
import { refreshProject } from "../queries";
import { useRefusal } from "../shell/server";
import { tellOtherTabs } from "../shell/tabs";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { toast } from "../ui/toasts";
import { BundleDialog } from "./bundle-dialog";
import { Columns, FileHint, KindMenu, Notes } from "./import-parts";
import { forgetImport, useImport } from "./import-state";
import { summary, wrongTitle } from "./import-words";
import { LengthNote, TitleNote } from "./length-note";
import { Splits } from "./splits";

interface OnBundle {
  onBundle?: ((file: File) => void) | undefined;
}

interface ImportDialogProps {
  isOpen: boolean;
  onClose: () => void;
  /** Dropped somewhere on the page. */
  file?: File | null;
  /** Import into this project, at its end, instead of making one. */
  projectId?: number;
}

/** A script, or a bundle: which it is shows once there is a file. */
export default function ImportDialog(props: ImportDialogProps) {
  const [bundle, setBundle] = useState<File | null>(null);
  const [file, setFile] = useState(props.file);
  const back = () => {
    setFile(null);
    setBundle(null);
  };
  const isBoth = props.projectId === undefined;
  if (bundle && isBoth) return <BundleDialog file={bundle} onBack={back} onClose={props.onClose} />;
  return <ScriptDialog {...props} file={file} onBundle={isBoth ? setBundle : undefined} />;
}

/** Text in, segments out, and both in view before anything is saved. */
function ScriptDialog({ isOpen, onClose, file, projectId, onBundle }: ImportDialogProps & OnBundle) {
  const [, go] = useLocation();
  const state = useImport(file, { onBundle, takesTitle: projectId === undefined });
  const { title, source, kind, script, take } = state;
  const [problem, setProblem] = useState<string | null>(null);
  const [isImporting, setImporting] = useState(false);
  const refusal = useRefusal();
  const story = useRef<HTMLTextAreaElement>(null);
  const titleField = useRef<HTMLInputElement>(null);
  const good = script.rows.filter((row) => !row.problem);
  const bad = script.rows.filter((row) => row.problem);
  const titleProblem = projectId ? null : wrongTitle(title);

  function edit(change: () => void) {
    change();
    setProblem(null);
  }

  function goTo(line: number) {
    const start = source.split("\n").slice(0, line).join("\n").length + (line ? 1 : 0);
    const end = source.indexOf("\n", start);
    story.current?.focus();
    story.current?.setSelectionRange(start, end < 0 ? source.length : end);
  }

  async function submit() {
    if (bad[0]) {
      setProblem(bad.length === 1 ? "One block needs a look first." : `${bad.length} blocks need a look first.`);
      return goTo(bad[0].line);
    }
    if (!good.length) {
      setProblem("There is nothing to import yet.");
      return story.current?.focus();
    }
    if (titleProblem) {
      setProblem(titleProblem);
      return titleField.current?.focus();
    }
    setImporting(true);
    try {
      const segments = good.map((row) => ({ text_content: row.text, image_prompt: row.prompt }));
      const id = projectId ?? (await api.importProject({ format: "json", title: title.trim(), segments })).id;
      if (projectId) await api.importSegments(projectId, { format: "json", segments });
      forgetImport();
      await refreshProject(id);
      tellOtherTabs({ project: id });
      onClose();
      go(`/projects/${id}`);
      toast(`${plural(good.length, "segment")} imported`);
    } catch (reason) {
      setProblem(`The story was not imported: ${reasonOf(reason)} Nothing was saved.`);
    } finally {
      setImporting(false);
    }
  }

  return (
    <Dialog
      title={projectId ? "Import segments" : "Import a story"}
      isOpen={isOpen}
      onClose={onClose}
      className="dialog wide"
      footer={
        <>
          {problem ? (
            <span className="aside text-danger mr-auto" role="alert">
              {problem}
            </span>
          ) : (
            <span className="aside text-ink-3 mr-auto">Nothing is saved until you press Import.</span>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" refusal={isImporting ? "Importing…" : refusal} onClick={() => void submit()}>
            {isImporting ? "Importing…" : good.length ? `Import ${plural(good.length, "segment")}` : "Import"}
          </Button>
        </>
      }
    >
      <Columns onFile={(dropped) => void take(dropped).then(setProblem)}>
        <div className="import-col">
          {!projectId && (
            <>
              <label className="lab" htmlFor="import-title">
                Title
              </label>
              <span className="field mb-4">
                <input
                  id="import-title"
                  ref={titleField}
                  value={title}
                  readOnly={isImporting}
                  aria-invalid={problem === titleProblem && problem !== null}
                  onChange={(event) => edit(() => state.setTitle(event.target.value))}
                />
              </span>
            </>
          )}
          <div className="lab">
            <label htmlFor="import-story">Story</label>
            <KindMenu kind={kind} onChange={(kind) => edit(() => state.setKind(kind))} />
          </div>
          <textarea
            id="import-story"
            className="story"
            ref={story}
            value={source}
            readOnly={isImporting}
            spellCheck={false}
            onChange={(event) => edit(() => state.setSource(event.target.value))}
          />
          <FileHint takesBundles={!projectId} onFile={(chosen) => void take(chosen).then(setProblem)} />
          {state.wasRestored && (
            <p className="note mt-2">
              Your unfinished import is back.
              <button type="button" className="link ml-auto" onClick={state.startAgain}>
                Start empty
              </button>
            </p>
          )}
        </div>
        <div className="import-col">
          <p className="lab">
            Preview
            {good.length > 0 && <span className="num">{summary(good)}</span>}
          </p>
          <Splits rows={script.rows} onGo={goTo} />
          <LengthNote state={state} />
          <TitleNote state={state} />
          <Notes script={script} />
          {problem && (
            <p className="note bad mt-2 sm:hidden" role="alert">
              {problem}
            </p>
          )}
        </div>
      </Columns>
    </Dialog>
  );
}
