import { Check, ChevronDown, FileText, ImageIcon, TriangleAlert } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { plural, wordCount } from "@/lib/words";
import { ChoiceItems, Menu } from "../ui/menu";
import { KINDS, type Kind, type Script } from "./read-script";

/** The script beside what becomes of it; a file dropped on either is taken. */
export function Columns({ onFile, children }: { onFile: (file: File) => void; children: ReactNode }) {
  return (
    <div
      className="cols"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        const dropped = event.dataTransfer.files[0];
        if (!dropped) return;
        event.preventDefault();
        onFile(dropped);
      }}
    >
      {children}
    </div>
  );
}

export function KindMenu({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  const label = KINDS.find((other) => other.value === kind)?.label ?? "";
  return (
    <Menu
      trigger={
        <button type="button" className="link no-underline! font-normal">
          Read as {label === "JSON" || label === "Markdown" ? label : label.toLowerCase()}
          <ChevronDown aria-hidden className="s" />
        </button>
      }
    >
      <ChoiceItems value={kind} options={KINDS} onChange={onChange} />
    </Menu>
  );
}

const SCRIPTS = ".txt,.md,.markdown,.json,text/plain,application/json";
const DROP_SCRIPT = "Drop a .txt, .md or .json file anywhere here, or";

interface HintProps {
  onFile: (file: File) => void;
  takesBundles?: boolean;
}

export function FileHint({ onFile, takesBundles = false }: HintProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <p className="flex flex-wrap items-center gap-x-2 mt-2 text-ink-3 text-[13px]">
      <FileText aria-hidden className="s" />
      {takesBundles ? "Drop a script or a bundle anywhere here, or" : DROP_SCRIPT}
      <button type="button" className="link" onClick={() => input.current?.click()}>
        choose a file
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Story file"
        accept={takesBundles ? `${SCRIPTS},.zip,application/zip` : SCRIPTS}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </p>
  );
}

export function Notes({ script }: { script: Script }) {
  const [isShown, setShown] = useState(false);
  if (script.rows.length === 0) return null;
  const unused = script.unused.reduce((sum, line) => sum + wordCount(line), 0);
  const bare = script.rows.flatMap((row, index) => (row.prompt || row.problem ? [] : [index + 1]));
  return (
    <div aria-live="polite">
      {unused > 0 ? (
        <div className="note warn mt-2">
          <TriangleAlert aria-hidden className="s" />
          <div>
            {plural(unused, "word")} outside the segments {unused === 1 ? "is" : "are"} not used.{" "}
            <button type="button" className="link text-inherit!" onClick={() => setShown(!isShown)}>
              {isShown ? "Hide them" : "Show them"}
            </button>
            {isShown && <p>{script.unused.slice(0, 20).join(" · ")}</p>}
          </div>
        </div>
      ) : (
        script.rows.every((row) => !row.problem) && (
          <p className="note mt-2">
            <Check aria-hidden className="s" />
            Nothing is lost: {plural(script.wordsIn, "word")} in, {plural(script.wordsIn, "word")} in segments.
          </p>
        )
      )}
      {bare.length > 0 && bare.length < script.rows.length && (
        <p className="note warn mt-2">
          <ImageIcon aria-hidden className="s" />
          {bare.length === 1
            ? `Segment ${bare[0]} has no image prompt. You can write one later.`
            : `${bare.length} segments have no image prompt. You can write them later.`}
        </p>
      )}
    </div>
  );
}
