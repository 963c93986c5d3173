import { CaseSensitive, ChevronDown, ChevronUp, Search, WholeWord, X } from "lucide-react";
import { type KeyboardEvent, useEffect } from "react";
import type { ProjectDetail } from "@/lib/types";
import { Button, IconButton } from "../../ui/button";
import { revealSegment } from "../cards/segment-list";
import { editSoon } from "../saving/editing";
import { type Found, find, replace, useFinding, useFound } from "./finding";
import { focusSoon } from "./segment-commands";
import { setView, useView } from "./view";

/** Under the story's tools; loaded with them, for what is typed at once must not reach a card. It walks through all segments, drawn or not. */
export function FindBar({ project }: { project: ProjectDetail }) {
  const { words, by, isCase, isWhole } = useFinding();
  const { found, current, go, close, putIn } = useFindBar(project);
  const none = !words.trim() ? "Write what to look for." : found.length === 0 ? "There is no such place." : null;

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    } else if (event.key === "f" && (event.ctrlKey || event.metaKey)) close();
  }

  return (
    <search className="find-bar" aria-label="Find in this story">
      <label className="field find-field">
        <Search aria-hidden className="s" />
        <input
          id="find-words"
          // biome-ignore lint/a11y/noAutofocus: it was asked for by a key, and the next key is for it
          autoFocus
          onFocus={(event) => event.target.select()}
          value={words}
          placeholder="Find"
          aria-label="Find"
          autoComplete="off"
          onChange={(event) => find({ words: event.target.value, at: 0 })}
          onKeyDown={onKeyDown}
        />
        <span className="num text-ink-3 whitespace-nowrap" role="status">
          {words.trim() && (found.length ? `${current + 1} of ${found.length.toLocaleString("en")}` : "None")}
        </span>
      </label>
      <div className="flex">
        <IconButton
          label="Match case"
          aria-pressed={isCase}
          className={isCase ? "on" : ""}
          onClick={() => find({ isCase: !isCase, at: 0 })}
        >
          <CaseSensitive aria-hidden />
        </IconButton>
        <IconButton
          label="Whole words"
          aria-pressed={isWhole}
          className={isWhole ? "on" : ""}
          onClick={() => find({ isWhole: !isWhole, at: 0 })}
        >
          <WholeWord aria-hidden />
        </IconButton>
        <IconButton label="Previous place" onClick={() => go(-1)}>
          <ChevronUp aria-hidden />
        </IconButton>
        <IconButton label="Next place" onClick={() => go(1)}>
          <ChevronDown aria-hidden />
        </IconButton>
        <IconButton label="Close find" onClick={close}>
          <X aria-hidden />
        </IconButton>
      </div>
      <label className="field find-field by">
        <input
          value={by}
          placeholder="Replace with"
          aria-label="Replace with"
          autoComplete="off"
          onChange={(event) => find({ by: event.target.value })}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === "Escape") close();
            else if (event.key === "Enter" && !none) void putIn(found.slice(current, current + 1));
          }}
        />
      </label>
      <div className="flex gap-2">
        <Button refusal={none} onClick={() => void putIn(found.slice(current, current + 1))}>
          Replace
        </Button>
        <Button refusal={none} onClick={() => void putIn(found)}>
          Replace all
        </Button>
      </div>
    </search>
  );
}

function useFindBar(project: ProjectDetail) {
  const { at, by } = useFinding();
  const found = useFound(project.segments);
  const current = found.length ? ((at % found.length) + found.length) % found.length : 0;
  const place = found[current];
  const id = place?.segment.id;
  // One that a filter hides could not be shown.
  useEffect(() => {
    if (id === undefined) return;
    setView({ filter: "all", currentId: id });
    setTimeout(() => revealSegment(id), 0);
  }, [id]);

  const go = (by: 1 | -1) => {
    find({ at: current + by });
    if (id !== undefined) revealSegment(id);
  };

  /** On with writing, at the place that was found. */
  function close() {
    find({ isOpen: false });
    const known = useView.getState().currentId;
    if (!place) return focusSoon(known ?? undefined);
    editSoon(place.segment.id, place.from, place.to);
  }

  const putIn = (places: Found[]) => replace(project.id, places, by);
  return { found, current, go, close, putIn };
}
