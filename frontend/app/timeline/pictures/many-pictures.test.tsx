import { screen, waitFor } from "@testing-library/react";
import { Toaster } from "sonner";
import { beforeEach, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Segment } from "@/lib/types";
import { queries } from "../../queries";
import { aProject, aSegment, show } from "../../testing";
import { undoLast } from "../../undo";
import { sendPictures } from "./many-pictures";
import { useSendings } from "./pictures";

vi.mock("@/lib/api");

let stored: Record<number, Segment>;
const file = (name: string) => new File(["x"], name, { type: "image/jpeg" });
const held = (id: number) => stored[id] as Segment;

beforeEach(() => {
  queries.clear();
  useSendings.setState({}, true);
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => undefined;
  stored = Object.fromEntries([3, 4, 5].map((id) => [id, aSegment({ id, sequence_index: id - 3 })]));
  aProject(Object.values(stored));
  vi.mocked(api.getProject).mockImplementation(async () => aProject(Object.values(stored)));
  vi.mocked(api.getSegments).mockImplementation(async () => Object.values(stored));
  vi.mocked(api.getSegment).mockImplementation(async (id) => ({ segment: held(id), etag: '"1"' }));
  vi.mocked(api.getTrash).mockResolvedValue([]);
  vi.mocked(api.uploadSegmentImage).mockImplementation(async (id) => {
    stored[id] = { ...held(id), image_file: `/media/${id}.jpg` };
    return { id, image_file: `/media/${id}.jpg`, message: "" };
  });
  vi.mocked(api.removeSegmentImage).mockImplementation(async (id) => {
    stored[id] = { ...held(id), image_file: null };
    return { id, image_file: null, message: "" };
  });
});

const pairs = () => Object.values(stored).map((segment) => ({ segment, file: file(`${segment.id}.jpg`) }));
const pictured = () => Object.values(stored).map((segment) => segment.image_file !== null);

it("says it once for all, and one undo takes all of them back", async () => {
  show(<Toaster />);
  await sendPictures(1, pairs());
  expect(pictured()).toEqual([true, true, true]);
  expect(await screen.findByText("3 pictures added")).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("progressbar", { name: "Adding pictures" })).toBeNull());
  await undoLast(1);
  expect(pictured()).toEqual([false, false, false]);
});

it("is stopped by Cancel, and what was added till then is one step", async () => {
  vi.mocked(api.uploadSegmentImage).mockImplementation((id, _file, upload) => {
    if (id !== 3)
      return new Promise((_, reject) => {
        upload?.signal?.addEventListener("abort", () => reject(new ApiError("Cancelled", 0, undefined, null, true)));
      });
    stored[3] = { ...held(3), image_file: "/media/3.jpg" };
    return Promise.resolve({ id, image_file: "/media/3.jpg", message: "" });
  });
  show(<Toaster />);
  const sending = sendPictures(1, pairs());
  (await screen.findByRole("button", { name: "Cancel" })).click();
  await sending;
  expect(await screen.findByText("1 of 3 pictures added")).toBeVisible();
  expect(pictured()).toEqual([true, false, false]);
  await undoLast(1);
  expect(pictured()).toEqual([false, false, false]);
});

it("names how many were refused, and the cards keep the reasons", async () => {
  vi.mocked(api.uploadSegmentImage).mockRejectedValue(new ApiError("That picture is damaged.", 400));
  show(<Toaster />);
  await sendPictures(1, pairs());
  expect(await screen.findByText("3 pictures could not be added; the cards say why.")).toBeVisible();
  expect(useSendings.getState()[4]?.reason).toBe("That picture is damaged.");
});

it("puts back the pictures that were replaced, also for some of many", async () => {
  stored[4] = { ...held(4), image_file: "/media/old.jpg" };
  vi.mocked(api.getTrash).mockResolvedValue([
    { id: 70, what: "image", segment: 4 } as Awaited<ReturnType<typeof api.getTrash>>[number],
  ]);
  await sendPictures(1, pairs());
  await undoLast(1);
  expect(api.restoreFromTrash).toHaveBeenCalledExactlyOnceWith(70);
  expect(api.removeSegmentImage).toHaveBeenCalledTimes(2);
});
