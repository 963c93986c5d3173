import { Scissors } from "lucide-react";
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from "react";
import { placesOf, wordAt } from "@/lib/spoken";
import type { Segment } from "@/lib/types";
import { useWords } from "../../queries";
import { toast } from "../../ui/toasts";
import { listen, playedS, usePlayer } from "../narrating/player";
import { useMarks } from "../page/finding";
import { askDelete, deleteSegments, didEdit, focusSoon, segmentsOf, setLocked } from "../page/segment-commands";
import { canSplitAt, mergeUp, splitAt } from "../page/writing-commands";
import { dropDraft, keyOf, useDrafts } from "../saving/drafts";
import { editSoon } from "../saving/editing";
import { SaveState } from "../saving/save-state";
import { compare, save, typeText } from "../saving/saving";

const FIELD = "text_content";

interface FieldProps {
  segment: Segment;
  number: number;
  tab: 0 | -1;
}

/** The narration, always a field; what is typed is kept in the tab until the server has it. */
export const NarrationField = memo(({ segment, number, tab }: FieldProps) => {
  const draft = useDrafts((drafts) => drafts[keyOf(segment.id, FIELD)]);
  const atFocus = useRef(segment.text_content);
  const isSplittable = useIsSplittable(segment.id);
  const text = draft?.text ?? segment.text_content;
  useEffect(() => compare(segment, FIELD), [segment]);

  async function leave() {
    if (!draft) return;
    if (!text.trim()) {
      dropDraft(segment.id, FIELD);
      toast("Narration cannot be empty. Delete the segment instead?", {
        label: "Delete",
        onClick: () => askDelete([segment]),
      });
      return;
    }
    await save(segment.id, FIELD);
    const now = useDrafts.getState()[keyOf(segment.id, FIELD)];
    if (now?.state !== "saved") return;
    if (document.activeElement?.id !== `t-${segment.id}`) dropDraft(segment.id, FIELD);
    if (now.base !== atFocus.current) didEdit(segment, FIELD, atFocus.current, now.base);
    atFocus.current = now.base;
  }

  async function split(field: HTMLTextAreaElement) {
    const { value, selectionStart } = field;
    if (draft) await leave();
    await splitAt(segment, value, selectionStart);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return;
    const field = event.currentTarget;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && isCtrl && event.shiftKey) {
      event.preventDefault();
      void split(field);
    } else if (event.key === "Backspace" && !isCtrl && isAtStart(field) && !event.repeat) {
      if (segment.is_locked) return;
      event.preventDefault();
      if (field.value.trim()) void Promise.resolve(draft && leave()).then(() => mergeUp(segment));
      else deleteBlank(segment);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      focusSoon(segment.id);
    } else if (event.key === "Enter" && isCtrl) {
      event.preventDefault();
      const all = segmentsOf(segment.project);
      const next = all[all.findIndex((other) => other.id === segment.id) + 1];
      if (next) editSoon(next.id);
      else focusSoon(segment.id);
    } else if (segment.is_locked && event.key.length === 1 && !isCtrl)
      toast(`Segment ${number} is locked.`, { label: "Unlock", onClick: () => void setLocked([segment], false) });
  }

  return (
    <div className="grow min-w-0">
      <div className="narr">
        <Spoken segment={segment} text={text} />
        <Marks text={text} />
        <textarea
          id={`t-${segment.id}`}
          rows={1}
          tabIndex={tab}
          value={text}
          readOnly={segment.is_locked}
          aria-label={`Narration of segment ${number}`}
          aria-describedby={draft ? `save-${segment.id}` : undefined}
          aria-invalid={draft?.state === "failed"}
          onFocus={() => {
            atFocus.current = segment.text_content;
          }}
          onBlur={() => void leave()}
          onChange={(event) => {
            if (!draft) atFocus.current = segment.text_content;
            typeText(segment, FIELD, event.target.value);
          }}
          onKeyDown={onKeyDown}
        />
        {isSplittable && !segment.is_locked && (
          <button
            type="button"
            className="split-here"
            tabIndex={-1}
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => {
              const field = event.currentTarget.previousElementSibling;
              if (field instanceof HTMLTextAreaElement) void split(field);
            }}
          >
            <Scissors aria-hidden className="s" />
            Split here
          </button>
        )}
      </div>
      {draft && <SaveState draft={draft} number={number} />}
    </div>
  );
});

/** Whether the caret stands in this narration with words on both its sides. */
function useIsSplittable(id: number): boolean {
  const [isSplittable, setSplittable] = useState(false);
  useEffect(() => {
    const look = () => {
      const field = document.activeElement;
      const isHere = field instanceof HTMLTextAreaElement && field.id === `t-${id}`;
      setSplittable(isHere && canSplitAt(field.value, field.selectionStart));
    };
    const events = ["selectionchange", "focusin", "focusout"] as const;
    for (const event of events) document.addEventListener(event, look);
    return () => {
      for (const event of events) document.removeEventListener(event, look);
    };
  }, [id]);
  return isSplittable;
}

const isAtStart = ({ selectionStart, selectionEnd }: HTMLTextAreaElement) => selectionStart === 0 && selectionEnd === 0;

/** Backspace in an empty field: the segment goes, and one writes on in the one before. */
function deleteBlank(segment: Segment): void {
  const all = segmentsOf(segment.project);
  const before = all[all.findIndex((other) => other.id === segment.id) - 1];
  dropDraft(segment.id, FIELD);
  void deleteSegments([segment]).then(() => before && editSoon(before.id, before.text_content.length));
}

/** Behind the field as well: the places that are looked for. */
function Marks({ text }: { text: string }) {
  const places = useMarks(text);
  if (places.length === 0) return null;
  let end = 0;
  return (
    <div aria-hidden className="finds">
      {places.map(({ from, to }) => {
        const before = text.slice(end, from);
        end = to;
        return (
          <span key={from}>
            {before}
            <mark>{text.slice(from, to)}</mark>
          </span>
        );
      })}
      {text.slice(end)}
    </div>
  );
}

/** The copy behind the field; while it plays, the word that is said is marked in it. */
function Spoken({ segment, text }: { segment: Segment; text: string }) {
  const isHere = usePlayer((player) => player.id === segment.id);
  const { data } = useWords(segment, isHere);
  const copy = useRef<HTMLDivElement>(null);
  const isSame = text === segment.text_content && data?.stale_reason?.includes("text") !== true;
  const places = useMemo(() => (data && isSame ? placesOf(text, data.words) : []), [data, text, isSame]);

  useEffect(() => {
    const element = copy.current;
    if (!isHere || !data || places.length === 0 || !element) return;
    let shown = -2;
    const show = (now: number) => {
      const index = wordAt(data.words, now);
      const place = places[index];
      if (index === shown) return;
      shown = index;
      if (!place) return element.replaceChildren(text);
      const word = document.createElement("mark");
      word.textContent = text.slice(place.from, place.to);
      element.replaceChildren(text.slice(0, place.from), word, text.slice(place.to));
    };
    show(playedS());
    const stop = listen(show);
    return () => {
      stop();
      element.replaceChildren(text);
    };
  }, [isHere, data, places, text]);

  return (
    <div ref={copy} aria-hidden key={text}>
      {text}
    </div>
  );
}
