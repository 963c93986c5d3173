// What undo and redo do, as data: it survives a reload, and doing it answers with what takes it back.

import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Framing, FramingChange, Segment, SegmentChange, TrashEntry, UpdateSegmentPayload } from "@/lib/types";
import { keys, knownProject, queries } from "./queries";
import { noteReframed } from "./timeline/camera/framing-news";

export type Command =
  /** Refused unless the segment still is as `from` has it. */
  | { do: "change"; segment: number; to: UpdateSegmentPayload; from: UpdateSegmentPayload }
  /** Without `from` any present order of the same segments will do. */
  | { do: "order"; to: number[]; from?: number[] }
  | { do: "rename"; to: string; from: string }
  | { do: "delete"; segments: number[] }
  | { do: "restore"; entries: number[] }
  /** Bring this entry of the trash back as the segment's picture. */
  | { do: "picture"; segment: number; entry: number }
  | { do: "clear-picture"; segment: number }
  /** This recording of the trash as its narration, or with null none. */
  | { do: "sound"; segment: number; entry: number | null }
  /** Of many at once: this entry of the trash as its picture, or with null no picture. */
  | { do: "pictures"; to: PictureOf[] }
  /** Exchange the pictures of two segments; the same again takes it back. */
  | { do: "swap"; segments: [number, number] }
  /** Refused unless both texts still are as `was` has them. */
  | { do: "merge"; segment: number; into: number; text: string; was: [string, string] }
  /** Refused unless the text still is what the merge made. */
  | { do: "unmerge"; entry: number; into: number; text: string }
  /** Of many at once, all or none; each names what it expects to find. */
  | { do: "bulk"; changes: SegmentChange[] }
  | { do: "frame"; segment: number; to: Chosen; from: Chosen };

export interface PictureOf {
  segment: number;
  entry: number | null;
}

/** Do them in turn; answers the commands that take them back. When one is refused, those before it are taken back. */
export async function perform(project: number, commands: Command[]): Promise<Command[]> {
  const back: Command[] = [];
  try {
    for (const command of commands) back.unshift(await one(project, command));
  } catch (problem) {
    for (const command of back) await one(project, command).catch(() => undefined);
    throw problem;
  }
  return back;
}

function one(project: number, command: Command): Promise<Command> {
  if (command.do === "change") return change(command);
  if (command.do === "order") return order(project, command);
  if (command.do === "delete") return remove(project, command.segments);
  if (command.do === "restore") return restore(command.entries);
  if (command.do === "swap") return swap(command);
  if (command.do === "frame") return frame(command);
  if (command.do === "merge") return merge(project, command);
  if (command.do === "rename") return rename(project, command);
  if (command.do === "sound") return putSound(project, command);
  if (command.do === "bulk") return bulk(project, command.changes);
  if (command.do === "unmerge") return unmerge(command);
  if (command.do === "pictures") return putPictures(project, command.to);
  return command.do === "picture" ? putPicture(command) : takePicture(command.segment);
}

const FIELDS = { text_content: "text", image_prompt: "image prompt", is_locked: "lock" } as const;
type Change = Extract<Command, { do: "change" }>;

async function change({ segment: id, to, from }: Change): Promise<Command> {
  const { segment, etag } = await present(id);
  if (segment.is_locked && from.is_locked === undefined) throw refused(segment, "was locked since");
  for (const [field, words] of Object.entries(FIELDS) as [keyof typeof FIELDS, string][])
    if (from[field] !== undefined && segment[field] !== from[field] && segment[field] !== to[field])
      throw new Error(`the ${words} of ${named(segment)} was changed since`);
  await api.updateSegmentIf(id, to, etag);
  return { do: "change", segment: id, to: from, from: to };
}

async function order(project: number, { to, from }: Extract<Command, { do: "order" }>): Promise<Command> {
  const now = (await api.getSegments(project)).map((segment) => segment.id);
  if (String([...now].sort()) !== String([...to].sort())) throw new Error("segments were added or deleted since");
  if (from && String(now) !== String(from)) throw new Error("the order was changed since");
  if (now.length) await api.reorderSegments(project, to);
  return { do: "order", to: now, from: from && to };
}

async function rename(project: number, { to, from }: Extract<Command, { do: "rename" }>): Promise<Command> {
  if ((await api.getProject(project)).title !== from) throw new Error("the story was renamed since");
  await api.renameProject(project, to);
  return { do: "rename", to: from, from: to };
}

