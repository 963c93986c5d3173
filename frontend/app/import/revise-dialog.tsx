import { Check, Lock, TriangleAlert } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { ApiError, reasonOf } from "@/lib/api-error";
import type { ProjectDetail } from "@/lib/types";
import { plural } from "@/lib/words";
import { queries } from "../queries";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Columns, FileHint, KindMenu, Notes } from "./import-parts";
import { forgetImport, useImport } from "./import-state";
import { RevisedLines } from "./revised-lines";
import { inWords, linesOf, revise, stayingWords, useComparison } from "./revision";
import { Splits } from "./splits";
import { writeScript } from "./write-script";

/** The story's script again: what is still in it keeps its pictures and narration. */
export default function ReviseDialog({ project, onClose }: { project: ProjectDetail; onClose: () => void }) {
  const place = `storyflow.revise:${project.id}`;
  const [start] = useState(() => writeScript(project.segments));
  const state = useImport(null, { place, start });
  const { source, kind, script, take } = state;
  const [problem, setProblem] = useState<string | null>(null);
  const [isImporting, setImporting] = useState(false);
  const refusal = useRefusal();
  const story = useRef<HTMLTextAreaElement>(null);
  const bad = script.rows.find((row) => row.problem);
  const segments = useMemo(
    () =>
      script.rows.filter((row) => !row.problem).map((row) => ({ text_content: row.text, image_prompt: row.prompt })),
    [script],
  );
  const comparison = useComparison(project, segments);
  const compared = segments.length > 0 ? comparison.data : undefined;
  const counts = compared?.revised.counts;
  const words = compared ? inWords(compared, project.segments) : "";
  const isSame = compared !== undefined && words === "";
  const lines = useMemo(
    () => (compared && !comparison.isPlaceholderData ? linesOf(compared, segments, project.segments) : null),
    [compared, comparison.isPlaceholderData, segments, project.segments],
  );
  const [shown, setShown] = useState(lines);
  if (lines && lines !== shown) setShown(lines);
  const locked = (counts?.locked ?? 0) + (counts?.locked_missing ?? 0);

  function goTo(line: number) {
    const begin = source.split("\n").slice(0, line).join("\n").length + (line ? 1 : 0);
    story.current?.focus();
    story.current?.setSelectionRange(begin, Math.max(begin, source.indexOf("\n", begin)));
  }

  async function submit() {
    if (bad) {
      setProblem("One block needs a look first.");
      return goTo(bad.line);
    }
    if (!segments.length) return setProblem("There is nothing to import yet. Delete the project to be rid of it.");
    if (!compared || comparison.isPlaceholderData) return;
    setImporting(true);
    try {
      await revise(project, segments, compared);
      forgetImport(place);
      onClose();
    } catch (reason) {
      const isOld = reason instanceof ApiError && reason.status === 412;
      if (isOld) await queries.invalidateQueries({ queryKey: ["comparison", project.id] });
      setProblem(
        isOld
          ? "The story was changed meanwhile, so nothing was done. Have another look."
          : `The script was not imported: ${reasonOf(reason)} Nothing was changed.`,
      );
    } finally {
      setImporting(false);
    }
  }

  const failure = problem ?? (comparison.isError ? reasonOf(comparison.error) : null);
  return (
    <Dialog
      title="Re-import a revised script"
      isOpen
      onClose={onClose}
      className="dialog wide"
      footer={
        <>
          {failure ? (
            <span className="aside text-danger mr-auto" role="alert">
              {failure}
            </span>
          ) : (
            <span className="aside text-ink-3 mr-auto">Pictures and narration stay with what is kept or changed.</span>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            refusal={isImporting ? "Importing…" : (refusal ?? (isSame ? "The script is the same as the story." : null))}
            onClick={() => void submit()}
          >
            {isImporting ? "Importing…" : "Import changes"}
          </Button>
        </>
      }
    >
      <Columns onFile={(dropped) => void take(dropped).then(setProblem)}>
        <div className="import-col">
          <div className="lab">
            <label htmlFor="import-story">Script</label>
            <KindMenu kind={kind} onChange={state.setKind} />
          </div>
          <textarea
            id="import-story"
            className="story"
            ref={story}
            value={source}
            readOnly={isImporting}
            spellCheck={false}
            onChange={(event) => {
              state.setSource(event.target.value);
              setProblem(null);
            }}
          />
          <FileHint onFile={(chosen) => void take(chosen).then(setProblem)} />
          {state.wasRestored && (
            <p className="note mt-2">
              Your unfinished revision is back.
              <button type="button" className="link ml-auto" onClick={state.startAgain}>
                Start from the story
              </button>
            </p>
          )}
        </div>
        <div className="import-col">
          <p className="lab">
            Preview
            {counts && <span className="num">{words || `${plural(counts.kept, "segment")} kept`}</span>}
          </p>
          {bad || !shown || segments.length === 0 ? (
            <Splits rows={script.rows} onGo={goTo} />
          ) : (
            <RevisedLines lines={shown} />
          )}
          <Changes isSame={isSame} missing={counts?.missing ?? 0} locked={locked} />
          {script.unused.length > 0 && <Notes script={script} />}
          {failure && (
            <p className="note bad mt-2 sm:hidden" role="alert">
              {failure}
            </p>
          )}
        </div>
      </Columns>
    </Dialog>
  );
}

function Changes({ isSame, missing, locked }: { isSame: boolean; missing: number; locked: number }) {
  return (
    <div aria-live="polite">
      {isSame && (
        <p className="note mt-2">
          <Check aria-hidden className="s" />
          The script is the same as the story. Edit it, or drop the revised file.
        </p>
      )}
      {missing > 0 && (
        <p className="note warn mt-2">
          <TriangleAlert aria-hidden className="s" />
          {plural(missing, "segment")} {missing === 1 ? "is" : "are"} not in the script any more and{" "}
          {missing === 1 ? "goes" : "go"} to Trash, with {missing === 1 ? "its" : "their"} picture and narration.
        </p>
      )}
      {locked > 0 && (
        <p className="note mt-2">
          <Lock aria-hidden className="s" />
          {stayingWords(locked)}
        </p>
      )}
    </div>
  );
}
