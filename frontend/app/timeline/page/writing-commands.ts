// Writing in the timeline: segments are added, split, merged and duplicated; each is one step to take back.

import * as api from "@/lib/api";
import type { Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { putSegments } from "../../queries";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { sayLocked } from "../pictures/pictures";
import { dropDraft } from "../saving/drafts";
import { editSoon } from "../saving/editing";
import { saveAll } from "../saving/saving";
import { focusSoon, numberOf, segmentsOf } from "./segment-commands";

const FIELD = "text_content";
const UNSAVED = "Some words are not saved yet. Try again in a moment.";

/** Behind the segment `after`, at the start when it is null; answers the new ones, none when it was refused. */
export async function addSegments(project: number, after: number | null, texts: string[]): Promise<Segment[]> {
  const segments = texts.map((text) => ({ text_content: text, image_prompt: "" }));
  let added: Segment[];
  try {
    added = await api.importSegments(project, { format: "json", segments, after });
  } catch (problem) {
    toastProblem("Not added", problem);
    return [];
  }
  putSegments(project, (all) => {
    const place = after === null ? 0 : all.findIndex((segment) => segment.id === after) + 1;
    return [...all.slice(0, place), ...added, ...all.slice(place)];
  });
  const words = added.length === 1 ? "Segment added" : `${plural(added.length, "segment")} added`;
  recordStep(project, { words, commands: [{ do: "delete", segments: added.map((segment) => segment.id) }] });
  return added;
}

/** Whether there is something to say on both sides of the caret. */
export const canSplitAt = (text: string, caret: number) =>
  text.slice(0, caret).trim() !== "" && text.slice(caret).trim() !== "";

/** `typed` is what stands in the field; the server has it without the blanks around it. */
export async function splitAt(segment: Segment, typed: string, caret: number): Promise<void> {
  if (segment.is_locked) return void sayLocked(segment);
  if (!canSplitAt(typed, caret)) return void toast("Put the caret between two words to split there.");
  if (!(await saveAll())) return void toast(UNSAVED, undefined, { isError: true });
  const lead = typed.length - typed.trimStart().length;
  const number = numberOf(segment);
  try {
    const { segments } = await api.splitSegment(segment.id, [...typed.slice(lead, caret)].length);
    const [first, second] = segments;
    if (!first || !second) return;
    dropDraft(first.id, FIELD);
    putSegments(segment.project, (all) =>
      all.flatMap((segment) => (segment.id === first.id ? [first, second] : [segment])),
    );
    const was: [string, string] = [first[FIELD], second[FIELD]];
    recordStep(segment.project, {
      words: `Segment ${number} split`,
      commands: [{ do: "merge", segment: second.id, into: first.id, text: typed.trim(), was }],
    });
    editSoon(second.id, 0);
  } catch (problem) {
    toastProblem(`Segment ${number} was not split`, problem);
  }
}

/** Its text is added to the one before it; the caret stands where the two meet. */
export async function mergeUp(segment: Segment): Promise<void> {
  const all = segmentsOf(segment.project);
  const before = all[all.findIndex((other) => other.id === segment.id) - 1];
  if (!before) return void toast("There is no segment before this one.");
  const locked = [before, segment].find((segment) => segment.is_locked);
  if (locked) return void sayLocked(locked);
  if (!(await saveAll())) return void toast(UNSAVED, undefined, { isError: true });
  const words = `Segments ${numberOf(before)} and ${numberOf(segment)} merged`;
  try {
    const { segment: merged, trash } = await api.mergeSegment(segment.id);
    for (const id of [before.id, segment.id]) dropDraft(id, FIELD);
    const second = segmentsOf(segment.project).find((other) => other.id === segment.id)?.[FIELD] ?? segment[FIELD];
    putSegments(segment.project, (now) =>
      now.flatMap((other) => (other.id === segment.id ? [] : [other.id === merged.id ? merged : other])),
    );
    recordStep(segment.project, {
      words,
      commands: [{ do: "unmerge", entry: trash, into: merged.id, text: merged[FIELD] }],
    });
    editSoon(merged.id, Math.max(0, merged[FIELD].length - second.length));
  } catch (problem) {
    toastProblem("Not merged", problem);
  }
}

export async function duplicate(segment: Segment): Promise<void> {
  if (!(await saveAll())) return void toast(UNSAVED, undefined, { isError: true });
  const number = numberOf(segment);
  try {
    const copy = await api.duplicateSegment(segment.id);
    putSegments(segment.project, (all) => all.flatMap((other) => (other.id === segment.id ? [other, copy] : [other])));
    recordStep(segment.project, {
      words: `Segment ${number} duplicated`,
      commands: [{ do: "delete", segments: [copy.id] }],
    });
    focusSoon(copy.id);
  } catch (problem) {
    toastProblem(`Segment ${number} was not duplicated`, problem);
  }
}