async function remove(project: number, ids: number[]): Promise<Command> {
  const gone: number[] = [];
  try {
    for (const id of ids) {
      await present(id);
      await api.deleteSegment(id);
      gone.push(id);
    }
  } catch (problem) {
    for (const entry of await entriesOf(project, "segment", gone)) await api.restoreFromTrash(entry);
    throw problem;
  }
  return { do: "restore", entries: await entriesOf(project, "segment", ids) };
}

async function restore(entries: number[]): Promise<Command> {
  const segments: number[] = [];
  try {
    for (const entry of entries) segments.push((await fromTrash(entry)).segment ?? 0);
  } catch (problem) {
    for (const id of segments) await api.deleteSegment(id);
    throw problem;
  }
  return { do: "delete", segments };
}

async function putPicture({ segment: id, entry }: Extract<Command, { do: "picture" }>): Promise<Command> {
  const { segment } = await present(id);
  if (segment.is_locked) throw refused(segment, "was locked since");
  await fromTrash(entry);
  if (!segment.image_file) return { do: "clear-picture", segment: id };
  return { do: "picture", segment: id, entry: await newestPicture(segment) };
}

async function takePicture(id: number): Promise<Command> {
  const { segment } = await present(id);
  if (segment.is_locked) throw refused(segment, "was locked since");
  if (!segment.image_file) throw refused(segment, "has no picture any more");
  await api.removeSegmentImage(id);
  return { do: "picture", segment: id, entry: await newestPicture(segment) };
}

async function putSound(project: number, { segment: id, entry }: Extract<Command, { do: "sound" }>): Promise<Command> {
  const { segment } = await present(id);
  if (segment.is_locked) throw refused(segment, "was locked since");
  if (entry === null && !segment.audio_file) throw refused(segment, "has no narration any more");
  if (entry !== null) await fromTrash(entry);
  else await api.removeSegmentAudio(id);
  return { do: "sound", segment: id, entry: segment.audio_file ? await newestSound(project, id) : null };
}

/** The recording that was there a moment ago; null where it was spoken by a voice, which can speak it again. */
export async function newestSound(project: number, segment: number): Promise<number | null> {
  return (await entriesOf(project, "recording", [segment]))[0] || null;
}

/** All or none: what was done before one is refused is taken back. */
async function putPictures(project: number, to: PictureOf[]): Promise<Command> {
  const all = new Map((await api.getSegments(project)).map((segment) => [segment.id, segment]));
  const had = to.flatMap(({ segment }) => (all.get(segment)?.image_file ? [segment] : []));
  for (const { segment: id } of to) {
    const segment = all.get(id);
    if (!segment) throw new Error("one of the segments was deleted since");
    if (segment.is_locked) throw refused(segment, "was locked since");
  }
  const done: number[] = [];
  try {
    for (const { segment, entry } of to) {
      if (entry !== null) await fromTrash(entry);
      else if (had.includes(segment)) await api.removeSegmentImage(segment);
      done.push(segment);
    }
  } catch (problem) {
    for (const { segment, entry } of await wayBackOf(project, done, had))
      await (entry === null ? api.removeSegmentImage(segment) : api.restoreFromTrash(entry)).catch(() => undefined);
    throw problem;
  }
  return { do: "pictures", to: await wayBackOf(project, done, had) };
}

/** To the pictures that `had` names, which went to the trash a moment ago, and to none for the others. */
export async function wayBackOf(project: number, segments: number[], had: number[]): Promise<PictureOf[]> {
  const entries = had.length ? await entriesOf(project, "image", segments) : [];
  return segments.map((segment, index) => ({
    segment,
    entry: had.includes(segment) ? (entries[index] ?? 0) : null,
  }));
}

async function bulk(project: number, changes: SegmentChange[]): Promise<Command> {
  const { skipped, undo } = await api.changeSegments(project, changes);
  const [first] = skipped;
  if (first) {
    if (undo.length) await api.changeSegments(project, undo);
    const segment = knownProject(project)?.segments.find((segment) => segment.id === first.id);
    const since = first.reason === "locked" ? "was locked since" : "was changed since";
    throw segment ? refused(segment, since) : new Error(`a segment ${since}`);
  }
  if (changes.some((change) => "motion" in change || "fit" in change)) noteReframed();
  return { do: "bulk", changes: undo };
}

