// Narration under way, as this tab started it; remembered over a reload, for the server names no tasks of its own.

import { create } from "zustand";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Segment, Task } from "@/lib/types";
import { plural } from "@/lib/words";
import { putSegment, queries, refreshProject } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { say, sayProblem } from "../ui/toasts";
import { saveAll } from "./saving";
import { narrate, segmentsOf } from "./segment-acts";

export interface Narrating {
  state: "busy" | "failed";
  words: string;
  task: string;
}

interface Tasks {
  bySegment: Record<number, Narrating | undefined>;
  /** Of a whole project: how far it is. */
  byProject: Record<number, { task: string; done: number; total: number } | undefined>;
}

export const useNarrating = create<Tasks>(() => ({ bySegment: {}, byProject: {} }));

const PLACE = "storyflow.narrating";
const POLL_MS = 500;

interface Followed {
  task: string;
  project: number;
  segments: number[];
  isAll: boolean;
}

function remembered(): Followed[] {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  } catch {
    return [];
  }
}

function remember(change: (tasks: Followed[]) => Followed[]): void {
  sessionStorage.setItem(PLACE, JSON.stringify(change(remembered())));
}

export async function narrateOne(segment: Segment): Promise<void> {
  await narrate(segment, (task) => {
    void follow({ task, project: segment.project, segments: [segment.id], isAll: false });
  });
}

/** Every segment that has no narration or an old one. Resolves when all are done; true if none failed. */
export async function narrateAll(project: number, isForced = false): Promise<boolean> {
  if (!(await saveAll())) {
    say("Some words are not saved yet, so nothing was narrated.", undefined, { isError: true });
    return false;
  }
  try {
    const started = await api.generateAllAudio(project, { force_regenerate: isForced });
    if (started.segments_to_process === 0) {
      say("Every narration is up to date");
      return true;
    }
    const done = await follow({ task: started.task_id, project, segments: await wanted(project), isAll: true });
    if (done?.status === "COMPLETED" && done.errors.length === 0)
      say(`${plural(done.completed_segments.length, "segment")} narrated`);
    return done?.status === "COMPLETED" && done.errors.length === 0;
  } catch (problem) {
    sayProblem("The narration did not begin", problem);
    return false;
  }
}

async function wanted(project: number): Promise<number[]> {
  const { missing_audio, stale_audio } = await api.getReadiness(project);
  const locked = new Set(segmentsOf(project).flatMap((it) => (it.is_locked ? [it.id] : [])));
  return [...missing_audio, ...stale_audio].filter((id) => !locked.has(id));
}

export async function cancelNarrating(segment: Segment): Promise<void> {
  const task = useNarrating.getState().bySegment[segment.id]?.task;
  if (task) await cancel(task);
}

export async function cancelAll(project: number): Promise<void> {
  const task = useNarrating.getState().byProject[project]?.task;
  if (task) await cancel(task);
}

const cancel = (task: string) =>
  api.cancelTask(task).catch((problem: unknown) => sayProblem("It could not be stopped", problem));

async function follow(followed: Followed): Promise<Task | null> {
  const { task, project, segments, isAll } = followed;
  remember((all) => [...all.filter((it) => it.task !== task), followed]);
  put(segments, (id) => ({ state: "busy", task, words: isAll && id !== segments[0] ? "Waiting…" : "Narrating…" }));
  if (isAll) putProject(project, { task, done: 0, total: segments.length });
  const seen = new Set<number>();
  let now: Task | null = null;
  do {
    await new Promise((done) => setTimeout(done, POLL_MS));
    try {
      now = await api.getTask(task);
    } catch (problem) {
      if (problem instanceof ApiError && problem.isUnreachable) continue;
      break;
    }
    await showCompleted(now, seen);
    if (isAll) putProject(project, { task, done: now.progress.current, total: now.progress.total });
  } while (!now || now.status === "PENDING" || now.status === "PROCESSING");
  settle(followed, now, seen);
  return now;
}

async function showCompleted(task: Task, seen: Set<number>): Promise<void> {
  const fresh = task.completed_segments.filter((it) => !seen.has(it.segment_id));
  for (const { segment_id: id } of fresh) {
    seen.add(id);
    put([id], () => undefined);
    await api.getSegment(id).then(
      ({ segment }) => putSegment(segment),
      () => undefined,
    );
  }
  if (fresh.length) void queries.invalidateQueries({ queryKey: ["words"] });
}

function settle({ task, project, segments, isAll }: Followed, end: Task | null, seen: Set<number>): void {
  remember((all) => all.filter((it) => it.task !== task));
  const reasons = new Map(end?.errors.map((it) => [it.segment_id, it.error]));
  put(segments, (id) => {
    const reason = reasons.get(id) ?? (end?.status === "FAILED" ? (end.error ?? reasons.get(null)) : undefined);
    return reason && !seen.has(id) ? { state: "failed", task, words: reason } : undefined;
  });
  if (isAll) putProject(project, undefined);
  tellOtherTabs({ project });
  void refreshProject(project);
}

function put(ids: number[], narrating: (id: number) => Narrating | undefined): void {
  useNarrating.setState(({ bySegment }) => ({
    bySegment: { ...bySegment, ...Object.fromEntries(ids.map((id) => [id, narrating(id)])) },
  }));
}

function putProject(project: number, state: Tasks["byProject"][number]): void {
  useNarrating.setState(({ byProject }) => ({ byProject: { ...byProject, [project]: state } }));
}

for (const it of remembered()) void follow(it);
