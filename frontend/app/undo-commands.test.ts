import { beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Segment } from "@/lib/types";
import { aSegment } from "./testing";
import { perform } from "./undo-commands";

vi.mock("@/lib/api");

let stored: Record<number, Segment>;
const held = (id: number) => {
  const segment = stored[id];
  if (!segment) throw new ApiError("There is no such segment.", 404);
  return segment;
};

beforeEach(() => {
  stored = { 3: aSegment(), 4: aSegment({ id: 4, sequence_index: 1, text_content: "It left." }) };
  vi.mocked(api.getSegment).mockImplementation(async (id) => ({ segment: held(id), etag: `"${id}"` }));
  vi.mocked(api.getSegments).mockImplementation(async () => Object.values(stored));
  vi.mocked(api.getTrash).mockResolvedValue([]);
  vi.mocked(api.updateSegmentIf).mockImplementation(async (id, change, etag) => {
    stored[id] = { ...held(id), ...change } as Segment;
    return { segment: held(id), etag };
  });
});

const toOld = {
  do: "change" as const,
  segment: 3,
  to: { text_content: "Old." },
  from: { text_content: "The ferry came." },
};

it("answers with what takes it back", async () => {
  const back = await perform(1, [toOld]);
  expect(stored[3]?.text_content).toBe("Old.");
  await perform(1, back);
  expect(stored[3]?.text_content).toBe("The ferry came.");
});

it.each([
  ["the text of segment 1 was changed since", { text_content: "Somebody else's." }],
  ["segment 1 was locked since", { is_locked: true }],
])("is refused: %s", async (reason, change) => {
  stored[3] = { ...held(3), ...change };
  await expect(perform(1, [toOld])).rejects.toThrow(reason);
  expect(api.updateSegmentIf).not.toHaveBeenCalled();
});

it("is refused when the segment was deleted since", async () => {
  delete stored[3];
  await expect(perform(1, [toOld])).rejects.toThrow("its segment was deleted since");
});

it("is refused when segments were added since, or moved", async () => {
  await expect(perform(1, [{ do: "order", to: [4, 3, 9] }])).rejects.toThrow("segments were added or deleted since");
  const commands = [{ do: "order" as const, to: [3, 4], from: [4, 3] }];
  await expect(perform(1, commands)).rejects.toThrow("the order was changed since");
});

it("takes back what it did before something was refused", async () => {
  const refused = { ...toOld, segment: 4, from: { text_content: "What it never said." } };
  await expect(perform(1, [toOld, refused])).rejects.toThrow("the text of segment 2 was changed since");
  expect(stored[3]?.text_content).toBe("The ferry came.");
});

it("says so when the trash does not have it any more", async () => {
  vi.mocked(api.restoreFromTrash).mockRejectedValue(new ApiError("There is no such entry.", 404));
  await expect(perform(1, [{ do: "restore", entries: [7] }])).rejects.toThrow("it is not in Trash any more");
});

it("swaps pictures again to take a swap back", async () => {
  const command = { do: "swap" as const, segments: [3, 4] as [number, number] };
  expect(await perform(1, [command])).toEqual([command]);
  expect(api.swapSegmentImages).toHaveBeenCalledWith(3, 4);
});

it("frames a picture as before, unless somebody framed it otherwise since", async () => {
  const middle = [0.5, 0.5];
  const held_motions = { "16:9": null, "9:16": null, "1:1": null };
  const seen = { focuses: { "16:9": middle, "9:16": middle, "1:1": middle }, suggested: null, held_motions };
  const plain = { focus: middle, motion: "auto" as const, fit: null, own_focuses: {} };
  const ours = { focus: [0.2, 0.5], motion: "still" as const, fit: null, own_focuses: { "9:16": [0, 1] } };
  vi.mocked(api.getFraming).mockResolvedValue({ ...ours, ...seen });
  vi.mocked(api.updateFraming).mockResolvedValue({ ...plain, ...seen });
  const command = { do: "frame" as const, segment: 3, to: plain, from: ours };
  expect(await perform(1, [command])).toEqual([{ ...command, to: ours, from: plain }]);
  expect(api.updateFraming).toHaveBeenCalledWith(3, {
    focus: null,
    motion: null,
    fit: null,
    focuses: { "16:9": null, "9:16": null, "1:1": null },
  });
  for (const since of [{ motion: "zoom-in" as const }, { own_focuses: {} }]) {
    vi.mocked(api.getFraming).mockResolvedValue({ ...ours, ...seen, ...since });
    await expect(perform(1, [command])).rejects.toThrow("segment 1 was framed otherwise since");
  }
});

