import { renderHook, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import type { Task } from "@/lib/types";
import { queries } from "../../queries";
import { Around, aProject, aSegment } from "../../testing";
import { useOthersNarrations } from "./following";
import { useNarrating } from "./narrating-state";

vi.mock("@/lib/api");

const task = (change: Partial<Task>): Task => ({
  task_id: "t",
  kind: "narrate",
  project_id: 1,
  segment_ids: [3, 4],
  status: "PROCESSING",
  progress: { current: 0, total: 2, current_segment_id: null, percentage: 0, phase: null, eta_s: null },
  completed_segments: [],
  errors: [],
  error: null,
  created_at: "2026-11-21T12:00:00Z",
  finished_at: null,
  ...change,
});

beforeEach(() => {
  queries.clear();
  useNarrating.setState({ bySegment: {}, byProject: {} });
  aProject([aSegment(), aSegment({ id: 4 })]);
});

it("a narration that another tab began is shown here, and what failed in it", async () => {
  let ended = false;
  const failed = task({ status: "COMPLETED", errors: [{ segment_id: 4, error: "The text was changed." }] });
  vi.mocked(api.getProjectTasks).mockImplementation(async () => (ended ? [] : [task({})]));
  vi.mocked(api.getTask).mockImplementation(async () => (ended ? failed : task({})));
  renderHook(() => useOthersNarrations(1), { wrapper: Around });
  await waitFor(() => expect(useNarrating.getState().byProject[1]).toEqual({ task: "t", done: 0, total: 2 }));
  expect(useNarrating.getState().bySegment[3]?.state).toBe("busy");
  ended = true;
  await waitFor(() => expect(useNarrating.getState().byProject[1]).toBeUndefined(), { timeout: 3_000 });
  expect(useNarrating.getState().bySegment[3]).toBeUndefined();
  expect(useNarrating.getState().bySegment[4]).toMatchObject({ state: "failed", words: "The text was changed." });
});

it("a render is not taken for a narration", async () => {
  vi.mocked(api.getProjectTasks).mockResolvedValue([task({ kind: "render", segment_ids: [] })]);
  vi.mocked(api.getTask).mockClear();
  renderHook(() => useOthersNarrations(1), { wrapper: Around });
  await waitFor(() => expect(api.getProjectTasks).toHaveBeenCalled());
  expect(api.getTask).not.toHaveBeenCalled();
});
