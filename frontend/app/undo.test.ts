import { beforeEach, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { recordStep, redoLast, restoreNewest, undoLast } from "./undo";

vi.mock("@/lib/api");

const steps: string[] = [];
let project = 100;
const step = (name: string) => ({
  words: name,
  undo: async () => void steps.push(`undo ${name}`),
  redo: async () => void steps.push(`redo ${name}`),
});

beforeEach(() => {
  steps.length = 0;
  project += 1;
  vi.mocked(api.getTrash).mockResolvedValue([]);
});

it("takes back the last step first, and does it again", async () => {
  recordStep(project, step("one"));
  recordStep(project, step("two"));
  await undoLast(project);
  await undoLast(project);
  await redoLast(project);
  expect(steps).toEqual(["undo two", "undo one", "redo one"]);
});

it("forgets what could be redone once something new is done", async () => {
  recordStep(project, step("one"));
  await undoLast(project);
  recordStep(project, step("two"));
  await redoLast(project);
  expect(steps).toEqual(["undo one"]);
});

it("keeps a step whose undoing was refused", async () => {
  const refused = {
    ...step("one"),
    undo: (): Promise<unknown> => Promise.reject(new Error("Segment 4 was locked since.")),
  };
  recordStep(project, refused);
  await undoLast(project);
  refused.undo = async () => steps.push("undone after all");
  await undoLast(project);
  expect(steps).toEqual(["undone after all"]);
});

it("says so when the trash has nothing to bring back", async () => {
  await expect(restoreNewest(() => true)).rejects.toThrow("It is not in the trash any more.");
});

it("remembers over a reload what can be told as data, and takes it back from there", async () => {
  sessionStorage.setItem(
    `storyflow.undo:${project}`,
    JSON.stringify({
      version: 2,
      done: [{ words: "Two segments deleted", commands: [{ do: "restore", entries: [7, 8] }] }],
      undone: [],
    }),
  );
  vi.mocked(api.restoreFromTrash).mockResolvedValue({ segment: 3 } as never);
  await undoLast(project);
  expect(vi.mocked(api.restoreFromTrash).mock.calls).toEqual([[7], [8]]);
  const kept = JSON.parse(sessionStorage.getItem(`storyflow.undo:${project}`) ?? "");
  expect(kept).toEqual({
    version: 2,
    done: [],
    undone: [{ words: "Two segments deleted", commands: [{ do: "delete", segments: [3, 3] }] }],
  });
});

it("takes one step at a time, however fast the keys are", async () => {
  recordStep(project, step("one"));
  recordStep(project, step("two"));
  await Promise.all([undoLast(project), undoLast(project)]);
  expect(steps).toEqual(["undo two", "undo one"]);
});
