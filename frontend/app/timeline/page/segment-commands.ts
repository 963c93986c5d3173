// What a person can do to segments; each shows at once, is sent, and can be taken back.

import * as api from "@/lib/api";
import type { Segment, UpdateSegmentPayload } from "@/lib/types";
import { plural } from "@/lib/words";
import { knownProject, putSegment, putSegments, refreshProject } from "../../queries";
import { tellOtherTabs } from "../../shell/tabs";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { type Command, entriesOf } from "../../undo-commands";
import { saveAll } from "../saving/saving";
import { setView, useView } from "./view";

export const segmentsOf = (project: number): Segment[] => knownProject(project)?.segments ?? [];
export const numberOf = (segment: Segment) =>
  segmentsOf(segment.project).findIndex((other) => other.id === segment.id) + 1;

/** A change of many: one step to undo, one toast, and whoever fails is told of. */
async function each(
  segments: Segment[],
  act: (segment: Segment) => Promise<unknown>,
  failure: string,
): Promise<Segment[]> {
  const done: Segment[] = [];
  for (const segment of segments) {
    try {
      await act(segment);
      done.push(segment);
    } catch (problem) {
      toastProblem(failure, problem);
      break;
    }
  }
  return done;
}

const changeBack = (segment: number, to: UpdateSegmentPayload, from: UpdateSegmentPayload): Command => ({
  do: "change",
  segment,
  to,
  from,
});

const patch = (change: UpdateSegmentPayload) => async (segment: Segment) =>
  putSegment(await api.updateSegment(segment.id, change));

export async function setLocked(segments: Segment[], isLocked: boolean): Promise<void> {
  await saveAll();
  const changing = segments.filter((segment) => segment.is_locked !== isLocked);
  const word = isLocked ? "locked" : "unlocked";
  const done = await each(changing, patch({ is_locked: isLocked }), `Not ${word}`);
  const first = done[0];
  if (!first) return;
  const words = done.length === 1 ? `Segment ${numberOf(first)} ${word}` : `${plural(done.length, "segment")} ${word}`;
  const commands = done.map((segment) => changeBack(segment.id, { is_locked: !isLocked }, { is_locked: isLocked }));
  recordStep(first.project, { words, commands }, { isSaid: done.length > 1 });
  if (done.length === 1) toast(words);
}

export async function deleteSegments(segments: Segment[]): Promise<void> {
  const first = segments[0];
  if (!first) return;
  const number = numberOf(first);
  moveFocusPast(first.project, new Set(segments.map((segment) => segment.id)));
  const done = await each(segments, (segment) => api.deleteSegment(segment.id), "Not deleted");
  if (done.length === 0) return;
  const gone = done.map((segment) => segment.id);
  putSegments(first.project, (all) => all.filter((segment) => !gone.includes(segment.id)));
  recordStep(first.project, {
    words: done.length === 1 ? `Segment ${number} deleted` : `${plural(done.length, "segment")} deleted`,
    commands: [{ do: "restore", entries: await entriesOf(first.project, "segment", gone) }],
  });
}

/** A locked one is asked about first: that is the one question besides Trash. */
export function askDelete(segments: Segment[]): void {
  const locked = segments.find((segment) => segment.is_locked);
  if (locked && segments.length === 1) setView({ deletingLocked: locked.id });
  else void deleteSegments(segments);
}

function moveFocusPast(project: number, gone: Set<number>): void {
  const all = segmentsOf(project);
  const from = all.findIndex((segment) => gone.has(segment.id));
  const next = all.slice(from).find((segment) => !gone.has(segment.id)) ?? all.slice(0, from).reverse()[0];
  setView({ currentId: next?.id ?? null, selected: new Set() });
  focusSoon(next?.id);
}

/** The card once it is drawn; a field that was gone to meanwhile keeps the focus. */
export function focusSoon(id: number | undefined): void {
  const before = document.activeElement;
  setTimeout(() => {
    const now = document.activeElement;
    if (now !== before && now?.matches("input:not([type=checkbox]), textarea")) return;
    const card = id === undefined ? null : document.getElementById(`s-${id}`);
    (card ?? document.querySelector<HTMLElement>("h1"))?.focus();
  }, 30);
}

// Moving

let sending: ReturnType<typeof setTimeout> | undefined;
let before: number[] | null = null;

/** Put these, as one block, where the first of them gets number `to` (from 1). */
export function moveSegments(project: number, ids: number[], to: number): void {
  const all = segmentsOf(project);
  const moved = all.filter((segment) => ids.includes(segment.id));
  const rest = all.filter((segment) => !ids.includes(segment.id));
  const place = Math.max(0, Math.min(to - 1, rest.length));
  const order = [...rest.slice(0, place), ...moved, ...rest.slice(place)];
  if (order.every((segment, index) => segment.id === all[index]?.id)) return;
  before ??= all.map((segment) => segment.id);
  putSegments(project, () => order);
  announce(moved.length === 1 ? `Now ${place + 1} of ${all.length}.` : `Now from ${place + 1} of ${all.length}.`);
  clearTimeout(sending);
  sending = setTimeout(() => void sendOrder(project, moved.length, place + 1), 300);
}

async function sendOrder(project: number, count: number, to: number): Promise<void> {
  const [was, now] = [before, segmentsOf(project).map((segment) => segment.id)];
  before = null;
  if (!was) return;
  try {
    await api.reorderSegments(project, now);
  } catch (problem) {
    await refreshProject(project);
    return toastProblem("Not moved", problem);
  }
  const words = count === 1 ? `Segment moved to ${to}` : `${plural(count, "segment")} moved`;
  recordStep(project, { words, commands: [{ do: "order", to: was, from: now }] });
}

/** One place up or down; a selection that it belongs to goes with it. */
export function step(segment: Segment, by: -1 | 1): void {
  const { selected } = useView.getState();
  const ids = selected.has(segment.id) ? [...selected] : [segment.id];
  const places = segmentsOf(segment.project).flatMap((segment, index) => (ids.includes(segment.id) ? [index] : []));
  moveSegments(segment.project, ids, Math.min(...places) + 1 + by);
}

function announce(words: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

// Text

/** Noted when a field is left: one step for a visit. */
export function didEdit(segment: Segment, field: "text_content" | "image_prompt", from: string, to: string): void {
  const what = field === "text_content" ? "Text" : "Image prompt";
  const words = `${what} of segment ${numberOf(segment)} changed`;
  recordStep(
    segment.project,
    { words, commands: [changeBack(segment.id, { [field]: from }, { [field]: to })] },
    { isSaid: false },
  );
}

export async function narrate(segment: Segment, follow: (task: string) => void): Promise<void> {
  await saveAll();
  try {
    follow((await api.generateAudio(segment.id)).task_id);
  } catch (problem) {
    toastProblem(`Segment ${numberOf(segment)} was not narrated`, problem);
  }
}

export async function removeNarration(segment: Segment): Promise<void> {
  try {
    putSegment(await api.removeSegmentAudio(segment.id));
    tellOtherTabs({ project: segment.project });
    void refreshProject(segment.project);
    toast("Narration removed");
  } catch (problem) {
    toastProblem("The narration was not removed", problem);
  }
}
