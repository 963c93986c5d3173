import { Plus } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { plural } from "@/lib/words";
import { useRefusal } from "../../shell/server";
import { Button } from "../../ui/button";
import { focusSoon } from "../page/segment-commands";
import { setView, useView } from "../page/view";
import { addSegments } from "../page/writing-commands";

interface PlaceProps {
  project: number;
  /** The segment that the new one will follow; null for the start. */
  after: number | null;
  label: string;
  tab: 0 | -1;
}

/** Between two cards: a "+", or where it was pressed the place to write in. */
export function AddHere({ project, after, label, tab }: PlaceProps) {
  const isOpen = useView((view) => view.adding !== null && view.adding.after === after);
  if (isOpen) return <NewSegment project={project} after={after} />;
  return (
    <button
      type="button"
      className={`add-here ${after === null ? "first" : ""}`}
      tabIndex={tab}
      aria-label={label}
      onClick={() => setView({ adding: { after } })}
    >
      <span>
        <Plus aria-hidden className="s" />
      </span>
    </button>
  );
}

/** What is written is kept in the tab until it is added. */
export function NewSegment({ project, after }: { project: number; after: number | null }) {
  const { text, setText, texts, add, close, isBusy } = useNewSegment(project, after);
  const field = useRef<HTMLTextAreaElement>(null);
  const refusal = useRefusal();
  useEffect(() => field.current?.focus(), []);

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void add({ goesOn: true });
    }
  }

  return (
    <div className="new-segment">
      <textarea
        ref={field}
        rows={3}
        value={text}
        readOnly={isBusy}
        aria-label="Narration of the new segment"
        placeholder="Write what is said here. A blank line begins another segment."
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex flex-wrap items-center gap-2">
        <span className="keys" aria-hidden>
          <span className="kbd">Ctrl</span> <span className="kbd">Enter</span> adds and goes on
        </span>
        <Button kind="quiet" size="small" className="ml-auto" onClick={close}>
          Cancel
        </Button>
        <Button
          kind="primary"
          size="small"
          refusal={refusal ?? (texts.length ? null : "Write something first.")}
          onClick={() => void add({ goesOn: false })}
        >
          {texts.length > 1 ? `Add ${plural(texts.length, "segment")}` : "Add segment"}
        </Button>
      </div>
    </div>
  );
}

const PLACE = "storyflow.new:";

function useNewSegment(project: number, after: number | null) {
  const [text, setText] = useState(() => sessionStorage.getItem(PLACE + project) ?? "");
  const [isBusy, setBusy] = useState(false);
  const texts = text
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .filter(Boolean);

  useEffect(() => {
    if (text) sessionStorage.setItem(PLACE + project, text);
    else sessionStorage.removeItem(PLACE + project);
  }, [text, project]);

  function close() {
    setView({ adding: null });
    focusSoon(after ?? undefined);
  }

  async function add({ goesOn }: { goesOn: boolean }) {
    if (texts.length === 0 || isBusy) return;
    setBusy(true);
    const last = (await addSegments(project, after, texts)).at(-1);
    setBusy(false);
    if (!last) return;
    setText("");
    sessionStorage.removeItem(PLACE + project);
    setView({ adding: goesOn ? { after: last.id } : null, currentId: last.id });
    if (!goesOn) focusSoon(last.id);
  }

  return { text, setText, texts, add, close, isBusy };
}
