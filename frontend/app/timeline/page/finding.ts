// Finding words in the whole story, also where no card is drawn, and putting others in their place.

import { useMemo } from "react";
import { create } from "zustand";
import * as api from "@/lib/api";
import { type Place, placesIn, replacedIn, type Wanted } from "@/lib/find";
import type { Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { knownProject, putSegment } from "../../queries";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { dropDraft } from "../saving/drafts";
import { saveAll } from "../saving/saving";

interface Finding extends Wanted {
  isOpen: boolean;
  by: string;
  /** Which of all places is the current one. */
  at: number;
}

const START: Finding = { isOpen: false, words: "", by: "", isCase: false, isWhole: false, at: 0 };

export const useFinding = create<Finding>(() => START);
export const find = useFinding.setState;
export const resetFinding = () => useFinding.setState(START, true);

/** The server gets what was typed, so that the words are found as they stand. */
export function openFinding(words?: string): void {
  void saveAll();
  find({ isOpen: true, at: 0, ...(words ? { words } : {}) });
  // Where it is open already; else it takes the focus as soon as it is drawn, before the next key.
  (document.getElementById("find-words") as HTMLInputElement | null)?.select();
}

export interface Found extends Place {
  segment: Segment;
}

/** Every place in the story, in its order. */
export function useFound(segments: Segment[]): Found[] {
  const { isOpen, words, isCase, isWhole } = useFinding();
  return useMemo(
    () =>
      isOpen
        ? segments.flatMap((segment) =>
            placesIn(segment.text_content, { words, isCase, isWhole }).map((place) => ({ segment, ...place })),
          )
        : [],
    [segments, isOpen, words, isCase, isWhole],
  );
}

/** In one card; the text is what stands in its field. */
export function useMarks(text: string): Place[] {
  const { isOpen, words, isCase, isWhole } = useFinding();
  return useMemo(
    () => (isOpen ? placesIn(text, { words, isCase, isWhole }) : []),
    [text, isOpen, words, isCase, isWhole],
  );
}

/** The same places in the texts as they are by now: what was typed a moment ago may have been saved in between. */
function asSaved(project: number, found: Found[]): Found[] {
  const wanted = useFinding.getState();
  const segments = new Map(knownProject(project)?.segments.map((segment) => [segment.id, segment]));
  return found.flatMap((place) => {
    const segment = segments.get(place.segment.id);
    if (!segment) return [];
    if (segment.text_content === place.segment.text_content) return [{ ...place, segment }];
    const before = placesIn(place.segment.text_content, wanted).findIndex((match) => match.from === place.from);
    const now = placesIn(segment.text_content, wanted)[before];
    return now ? [{ segment, ...now }] : [];
  });
}

/** Put other words in these places; what is locked, or would be left with nothing to say, stays and is named. */
export async function replace(project: number, found: Found[], by: string): Promise<boolean> {
  if (!(await saveAll())) {
    toast("Some words are not saved yet. Try again in a moment.", undefined, { isError: true });
    return false;
  }
  const places = new Map<Segment, Place[]>();
  for (const place of asSaved(project, found)) places.set(place.segment, [...(places.get(place.segment) ?? []), place]);
  const changes = [...places].flatMap(([segment, here]) => {
    const text = segment.is_locked ? "" : replacedIn(segment.text_content, here, by);
    const change = { id: segment.id, text_content: text, if: { text_content: segment.text_content } };
    return text.trim() ? [change] : [];
  });
  const stay = places.size - changes.length;
  if (changes.length === 0) {
    toast(
      stay === 1
        ? "That segment is locked, or would be left empty."
        : `${plural(stay, "segment")} are locked, or would be left empty.`,
    );
    return false;
  }
  try {
    const { segments: changed, skipped, undo } = await api.changeSegments(project, changes);
    for (const segment of changed) {
      dropDraft(segment.id, "text_content");
      putSegment(segment);
    }
    const done = new Set(changed.map((segment) => segment.id));
    const count = found.filter((hit) => done.has(hit.segment.id)).length;
    const left = stay + skipped.length;
    const words = `${count.toLocaleString("en")} replaced in ${plural(done.size, "segment")}`;
    recordStep(project, { words, commands: [{ do: "bulk", changes: undo }] });
    if (left) toast(`${plural(left, "segment")} stayed: locked, left empty, or changed meanwhile.`);
    return true;
  } catch (problem) {
    toastProblem("Nothing was replaced", problem);
    return false;
  }
}
