// From pressed button to finished video: words saved, missing narrations made, then the render itself.

import { create } from "zustand";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { plural } from "@/lib/words";
import { keys, queries, refreshProject } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { narrateAll } from "../timeline/narrating";
import { saveAll } from "../timeline/saving";
import { showSegment } from "../timeline/segment-list";
import { look } from "../timeline/view";
import { say, sayProblem } from "../ui/toasts";

interface Rendering {
  /** Projects whose render is being prepared or was asked for by this tab. */
  asked: Record<number, "narrating" | "asked" | undefined>;
  stopping: Record<number, boolean | undefined>;
}

export const useRendering = create<Rendering>(() => ({ asked: {}, stopping: {} }));

const setAsked = (project: number, to: Rendering["asked"][number]) =>
  useRendering.setState(({ asked, stopping }) => ({
    asked: { ...asked, [project]: to },
    stopping: { ...stopping, [project]: undefined },
  }));

export async function startRender(project: number): Promise<void> {
  if (useRendering.getState().asked[project]) return;
  if (!(await saveAll())) {
    say("Some words are not saved yet, so rendering did not begin.", undefined, { isError: true });
    return;
  }
  try {
    const { missing_images, missing_audio } = await api.getReadiness(project);
    if (missing_images[0] !== undefined) {
      look({ filter: "all" });
      showSegment(missing_images[0]);
      return say(
        `${plural(missing_images.length, "segment")} ${missing_images.length === 1 ? "needs" : "need"} a picture first.`,
      );
    }
    if (missing_audio.length) {
      setAsked(project, "narrating");
      if (!(await narrateAll(project))) return setAsked(project, undefined);
    }
    setAsked(project, "asked");
    await api.renderProject(project);
  } catch (problem) {
    setAsked(project, undefined);
    if (problem instanceof ApiError && problem.status === 409) return void refreshRender(project);
    return sayProblem("Rendering did not begin", problem);
  }
  await refreshRender(project);
}

export async function stopRender(project: number, task: string | null): Promise<void> {
  if (!task) return;
  useRendering.setState(({ stopping }) => ({ stopping: { ...stopping, [project]: true } }));
  try {
    await api.cancelTask(task);
  } catch (problem) {
    sayProblem("Rendering could not be stopped", problem);
  }
  await refreshRender(project);
}

export async function refreshRender(project: number): Promise<void> {
  await queries.invalidateQueries({ queryKey: keys.status(project) });
  await queries.invalidateQueries({ queryKey: keys.renders(project) });
  setAsked(project, undefined);
  tellOtherTabs({ project });
  void refreshProject(project);
}

/** Time left as people say it: never raised by more than one step while it counts down. */
export function calmly(before: number | null, now: number | null): number | null {
  if (now === null) return null;
  const steps = [5, 10, 15, 20, 30, 40, 50, 60, 120, 180, 300, 600, 1200, 1800, 3600];
  const step = steps.findIndex((it) => now <= it);
  if (before === null) return now;
  const last = steps.findIndex((it) => before <= it);
  return step > last + 1 ? (steps[last + 1] ?? now) : now;
}
