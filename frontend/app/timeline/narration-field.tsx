import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from "react";
import { placesOf, wordAt } from "@/lib/spoken";
import type { Segment } from "@/lib/types";
import { useWords } from "../queries";
import { say } from "../ui/toasts";
import { dropDraft, keyOf, useDrafts } from "./drafts";
import { listen, playedS, usePlayer } from "./player";
import { SaveState } from "./save-state";
import { compare, save, typeText } from "./saving";
import { askDelete, didEdit, focusSoon, segmentsOf, setLocked } from "./segment-acts";

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
  const text = draft?.text ?? segment.text_content;
  useEffect(() => compare(segment, FIELD), [segment]);

  async function leave() {
    if (!draft) return;
    if (!text.trim()) {
      dropDraft(segment.id, FIELD);
      say("Narration cannot be empty. Delete the segment instead?", {
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

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      focusSoon(segment.id);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const all = segmentsOf(segment.project);
      const next = all[all.findIndex((it) => it.id === segment.id) + 1];
      if (next) editSoon(next.id);
      else focusSoon(segment.id);
    } else if (segment.is_locked && event.key.length === 1 && !event.ctrlKey && !event.metaKey)
      say(`Segment ${number} is locked.`, { label: "Unlock", onClick: () => void setLocked([segment], false) });
  }

  return (
    <div className="grow min-w-0">
      <div className="narr">
        <Spoken segment={segment} text={text} />
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
      </div>
      {draft && <SaveState draft={draft} number={number} />}
    </div>
  );
});

/** Once the next card is drawn. */
export function editSoon(id: number): void {
  focusSoon(id);
  setTimeout(() => document.getElementById(`t-${id}`)?.focus(), 60);
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
