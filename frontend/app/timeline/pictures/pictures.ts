// Pictures on their way to segments: progress, refusals, and the way back.

import { create } from "zustand";
import * as api from "@/lib/api";
import { ApiError, reasonOf } from "@/lib/api-error";
import type { Segment, TrashEntry } from "@/lib/types";
import { putSegment } from "../../queries";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { type Command, newestPicture } from "../../undo-commands";
import { noteReframed } from "../camera/framing-news";
import { numberOf, setLocked } from "../page/segment-commands";
import { refusalOf } from "./picture-files";

export interface Sending {
  file: File;
  /** Of the file itself, to be shown while it is under way. */
  url: string;
  share: number;
  stop: () => void;
  reason?: string;
}

export const useSendings = create<Record<number, Sending | undefined>>(() => ({}));

const MAX_BYTES = 20 * 1024 * 1024;

function change(id: number, to: Partial<Sending>): void {
  const now = useSendings.getState()[id];
  if (now) useSendings.setState({ [id]: { ...now, ...to } });
}

export function forgetSending(id: number): void {
  const now = useSendings.getState()[id];
  if (now) URL.revokeObjectURL(now.url);
  useSendings.setState({ [id]: undefined });
}

export async function sendPicture(segment: Segment, file: File): Promise<boolean> {
  if (segment.is_locked) {
    toast(`Segment ${numberOf(segment)} is locked.`);
    return false;
  }
  if (!(await bringPicture(segment, file))) return false;
  await noteArrival(segment);
  return true;
}

/** Without noting it for undo; what went wrong stands on the card. */
export async function bringPicture({ id }: Segment, file: File): Promise<boolean> {
  forgetSending(id);
  const aborter = new AbortController();
  const stop = () => aborter.abort();
  useSendings.setState({ [id]: { file, url: URL.createObjectURL(file), share: 0, stop } });
  if (file.size > MAX_BYTES) {
    change(id, {
      reason: `That picture is ${Math.round(file.size / 1024 / 1024)} MB. Pictures up to 20 MB can be used.`,
    });
    return false;
  }
  const refusal = await refusalOf(file);
  if (refusal) {
    change(id, { reason: refusal });
    return false;
  }
  try {
    await api.uploadSegmentImage(id, file, { signal: aborter.signal, onProgress: (share) => change(id, { share }) });
    putSegment((await api.getSegment(id)).segment);
  } catch (problem) {
    if (problem instanceof ApiError && problem.isCancelled) forgetSending(id);
    else change(id, { reason: reasonOf(problem) });
    return false;
  }
  forgetSending(id);
  return true;
}

async function noteArrival(segment: Segment): Promise<void> {
  const { id, project, image_file: had } = segment;
  const command: Command = had ? await wayBack(segment) : { do: "clear-picture", segment: id };
  recordStep(project, {
    words: had ? "Picture replaced" : `Picture added to segment ${numberOf(segment)}`,
    commands: [command],
  });
}

/** To the picture that was there a moment ago. */
const wayBack = async (segment: Segment): Promise<Command> => ({
  do: "picture",
  segment: segment.id,
  entry: await newestPicture(segment),
});

export const applyItem = (segment: Segment, itemId: string) =>
  applied(segment, () => api.applyItemImage(segment.id, itemId));

/** That of another segment, of any story. */
export const applyPicture = (segment: Segment, other: number) =>
  applied(segment, () => api.applySegmentImage(segment.id, other));

async function applied(segment: Segment, apply: () => Promise<unknown>): Promise<boolean> {
  try {
    await apply();
    putSegment((await api.getSegment(segment.id)).segment);
    await noteArrival(segment);
    return true;
  } catch (problem) {
    toastProblem("The picture was not used", problem);
    return false;
  }
}

export async function removePicture(segment: Segment): Promise<void> {
  const { id, project } = segment;
  try {
    await api.removeSegmentImage(id);
  } catch (problem) {
    return toastProblem("The picture was not removed", problem);
  }
  putSegment({ ...segment, image_file: null });
  recordStep(project, { words: "Picture removed", commands: [await wayBack(segment)] });
}

/** One of those that wait in the trash comes back; the one that is there goes in its stead. */
export async function restorePicture(segment: Segment, entry: TrashEntry): Promise<boolean> {
  const { id, project, image_file: had } = segment;
  try {
    await api.restoreFromTrash(entry.id);
    putSegment((await api.getSegment(id)).segment);
  } catch (problem) {
    toastProblem("The picture was not restored", problem);
    return false;
  }
  const command: Command = had ? await wayBack(segment) : { do: "clear-picture", segment: id };
  recordStep(project, { words: "Earlier picture restored", commands: [command] });
  return true;
}

/** One act of the server; swapping again is its undo. */
export async function swapPictures(segment: Segment, other: Segment): Promise<boolean> {
  const locked = [segment, other].find((segment) => segment.is_locked);
  if (locked) {
    sayLocked(locked);
    return false;
  }
  try {
    const { segments } = await api.swapSegmentImages(segment.id, other.id);
    segments.forEach(putSegment);
    noteReframed();
  } catch (problem) {
    toastProblem("The pictures were not swapped", problem);
    return false;
  }
  const [one, two] = [numberOf(segment), numberOf(other)].sort((a, b) => a - b);
  const isMove = !segment.image_file || !other.image_file;
  const to = segment.image_file ? other : segment;
  recordStep(segment.project, {
    words: isMove ? `Picture moved to segment ${numberOf(to)}` : `Pictures of segments ${one} and ${two} swapped`,
    commands: [{ do: "swap", segments: [segment.id, other.id] }],
  });
  return true;
}

export const sayLocked = (segment: Segment) =>
  toast(`Segment ${numberOf(segment)} is locked.`, {
    label: "Unlock",
    onClick: () => void setLocked([segment], false),
  });

export const pictureOf =
  ({ id }: Segment) =>
  (entry: { what: string; segment: number | null }) =>
    entry.what === "image" && entry.segment === id;