describe("merging and taking a merge back", () => {
  const split = {
    do: "merge" as const,
    segment: 4,
    into: 3,
    text: "The ferry came. It left.",
    was: ["The ferry came.", "It left."] as [string, string],
  };

  beforeEach(() => {
    vi.mocked(api.mergeSegment).mockImplementation(async (_id, text) => {
      stored[3] = { ...held(3), text_content: text ?? "" };
      delete stored[4];
      return { segment: held(3), trash: 9 };
    });
    vi.mocked(api.restoreFromTrash).mockImplementation(async () => {
      stored[3] = { ...held(3), text_content: "The ferry came." };
      stored[4] = aSegment({ id: 4, sequence_index: 1, text_content: "It left." });
      return { id: 9, what: "segment", project: 1, segment: 4, item: null, message: "" };
    });
  });

  it("are each other's way back", async () => {
    const back = await perform(1, [split]);
    expect(back).toEqual([{ do: "unmerge", entry: 9, into: 3, text: "The ferry came. It left." }]);
    expect(await perform(1, back)).toEqual([split]);
  });

  it.each([
    ["the text of segment 2 was changed since", () => ({ 4: { text_content: "Somebody else's." } })],
    ["segment 1 was locked since", () => ({ 3: { is_locked: true } })],
  ])("are refused: %s", async (reason, change) => {
    for (const [id, now] of Object.entries(change())) stored[Number(id)] = { ...held(Number(id)), ...now };
    await expect(perform(1, [split])).rejects.toThrow(reason);
    expect(api.mergeSegment).not.toHaveBeenCalled();
  });

  it("are refused when the two do not follow one another any more", async () => {
    vi.mocked(api.getSegments).mockResolvedValue([held(4), held(3)]);
    await expect(perform(1, [split])).rejects.toThrow("one of the two segments was moved since");
  });

  it("are refused when the merged text was changed", async () => {
    const [unmerge] = await perform(1, [split]);
    stored[3] = { ...held(3), text_content: "Other words." };
    await expect(perform(1, unmerge ? [unmerge] : [])).rejects.toThrow("the text of segment 1 was changed since");
    expect(api.restoreFromTrash).not.toHaveBeenCalled();
  });
});

describe("a change of many", () => {
  const changes = [
    { id: 3, text_content: "A.", if: { text_content: "The ferry came." } },
    { id: 4, text_content: "B.", if: { text_content: "It left." } },
  ];
  const undo = [{ id: 3, text_content: "The ferry came.", if: { text_content: "A." } }];

  it("is taken back by what the server says takes it back", async () => {
    vi.mocked(api.changeSegments).mockResolvedValue({ segments: [], skipped: [], undo });
    expect(await perform(1, [{ do: "bulk", changes }])).toEqual([{ do: "bulk", changes: undo }]);
    expect(api.changeSegments).toHaveBeenCalledWith(1, changes);
  });

  it("is all or nothing: where one is refused the others are put back", async () => {
    vi.mocked(api.changeSegments).mockResolvedValueOnce({ segments: [], skipped: [{ id: 4, reason: "locked" }], undo });
    vi.mocked(api.changeSegments).mockResolvedValueOnce({ segments: [], skipped: [], undo: [] });
    await expect(perform(1, [{ do: "bulk", changes }])).rejects.toThrow("was locked since");
    expect(api.changeSegments).toHaveBeenLastCalledWith(1, undo);
  });
});