type Merge = Extract<Command, { do: "merge" }>;

async function merge(project: number, { segment: id, into, text, was }: Merge): Promise<Command> {
  const pair = [(await present(into)).segment, (await present(id)).segment] as const;
  pair.forEach((segment, index) => {
    if (segment.is_locked) throw refused(segment, "was locked since");
    if (segment.text_content !== was[index]) throw new Error(`the text of ${named(segment)} was changed since`);
  });
  const order = (await api.getSegments(project)).map((segment) => segment.id);
  if (order.indexOf(id) !== order.indexOf(into) + 1) throw new Error("one of the two segments was moved since");
  const merged = await api.mergeSegment(id, text);
  return { do: "unmerge", entry: merged.trash, into, text: merged.segment.text_content };
}

async function unmerge({ entry, into, text }: Extract<Command, { do: "unmerge" }>): Promise<Command> {
  const { segment } = await present(into);
  if (segment.is_locked) throw refused(segment, "was locked since");
  if (segment.text_content !== text) throw new Error(`the text of ${named(segment)} was changed since`);
  const back = (await fromTrash(entry)).segment ?? 0;
  const [first, second] = [await present(into), await present(back)];
  const was: [string, string] = [first.segment.text_content, second.segment.text_content];
  return { do: "merge", segment: back, into, text, was };
}

async function swap(command: Extract<Command, { do: "swap" }>): Promise<Command> {
  await api.swapSegmentImages(...command.segments);
  noteReframed();
  return command;
}

async function frame({ segment: id, to, from }: Extract<Command, { do: "frame" }>): Promise<Command> {
  const { segment } = await present(id);
  const now = await api.getFraming(id);
  if (!isSame(now, from) && !isSame(now, to)) throw refused(segment, "was framed otherwise since");
  queries.setQueryData(keys.framing(id), await api.updateFraming(id, asFramingChange(to)));
  noteReframed({ isKnown: true });
  return { do: "frame", segment: id, to: from, from: to };
}

/** What people choose about how a picture is looked at; one that an older release kept has no shapes. */
type Chosen = Pick<Framing, "focus" | "motion" | "fit"> & Partial<Pick<Framing, "own_focuses">>;

export const isSame = (one: Chosen, other: Chosen) =>
  one.motion === other.motion &&
  one.fit === other.fit &&
  String(one.focus) === String(other.focus) &&
  SHAPES.every((shape) => String(one.own_focuses?.[shape]) === String(other.own_focuses?.[shape]));

const SHAPES = ["16:9", "9:16", "1:1"] as const;

/** What is as it would be anyway is no choice. */
const asFramingChange = ({ focus, motion, fit, own_focuses }: Chosen): FramingChange => ({
  focus: String(focus) === "0.5,0.5" ? null : focus,
  motion: motion === "auto" ? null : motion,
  fit,
  focuses: own_focuses && Object.fromEntries(SHAPES.map((shape) => [shape, own_focuses[shape] ?? null])),
});

/** The entries that these are in, newest first where one was there several times; 0 for what is not in the trash. */
export async function entriesOf(project: number, what: TrashEntry["what"], segments: number[]): Promise<number[]> {
  const trash = await api.getTrash(project);
  return segments.map((id) => trash.find((entry) => entry.what === what && entry.segment === id)?.id ?? 0);
}

export async function newestPicture({ id, project }: Pick<Segment, "id" | "project">): Promise<number> {
  return (await entriesOf(project, "image", [id]))[0] ?? 0;
}

async function present(id: number): Promise<api.Versioned> {
  try {
    return await api.getSegment(id);
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404) throw new Error("its segment was deleted since");
    throw problem;
  }
}

async function fromTrash(entry: number) {
  try {
    return await api.restoreFromTrash(entry);
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404) throw new Error("it is not in Trash any more");
    throw problem;
  }
}

function named(segment: Segment): string {
  const place = knownProject(segment.project)?.segments.findIndex((other) => other.id === segment.id) ?? -1;
  return `segment ${(place < 0 ? segment.sequence_index : place) + 1}`;
}

const refused = (segment: Segment, since: string) => new Error(`${named(segment)} ${since}`);
