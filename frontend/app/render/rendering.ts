// From pressed button to finished video: words saved, then one job of the server, which no tab has to wait for.

import { create } from "zustand";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { RenderPayload } from "@/lib/types";
import { keys, queries, refreshProject } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { saveAll } from "../timeline/saving/saving";
import { toast, toastProblem } from "../ui/toasts";

interface Rendering {
  /** Projects whose render this tab is just asking for. */
  asked: Record<number, boolean | undefined>;
  /** The last that it asked for. */
  tasks: Record<number, string | undefined>;
  stopping: Record<number, boolean | undefined>;
}

export const useRendering = create<Rendering>(() => ({ asked: {}, tasks: {}, stopping: {} }));

const setAsked = (project: number, to: boolean) =>
  useRendering.setState(({ asked, stopping }) => ({
    asked: { ...asked, [project]: to },
    stopping: { ...stopping, [project]: undefined },
  }));

/** The server narrates what is missing and draws title cards for missing pictures; without `sizes` in the story's own. */
export async function startRender(project: number, choice: Pick<RenderPayload, "sizes" | "draft"> = {}): Promise<void> {
  if (useRendering.getState().asked[project]) return;
  if (!(await saveAll())) {
    toast("Some words are not saved yet, so rendering did not begin.", undefined, { isError: true });
    return;
  }
  setAsked(project, true);
  try {
    const { task_id: task } = await api.renderProject(project, { ...choice, fill: true });
    useRendering.setState(({ tasks }) => ({ tasks: { ...tasks, [project]: task } }));
  } catch (problem) {
    setAsked(project, false);
    if (problem instanceof ApiError && problem.status === 409) return void refreshRender(project);
    return toastProblem("Rendering did not begin", problem);
  }
  await refreshRender(project);
}

export async function stopRender(project: number, task: string | null): Promise<void> {
  if (!task) return;
  useRendering.setState(({ stopping }) => ({ stopping: { ...stopping, [project]: true } }));
  try {
    await api.cancelTask(task);
  } catch (problem) {
    toastProblem("Rendering could not be stopped", problem);
  }
  await refreshRender(project);
}

export async function refreshRender(project: number): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: keys.status(project) }),
    queries.invalidateQueries({ queryKey: keys.renders(project) }),
  ]);
  setAsked(project, false);
  tellOtherTabs({ project });
  void refreshProject(project);
}

/** Time left as people say it: never raised by more than one step while it counts down. */
export function calmly(before: number | null, now: number | null): number | null {
  if (now === null) return null;
  const steps = [5, 10, 15, 20, 30, 40, 50, 60, 120, 180, 300, 600, 1200, 1800, 3600];
  const step = steps.findIndex((step) => now <= step);
  if (before === null) return now;
  const last = steps.findIndex((step) => before <= step);
  return step > last + 1 ? (steps[last + 1] ?? now) : now;
}
