// What was done in this tab, so that it can be taken back: a list for each project; the trash is its memory.

import { create } from "zustand";
import * as api from "@/lib/api";
import type { TrashEntry } from "@/lib/types";
import { refreshProject } from "./queries";
import { tellOtherTabs } from "./shell/tabs";
import { say, sayProblem } from "./ui/toasts";

export interface Step {
  /** What a toast says was done, such as "Picture removed". */
  words: string;
  undo: () => Promise<unknown>;
  redo: () => Promise<unknown>;
}

const MOST_STEPS = 100;

interface History {
  done: Step[];
  undone: Step[];
}

const useHistories = create<Record<number, History>>(() => ({}));

const historyOf = (project: number): History => useHistories.getState()[project] ?? { done: [], undone: [] };

/** Note a step that has been taken; `isSaid` shows it with an Undo. */
export function did(project: number, step: Step, { isSaid = true } = {}): void {
  const { done } = historyOf(project);
  useHistories.setState({ [project]: { done: [...done, step].slice(-MOST_STEPS), undone: [] } });
  void settled(project);
  if (isSaid) say(step.words, { label: "Undo", onClick: () => void takeBack(project, step) });
}

export const undoLast = (project: number) => takeBack(project, historyOf(project).done.at(-1));

async function takeBack(project: number, step: Step | undefined): Promise<void> {
  const { done, undone } = historyOf(project);
  if (!step || !done.includes(step)) return;
  try {
    await step.undo();
  } catch (problem) {
    return sayProblem("Cannot undo", problem);
  }
  const rest = done.filter((it) => it !== step);
  useHistories.setState({ [project]: { done: rest, undone: [...undone, step] } });
  await settled(project);
  say(`Undone: ${step.words}`, { label: "Redo", onClick: () => void redoLast(project) });
}

export async function redoLast(project: number): Promise<void> {
  const { done, undone } = historyOf(project);
  const step = undone.at(-1);
  if (!step) return;
  try {
    await step.redo();
  } catch (problem) {
    return sayProblem("Cannot redo", problem);
  }
  useHistories.setState({ [project]: { done: [...done, step], undone: undone.slice(0, -1) } });
  await settled(project);
}

async function settled(project: number): Promise<void> {
  tellOtherTabs({ project });
  await refreshProject(project);
}

/** The newest entry of the trash for which `isIt` holds, restored. */
export async function restoreNewest(isIt: (entry: TrashEntry) => boolean, project?: number): Promise<void> {
  const entry = (await api.getTrash(project)).find(isIt);
  if (!entry) throw new Error("It is not in the trash any more.");
  await api.restoreFromTrash(entry.id);
}
