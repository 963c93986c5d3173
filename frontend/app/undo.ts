// What was done in this tab, so that it can be taken back: a list for each project, kept in the tab over a reload.

import { create } from "zustand";
import * as api from "@/lib/api";
import type { TrashEntry } from "@/lib/types";
import { refreshProject } from "./queries";
import { tellOtherTabs } from "./shell/tabs";
import { toast, toastProblem } from "./ui/toasts";
import { type Command, perform } from "./undo-commands";
import { readHistory, writeHistory } from "./undo-storage";

interface Said {
  /** What a toast says was done, such as "Picture removed". */
  words: string;
}

/** `commands` take it back, and answer with those that do it again. */
export interface Remembered extends Said {
  commands: Command[];
}

/** Only as long as the page lives. */
export interface Fleeting extends Said {
  undo: () => Promise<unknown>;
  redo: () => Promise<unknown>;
}

export type Step = Remembered | Fleeting;

const MOST_STEPS = 100;

interface History {
  done: Step[];
  undone: Step[];
}

const useHistories = create<Record<number, History>>(() => ({}));

function historyOf(project: number): History {
  const known = useHistories.getState()[project];
  if (known) return known;
  const history: History = readHistory(project);
  useHistories.setState({ [project]: history });
  return history;
}

function put(project: number, history: History): void {
  useHistories.setState({ [project]: history });
  const lasting = (steps: Step[]) => steps.filter((step) => "commands" in step);
  writeHistory(project, { done: lasting(history.done), undone: lasting(history.undone) });
}

/** Note a step that has been taken; `isSaid` shows it with an Undo. */
export function recordStep(project: number, step: Step, { isSaid = true } = {}): void {
  put(project, { done: [...historyOf(project).done, step].slice(-MOST_STEPS), undone: [] });
  void settled(project);
  if (isSaid) toast(step.words, { label: "Undo", onClick: () => void takeBack(project, step) });
}

export const undoLast = (project: number) => inTurn(async () => undo(project, historyOf(project).done.at(-1)));

export const redoLast = (project: number) => inTurn(async () => redo(project, historyOf(project).undone.at(-1)));

const takeBack = (project: number, step: Step) => inTurn(() => undo(project, step));

let turn: Promise<unknown> = Promise.resolve();

/** Keys come faster than answers: each step waits for the one before it. */
function inTurn(act: () => Promise<void>): Promise<void> {
  const mine = turn.then(act);
  turn = mine;
  return mine;
}

async function undo(project: number, step: Step | undefined): Promise<void> {
  if (!step || !historyOf(project).done.includes(step)) return;
  let back: Step;
  try {
    back = await reversed(project, step, "undo");
  } catch (problem) {
    void refreshProject(project);
    return toastProblem("Cannot undo", problem);
  }
  const { done, undone } = historyOf(project);
  put(project, { done: done.filter((other) => other !== step), undone: [...undone, back] });
  await settled(project);
  toast(`Undone: ${step.words}`, { label: "Redo", onClick: () => void redoLast(project) });
}

async function redo(project: number, step: Step | undefined): Promise<void> {
  if (!step) return;
  let again: Step;
  try {
    again = await reversed(project, step, "redo");
  } catch (problem) {
    void refreshProject(project);
    return toastProblem("Cannot redo", problem);
  }
  const { done, undone } = historyOf(project);
  put(project, { done: [...done, again], undone: undone.filter((other) => other !== step) });
  await settled(project);
}

async function reversed(project: number, step: Step, way: "undo" | "redo"): Promise<Step> {
  if ("commands" in step) return { words: step.words, commands: await perform(project, step.commands) };
  await step[way]();
  return step;
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
