// Typed text reaches the server: a moment after the last key, one request at a time for a segment, the last text wins.

import { getSegment, updateSegmentIf, updateSegmentOnLeaving } from "@/lib/api";
import { ApiError, reasonOf } from "@/lib/api-error";
import type { Segment } from "@/lib/types";
import { putSegment } from "../../queries";
import { noteTrouble, onReturn } from "../../shell/server";
import { tellOtherTabs } from "../../shell/tabs";
import { allDrafts, changeDraft, type Draft, draftOf, dropDraft, type Field, isUnsaved, putDraft } from "./drafts";

const CALM_MS = 600;
const TRIES_MS = [1_000, 2_000, 5_000, 10_000];

const timers = new Map<string, ReturnType<typeof setTimeout>>();
const inFlight = new Map<number, Promise<void>>();
const etags = new Map<number, string>();
let saved = 0;

/** How many texts were saved that had failed before. */
export const savedSinceReturn = () => saved;

export function typeText(segment: Segment, field: Field, text: string): void {
  const before = draftOf(segment.id, field);
  const base = before?.base ?? segment[field];
  const stays =
    before?.state === "conflict" ? { state: before.state, theirs: before.theirs } : { state: "waiting" as const };
  putDraft({ id: segment.id, project: segment.project, field, text, base, tries: 0, ...stays });
  later(segment.id, field, CALM_MS);
}

function later(id: number, field: Field, delay: number): void {
  const key = `${id}:${field}`;
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void save(id, field), delay),
  );
}

/** Resolves when this text is with the server, or could not be brought there. */
export async function save(id: number, field: Field): Promise<void> {
  clearTimeout(timers.get(`${id}:${field}`));
  while (inFlight.has(id)) await inFlight.get(id);
  const draft = draftOf(id, field);
  if (!draft || draft.state === "saved" || draft.state === "conflict") return;
  if (draft.text === draft.base) {
    changeDraft(id, field, { state: "saved" });
    return;
  }
  // Blank narration is never asked of the server; leaving the field puts the text back.
  if (field === "text_content" && !draft.text.trim()) return;
  const sending = send(draft).finally(() => inFlight.delete(id));
  inFlight.set(id, sending);
  await sending;
}

async function send(draft: Draft): Promise<void> {
  const { id, field, text } = draft;
  changeDraft(id, field, { state: "saving" });
  try {
    const segment = await changed(draft);
    if (segment) settle(draft, segment);
  } catch (problem) {
    fail(draft, text, problem);
  }
}

/** The segment with the text in it; null where it met somebody else's. */
async function changed(draft: Draft): Promise<Segment | null> {
  const { id, field, text, base } = draft;
  let etag = etags.get(id);
  if (!etag) {
    const now = await getSegment(id);
    if (now.segment[field] !== base && now.segment[field] !== text) return meet(draft, now.segment);
    etag = now.etag;
  }
  for (;;) {
    try {
      const now = await updateSegmentIf(id, { [field]: text }, etag);
      etags.set(id, now.etag);
      return now.segment;
    } catch (problem) {
      if (!(problem instanceof ApiError) || problem.status !== 412 || !problem.etag) throw problem;
      etags.delete(id);
      const theirs = problem.details as Segment;
      if (theirs[field] === text) return theirs;
      if (theirs[field] !== base) return meet(draft, theirs);
      etag = problem.etag; // something else of the segment changed, this field did not
    }
  }
}

function meet(draft: Draft, theirs: Segment): null {
  changeDraft(draft.id, draft.field, { state: "conflict", theirs });
  return null;
}

function settle(sent: Draft, segment: Segment): void {
  if (sent.tries > 0) saved += 1;
  const { id, field, text } = sent;
  const now = draftOf(id, field);
  // DRF trims; the field keeps what was typed until it is left.
  const isLast = now?.text === text;
  changeDraft(id, field, { base: segment[field], state: isLast ? "saved" : "waiting", tries: 0, reason: undefined });
  putSegment(segment);
  tellOtherTabs({ project: segment.project });
  if (!isLast) later(id, field, 0);
}

function fail({ id, field, tries }: Draft, text: string, problem: unknown): void {
  const mayHelp =
    problem instanceof ApiError && (problem.isUnreachable || problem.status === 429 || problem.status >= 500);
  if (!mayHelp) {
    changeDraft(id, field, { state: "failed", reason: refusal(problem), tries: tries + 1 });
    return;
  }
  noteTrouble(problem);
  saved = 0;
  changeDraft(id, field, { state: tries >= 3 ? "failed" : "retrying", reason: troubleOf(problem), tries: tries + 1 });
  if (draftOf(id, field)?.text === text) later(id, field, TRIES_MS[Math.min(tries, TRIES_MS.length - 1)] ?? 10_000);
  else later(id, field, CALM_MS);
}

/** What broke in the server means nothing to a person; a full disk does. */
const troubleOf = (problem: ApiError) =>
  problem.status === 500 ? "Something went wrong in StoryFlow. It is tried again." : reasonOf(problem);

function refusal(problem: unknown): string {
  return problem instanceof ApiError && problem.status === 404 ? "The segment was deleted." : reasonOf(problem);
}

/** Everything typed is with the server afterwards, or the answer is false. */
export async function saveAll(): Promise<boolean> {
  await Promise.all(allDrafts().map(({ id, field }) => save(id, field)));
  return !allDrafts().some((draft) => isUnsaved(draft) && draft.text.trim() !== "");
}

export function keepMine(draft: Draft): void {
  if (!draft.theirs) return;
  changeDraft(draft.id, draft.field, { base: draft.theirs[draft.field], state: "waiting", theirs: undefined });
  void save(draft.id, draft.field);
}

export function takeTheirs(draft: Draft): void {
  if (draft.theirs) putSegment(draft.theirs);
  dropDraft(draft.id, draft.field);
}

/** A newer segment arrived while its text is being typed here: nobody's words are overwritten in silence. */
export function compare(segment: Segment, field: Field): void {
  const draft = draftOf(segment.id, field);
  if (!draft || inFlight.has(segment.id) || draft.state === "conflict") return;
  if (draft.state === "saved" && segment[field] !== draft.base) dropDraft(segment.id, field);
  if (!isUnsaved(draft)) return;
  if (segment[field] !== draft.base && segment[field] !== draft.text) meet(draft, segment);
}

function onLeaving(): void {
  for (const { id, field, text, state } of allDrafts())
    if (state === "waiting" || state === "retrying")
      if (text.trim() || field === "image_prompt") void updateSegmentOnLeaving(id, { [field]: text }, etags.get(id));
}

/** Save what waits: texts that an earlier page of this tab could not bring to the server, and whatever waited for it. */
function resume(): void {
  for (const { id, field } of allDrafts()) later(id, field, 0);
}

/** Save what an earlier page left, what waits when the server is back, and on leaving. Returns what ends it. */
export function startSaving(): () => void {
  addEventListener("pagehide", onLeaving);
  const forget = onReturn(resume);
  resume();
  return () => {
    removeEventListener("pagehide", onLeaving);
    forget();
  };
}
