// Narration under way, whoever asked for it: the server names a project's tasks, so that every tab shows and stops them.

import { create } from "zustand";
import * as api from "@/lib/api";
import type { Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { say, sayProblem } from "../ui/toasts";
import { follow } from "./following";
import { saveAll } from "./saving";
import { narrate } from "./segment-acts";

export interface Narrating {
  state: "busy" | "failed";
  words: string;
  task: string;
}

interface Tasks {
  bySegment: Record<number, Narrating | undefined>;
  /** Of many segments at once: how far it is. */
  byProject: Record<number, { task: string; done: number; total: number } | undefined>;
}

export const useNarrating = create<Tasks>(() => ({ bySegment: {}, byProject: {} }));

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
export async function narrateAll(project: number): Promise<boolean> {
  if (!(await saveAll())) {
    say("Some words are not saved yet, so nothing was narrated.", undefined, { isError: true });
    return false;
  }
  try {
    const started = await api.generateAllAudio(project);
    if (started.segments_to_process === 0) {
      say("Every narration is up to date");
      return true;
    }
    begun(project);
    const { segment_ids: segments } = await api.getTask(started.task_id);
    const done = await follow({ task: started.task_id, project, segments, isAll: true });
    if (done?.status === "COMPLETED" && done.errors.length === 0)
      say(`${plural(done.completed_segments.length, "segment")} narrated`);
    return done?.status === "COMPLETED" && done.errors.length === 0;
  } catch (problem) {
    sayProblem("The narration did not begin", problem);
    return false;
  }
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
