// A narration from its start to its end: asked after twice a second, shown segment by segment.

import { useEffect } from "react";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Task } from "@/lib/types";
import { putSegment, queries, refreshProject, useProjectTasks } from "../../queries";
import { tellOtherTabs } from "../../shell/tabs";
import { type Narrating, useNarrating } from "./narrating-state";

const POLL_MS = 500;

interface Followed {
  task: string;
  project: number;
  segments: number[];
  /** Of many at once; shown in the story's head as well. */
  isAll: boolean;
}

const underWay = new Map<string, Promise<Task | null>>();

/** Narrations that another tab began, or this one before it was reloaded, are shown as one's own. */
export function useOthersNarrations(project: number): void {
  const tasks = useProjectTasks(project).data;
  useEffect(() => {
    for (const { kind, task_id: task, segment_ids: segments } of tasks ?? [])
      if (kind === "narrate") void follow({ task, project, segments, isAll: segments.length > 1 });
  }, [tasks, project]);
}

/** Resolves with how it ended, or null when that could not be learned. */
export function follow(followed: Followed): Promise<Task | null> {
  const known = underWay.get(followed.task);
  if (known) return known;
  const end = followToEnd(followed).finally(() => underWay.delete(followed.task));
  underWay.set(followed.task, end);
  return end;
}

async function followToEnd(followed: Followed): Promise<Task | null> {
  const { task, project, segments, isAll } = followed;
  put(segments, (id) => ({ state: "busy", task, words: isAll && id !== segments[0] ? "Waiting…" : "Narrating…" }));
  if (isAll) putProject(project, { task, done: 0, total: segments.length });
  const seen = new Set<number>();
  let now: Task | null = null;
  do {
    if (now) await new Promise((done) => setTimeout(done, POLL_MS));
    try {
      now = await api.getTask(task);
    } catch (problem) {
      if (problem instanceof ApiError && problem.isUnreachable) {
        await new Promise((done) => setTimeout(done, POLL_MS));
        continue;
      }
      break;
    }
    await showCompleted(now, seen);
    if (isAll) putProject(project, { task, done: now.progress.current, total: now.progress.total });
  } while (!now || isActive(now));
  settle(followed, now, seen);
  return now;
}

const isActive = ({ status }: Task) => status === "PENDING" || status === "PROCESSING";

async function showCompleted(task: Task, seen: Set<number>): Promise<void> {
  const fresh = task.completed_segments.filter((narrated) => !seen.has(narrated.segment_id));
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
  const reasons = new Map(end?.errors.map((problem) => [problem.segment_id, problem.error]));
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

function putProject(project: number, state: { task: string; done: number; total: number } | undefined): void {
  useNarrating.setState(({ byProject }) => ({ byProject: { ...byProject, [project]: state } }));
}
