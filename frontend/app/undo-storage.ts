// The undo steps of a tab, as its storage keeps them over a reload: versioned, and checked when they are read.

import type { Remembered } from "./undo";
import type { Command } from "./undo-commands";

export interface StoredHistory {
  done: Remembered[];
  undone: Remembered[];
}

const VERSION = 2;
const KEY = "storyflow.undo:";

/** The steps of this project; a step that cannot be understood is left out, with all that were done before it. */
export function readHistory(project: number): StoredHistory {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(KEY + project) ?? "null");
    if (!isObject(stored)) return { done: [], undone: [] };
    const steps = stored.version === VERSION ? stepsOf : (list: unknown) => stepsOf(fromVersion1(list));
    if (stored.version !== VERSION && stored.version !== undefined) return { done: [], undone: [] };
    return { done: steps(stored.done), undone: steps(stored.undone) };
  } catch {
    return { done: [], undone: [] };
  }
}

/** A full or forbidden storage leaves the steps in memory. */
export function writeHistory(project: number, history: StoredHistory): void {
  try {
    sessionStorage.setItem(KEY + project, JSON.stringify({ version: VERSION, ...history }));
  } catch {
    // What was deleted is in the trash anyway.
  }
}

/** Version 1 called the commands `acts`, and "clear-picture" was "bare". */
function fromVersion1(list: unknown): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((step) => {
    if (!isObject(step) || !Array.isArray(step.acts)) return step;
    const commands = step.acts.map((act) =>
      isObject(act) && act.do === "bare" ? { ...act, do: "clear-picture" } : act,
    );
    return { words: step.words, commands };
  });
}

/** Steps are taken back newest first, so none before one that is not understood can be. */
function stepsOf(list: unknown): Remembered[] {
  if (!Array.isArray(list)) return [];
  const steps: Remembered[] = [];
  for (const step of [...list].reverse()) {
    if (!isStep(step)) break;
    steps.unshift(step);
  }
  return steps;
}

function isStep(step: unknown): step is Remembered {
  return (
    isObject(step) &&
    typeof step.words === "string" &&
    Array.isArray(step.commands) &&
    step.commands.length > 0 &&
    step.commands.every(isCommand)
  );
}

type Check = (value: unknown) => boolean;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isId: Check = (value) => Number.isSafeInteger(value);
const isText: Check = (value) => typeof value === "string";
const isPair: Check = (value) => Array.isArray(value) && value.length === 2;
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const shaped =
  (fields: Record<string, Check>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]));

const COMMANDS: Record<Command["do"], Record<string, Check>> = {
  change: { segment: isId, to: isObject, from: isObject },
  order: { to: listOf(isId), from: optional(listOf(isId)) },
  rename: { to: isText, from: isText },
  delete: { segments: listOf(isId) },
  restore: { entries: listOf(isId) },
  picture: { segment: isId, entry: isId },
  "clear-picture": { segment: isId },
  sound: { segment: isId, entry: orNull(isId) },
  pictures: { to: listOf(shaped({ segment: isId, entry: orNull(isId) })) },
  swap: { segments: (value) => isPair(value) && listOf(isId)(value) },
  merge: { segment: isId, into: isId, text: isText, was: (value) => isPair(value) && listOf(isText)(value) },
  unmerge: { entry: isId, into: isId, text: isText },
  bulk: { changes: listOf(shaped({ id: isId })) },
  frame: { segment: isId, to: isObject, from: isObject },
};

function isCommand(value: unknown): boolean {
  if (!isObject(value) || typeof value.do !== "string" || !Object.hasOwn(COMMANDS, value.do)) return false;
  return shaped(COMMANDS[value.do as Command["do"]])(value);
}
