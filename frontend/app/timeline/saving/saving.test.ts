import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Segment } from "@/lib/types";
import { draftOf, putDraft, useDrafts } from "./drafts";
import { keepMine, saveAll, startSaving, typeText } from "./saving";

vi.mock("@/lib/api");

const segment: Segment = {
  id: 7,
  project: 1,
  sequence_index: 0,
  text_content: "Before.",
  image_prompt: "",
  image_file: null,
  audio_file: null,
  audio_duration: null,
  is_locked: false,
  created_at: "",
  updated_at: "",
};
let server: Segment;
let version: number;
const etag = () => `"${version}"`;

function answerLikeTheServer(): void {
  vi.mocked(api.getSegment).mockImplementation(async () => ({ segment: server, etag: etag() }));
  vi.mocked(api.updateSegmentIf).mockImplementation(async (_id, change, ifMatch) => {
    if (ifMatch !== etag()) throw new ApiError("Changed", 412, server, etag());
    server = { ...server, ...change };
    version += 1;
    return { segment: server, etag: etag() };
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  server = { ...segment, id: segment.id };
  segment.id += 1;
  server.id = segment.id;
  version = 1;
  answerLikeTheServer();
});
afterEach(() => {
  vi.useRealTimers();
  useDrafts.setState({}, true);
});

const draft = () => draftOf(segment.id, "text_content");
const stored = () => sessionStorage.getItem(`storyflow.draft:${segment.id}:text_content`);

it("keeps a keystroke in the tab at once and saves it a moment later", async () => {
  typeText(segment, "text_content", "Before. A");
  expect(stored()).toContain("Before. A");
  expect(api.updateSegmentIf).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(700);
  expect([server.text_content, draft()?.state, stored()]).toEqual(["Before. A", "saved", null]);
});

it("sends one request at a time, and the last text wins", async () => {
  let release = () => {};
  vi.mocked(api.updateSegmentIf).mockImplementationOnce(async (_id, change) => {
    await new Promise<void>((done) => {
      release = done;
    });
    server = { ...server, ...change };
    version += 1;
    return { segment: server, etag: etag() };
  });
  typeText(segment, "text_content", "A");
  await vi.advanceTimersByTimeAsync(700);
  typeText(segment, "text_content", "AB");
  typeText(segment, "text_content", "ABC");
  await vi.advanceTimersByTimeAsync(700);
  expect(api.updateSegmentIf).toHaveBeenCalledTimes(1);
  release();
  await vi.advanceTimersByTimeAsync(700);
  expect([server.text_content, draft()?.text, draft()?.state]).toEqual(["ABC", "ABC", "saved"]);
  expect(api.updateSegmentIf).toHaveBeenCalledTimes(2);
});

it("tries again until the server is back, with what was typed meanwhile", async () => {
  vi.mocked(api.getSegment).mockRejectedValue(new ApiError("StoryFlow is not answering.", 0));
  typeText(segment, "text_content", "Typed in the dark");
  await vi.advanceTimersByTimeAsync(700);
  expect(draft()?.state).toBe("retrying");
  typeText(segment, "text_content", "Typed in the dark, and more");
  expect(stored()).toContain("and more");
  answerLikeTheServer();
  await vi.advanceTimersByTimeAsync(12_000);
  expect([server.text_content, draft()?.state]).toEqual(["Typed in the dark, and more", "saved"]);
});

it("tries again after an error of the server, in words that say nothing of its insides", async () => {
  vi.mocked(api.updateSegmentIf).mockRejectedValue(new ApiError("boom", 500));
  typeText(segment, "text_content", "Typed at a bad moment");
  await vi.advanceTimersByTimeAsync(700);
  expect(draft()?.state).toBe("retrying");
  await vi.advanceTimersByTimeAsync(20_000);
  expect([draft()?.state, draft()?.reason]).toEqual([
    "failed",
    "Something went wrong in StoryFlow. It is tried again.",
  ]);
  answerLikeTheServer();
  await vi.advanceTimersByTimeAsync(12_000);
  expect([server.text_content, draft()?.state]).toEqual(["Typed at a bad moment", "saved"]);
});

it("does not try again what is refused for good", async () => {
  vi.mocked(api.updateSegmentIf).mockRejectedValue(new ApiError("Cannot edit a locked segment", 400));
  typeText(segment, "text_content", "Too late");
  await vi.advanceTimersByTimeAsync(20_000);
  expect([draft()?.state, vi.mocked(api.updateSegmentIf).mock.calls.length]).toEqual(["failed", 1]);
});

it("shows both texts when another tab changed the same field", async () => {
  server = { ...server, text_content: "Theirs." };
  typeText(segment, "text_content", "Mine.");
  await vi.advanceTimersByTimeAsync(700);
  expect([draft()?.state, draft()?.text, draft()?.theirs?.text_content]).toEqual(["conflict", "Mine.", "Theirs."]);
  expect(server.text_content).toBe("Theirs.");
});

it("keeps mine when a person says so", async () => {
  server = { ...server, text_content: "Theirs." };
  typeText(segment, "text_content", "Mine.");
  await vi.advanceTimersByTimeAsync(700);
  const met = draft();
  if (met) keepMine(met);
  await vi.advanceTimersByTimeAsync(700);
  expect([server.text_content, draft()?.state]).toEqual(["Mine.", "saved"]);
});

it("is not stopped by another field's change", async () => {
  typeText(segment, "text_content", "One.");
  await vi.advanceTimersByTimeAsync(700);
  server = { ...server, is_locked: false, image_prompt: "theirs" };
  version += 1;
  typeText(segment, "text_content", "Two.");
  await vi.advanceTimersByTimeAsync(700);
  expect([server.text_content, server.image_prompt, draft()?.state]).toEqual(["Two.", "theirs", "saved"]);
});

it("never asks for a blank narration, and says that not everything is saved only for real text", async () => {
  typeText(segment, "text_content", "   ");
  await vi.advanceTimersByTimeAsync(2_000);
  expect(api.updateSegmentIf).not.toHaveBeenCalled();
  expect(await saveAll()).toBe(true);
});

it("says why a refused text is not saved, and keeps it", async () => {
  vi.mocked(api.updateSegmentIf).mockRejectedValue(new ApiError("Cannot edit a locked segment. Unlock it first.", 400));
  typeText(segment, "text_content", "Refused");
  await vi.advanceTimersByTimeAsync(700);
  expect([draft()?.state, draft()?.reason]).toEqual(["failed", "Cannot edit a locked segment. Unlock it first."]);
  expect(stored()).toContain("Refused");
});

it("saves what an earlier page of the tab left, once it is started, and not after it was ended", async () => {
  putDraft({
    id: segment.id,
    project: 1,
    field: "text_content",
    text: "Left.",
    base: "Before.",
    state: "waiting",
    tries: 0,
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.text_content).toBe("Before.");
  const end = startSaving();
  await vi.advanceTimersByTimeAsync(50);
  expect(server.text_content).toBe("Left.");
  end();
  typeText(segment, "text_content", "Not sent on leaving.");
  dispatchEvent(new Event("pagehide"));
  expect(api.updateSegmentOnLeaving).not.toHaveBeenCalled();
});
