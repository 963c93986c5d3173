// Bringing things back, and what to offer where that needs something else first.

import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Restored, Segment, TrashEntry } from "@/lib/types";
import { keys, queries, refreshProject } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { toast, toastProblem } from "../ui/toasts";

type Go = (address: string) => void;

/** Bring it back to its place, or a picture to the segment `to`. */
export async function restore(entry: TrashEntry, go: Go, to?: number): Promise<void> {
  const target = to ?? (entry.what === "image" ? entry.segment : null);
  try {
    const before = target === null ? null : await segmentNow(target);
    const back = await api.restoreFromTrash(entry.id, to);
    await refresh(back);
    toast(sentence(back, before), { label: "Show", onClick: () => go(addressOf(back)) });
  } catch (problem) {
    void queries.invalidateQueries({ queryKey: keys.trash });
    await help(problem, entry, go, to);
  }
}

interface Numbered {
  segment: Segment;
  number: number;
}

/** As it stands in its story; null where it is gone. */
async function segmentNow(id: number): Promise<Numbered | null> {
  try {
    const { segment } = await api.getSegment(id);
    const all = await api.getSegments(segment.project);
    return { segment, number: all.findIndex((segment) => segment.id === id) + 1 };
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404) return null;
    throw problem;
  }
}

function sentence(back: Restored, before: Numbered | null): string {
  if (!before) return `${back.message}.`;
  if (before.segment.image_file) return "Picture restored. The one it replaced is in Trash.";
  return `Picture restored to segment ${before.number}.`;
}

function addressOf(back: Restored): string {
  if (back.item) return `/items/${back.item}`;
  return `/projects/${back.project}${back.segment ? `#s-${back.segment}` : ""}`;
}

async function help(problem: unknown, entry: TrashEntry, go: Go, to?: number): Promise<void> {
  const isRefused = problem instanceof ApiError && (problem.status === 409 || problem.status === 404);
  const home = isRefused ? await homeOf(entry) : undefined;
  if (home)
    return toast(`Its ${home.what} is in Trash too.`, {
      label: "Restore both",
      onClick: () => void both(home, entry, go),
    });
  const target = to ?? entry.segment;
  const locked = target === null ? null : await segmentNow(target).catch(() => null);
  if (locked?.segment.is_locked)
    return toast(`Segment ${locked.number} is locked. Unlock it to restore its ${wordFor(entry)}.`, {
      label: "Unlock and restore",
      onClick: () => void unlockAndRestore(locked.segment, entry, go, to),
    });
  toastProblem("Not restored", problem);
}

const wordFor = (entry: TrashEntry) => (entry.what === "recording" ? "recording" : "picture");

/** What it belonged to, where that is in the trash as well: its segment, else its project. */
async function homeOf(entry: TrashEntry): Promise<TrashEntry | undefined> {
  const trash = (await api.getTrash()).filter((other) => other.id !== entry.id);
  const project = trash.find((other) => other.what === "project" && other.project === entry.project);
  const segment = trash.find(
    (other) => other.what === "segment" && other.segment === entry.segment && entry.segment !== null,
  );
  return project ?? segment;
}

async function both(home: TrashEntry, entry: TrashEntry, go: Go): Promise<void> {
  try {
    await refresh(await api.restoreFromTrash(home.id));
  } catch (problem) {
    return toastProblem("Not restored", problem);
  }
  await restore(entry, go);
}

async function unlockAndRestore(segment: Segment, entry: TrashEntry, go: Go, to?: number): Promise<void> {
  try {
    await api.updateSegment(segment.id, { is_locked: false });
  } catch (problem) {
    return toastProblem("Not unlocked", problem);
  }
  await restore(entry, go, to);
}

async function refresh({ project }: Restored): Promise<void> {
  void queries.invalidateQueries({ queryKey: keys.trash });
  void queries.invalidateQueries({ queryKey: keys.items });
  if (project === null) return;
  tellOtherTabs({ project });
  await refreshProject(project);
}
