// Narration under way, whoever asked for it: the server names a project's tasks, so that every tab shows and stops them.

import * as api from "@/lib/api";
import type { NarrateAllPayload, Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { keys, queries } from "../../queries";
import { tellOtherTabs } from "../../shell/tabs";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { narrate, segmentsOf } from "../page/segment-commands";
import { saveAll } from "../saving/saving";
import { follow } from "./following";
import { useNarrating } from "./narrating-state";

function begun(project: number): void {
  tellOtherTabs({ project });
  void queries.invalidateQueries({ queryKey: keys.tasks(project) });
}

export async function narrateOne(segment: Segment): Promise<void> {
  await narrate(segment, (task) => {
    void follow({ task, project: segment.project, segments: [segment.id], isAll: false });
    begun(segment.project);
  });
}

/** Every segment that has no narration or an old one. Resolves when all are done; true if none failed. */
export const narrateAll = (project: number) => narrateMany(project, {}, "Every narration is up to date");

/** Those of the chosen that need it; what is up to date is made again only when asked for once more. */
export async function narrateChosen(project: number, chosen: Segment[], isForced = false): Promise<void> {
  const segments = chosen.filter((segment) => !segment.is_locked).map((segment) => segment.id);
  if (segments.length === 0) return toast(`${plural(chosen.length, "segment")} locked, nothing was narrated.`);
  const again = { label: "Narrate again", onClick: () => void narrateChosen(project, chosen, true) };
  await narrateMany(
    project,
    { segments, force_regenerate: isForced },
    segments.length === 1 ? "Its narration is up to date" : "Their narrations are up to date",
    isForced ? undefined : again,
  );
}

async function narrateMany(
  project: number,
  choice: NarrateAllPayload,
  noNeed: string,
  action?: { label: string; onClick: () => void },
): Promise<boolean> {
  if (!(await saveAll())) {
    toast("Some words are not saved yet, so nothing was narrated.", undefined, { isError: true });
    return false;
  }
  const silent = new Set(segmentsOf(project).flatMap((segment) => (segment.audio_file ? [] : [segment.id])));
  try {
    const started = await api.generateAllAudio(project, choice);
    if (started.segments_to_process === 0) {
      toast(noNeed, action);
      return true;
    }
    begun(project);
    const { segment_ids: segments } = await api.getTask(started.task_id);
    const end = await follow({ task: started.task_id, project, segments, isAll: true });
    const done = end?.completed_segments.map((narrated) => narrated.segment_id) ?? [];
    if (end?.status !== "COMPLETED") return false;
    tell(project, done, silent);
    return end.errors.length === 0;
  } catch (problem) {
    toastProblem("The narration did not begin", problem);
    return false;
  }
}

/** Only what had no sound before can be as it was: an old narration is gone once there is a new one. */
function tell(project: number, done: number[], silent: ReadonlySet<number>): void {
  const words = `${plural(done.length, "segment")} narrated`;
  const undo = () => Promise.all(done.map(api.removeSegmentAudio));
  const redo = () => api.generateAllAudio(project, { segments: done });
  if (done.length > 0 && done.every((id) => silent.has(id))) recordStep(project, { words, undo, redo });
  else if (done.length > 0) toast(words);
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
  api.cancelTask(task).catch((problem: unknown) => toastProblem("It could not be stopped", problem));
