import { beforeEach, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { did, redoLast, restoreNewest, undoLast } from "./undo";

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
  did(project, step("one"));
  did(project, step("two"));
  await undoLast(project);
  await undoLast(project);
  await redoLast(project);
  expect(steps).toEqual(["undo two", "undo one", "redo one"]);
});

it("forgets what could be redone once something new is done", async () => {
  did(project, step("one"));
  await undoLast(project);
  did(project, step("two"));
  await redoLast(project);
  expect(steps).toEqual(["undo one"]);
});

it("keeps a step whose undoing was refused", async () => {
  const refused = {
    ...step("one"),
    undo: (): Promise<unknown> => Promise.reject(new Error("Segment 4 was locked since.")),
  };
  did(project, refused);
  await undoLast(project);
  refused.undo = async () => steps.push("undone after all");
  await undoLast(project);
  expect(steps).toEqual(["undone after all"]);
});

it("says so when the trash has nothing to bring back", async () => {
  await expect(restoreNewest(() => true)).rejects.toThrow("It is not in the trash any more.");
});
