import { beforeEach, expect, it } from "vitest";
import { readHistory, writeHistory } from "./undo-storage";

const KEY = "storyflow.undo:7";
const deleted = { words: "Segment deleted", commands: [{ do: "restore" as const, entries: [3] }] };
const store = (value: unknown) => sessionStorage.setItem(KEY, JSON.stringify(value));

beforeEach(() => sessionStorage.clear());

it("gives back what was written", () => {
  writeHistory(7, { done: [deleted], undone: [] });
  expect(readHistory(7)).toEqual({ done: [deleted], undone: [] });
  expect(readHistory(8)).toEqual({ done: [], undone: [] });
});

it("reads the steps that an older release kept", () => {
  store({ done: [{ words: "Picture added", acts: [{ do: "bare", segment: 4 }] }], undone: [] });
  expect(readHistory(7).done).toEqual([{ words: "Picture added", commands: [{ do: "clear-picture", segment: 4 }] }]);
});

it.each([
  "nonsense",
  null,
  [],
  { version: 3, done: [deleted], undone: [] },
  { version: 2, done: "no list", undone: {} },
  { version: 2, done: [null, 3, "x"] },
  { version: 2, done: [{ words: "Renamed", commands: [] }] },
  { version: 2, done: [{ words: "Renamed", commands: [{ do: "toString" }] }] },
  { version: 2, done: [{ words: "Renamed", commands: [{ do: "rename", to: "a" }] }] },
  { version: 2, done: [{ words: 4, commands: [{ do: "delete", segments: [1] }] }] },
  { version: 2, done: [{ words: "Moved", commands: [{ do: "order", to: [1, "2"] }] }] },
  { version: 2, done: [{ words: "Swapped", commands: [{ do: "swap", segments: [1] }] }] },
  {
    version: 2,
    done: [{ words: "Merged", commands: [{ do: "merge", segment: 1, into: 2, text: "a", was: ["a", 2] }] }],
  },
])("takes nothing from what it does not understand: %j", (stored) => {
  store(stored);
  expect(readHistory(7)).toEqual({ done: [], undone: [] });
});

it("keeps what was done after a step that it does not understand, and nothing from before", () => {
  store({ version: 2, done: [deleted, { words: "?", commands: [{ do: "later" }] }, deleted], undone: [deleted] });
  expect(readHistory(7)).toEqual({ done: [deleted], undone: [deleted] });
});

it("reads nothing from text that is no JSON", () => {
  sessionStorage.setItem(KEY, "{");
  expect(readHistory(7)).toEqual({ done: [], undone: [] });
});
