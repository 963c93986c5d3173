import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import { queries } from "../../queries";
import { aProject, aSegment, show } from "../../testing";
import { AudioStrip } from "../narrating/audio-strip";
import { PictureBox } from "../pictures/picture-box";
import { useSendings } from "../pictures/pictures";
import { useDrafts } from "../saving/drafts";
import { NarrationField } from "./narration-field";

vi.mock("@/lib/api");

beforeEach(() => {
  queries.clear();
  useDrafts.setState({}, true);
  useSendings.setState({}, true);
  vi.mocked(api.getSegmentChoices).mockResolvedValue([]);
  vi.mocked(api.getVoices).mockResolvedValue([]);
  URL.createObjectURL = () => "blob:picture";
  URL.revokeObjectURL = () => undefined;
});

describe("the narration", () => {
  it("says that it is being saved, then that it is", async () => {
    const segment = aSegment();
    aProject([segment]);
    vi.mocked(api.getSegment).mockResolvedValue({ segment, etag: '"1"' });
    vi.mocked(api.updateSegmentIf).mockResolvedValue({
      segment: { ...segment, text_content: "The ferry came late." },
      etag: '"2"',
    });
    show(<NarrationField segment={segment} number={1} tab={0} />);
    const field = screen.getByRole("textbox", { name: "Narration of segment 1" });
    await userEvent.type(field, "{Backspace} late.");
    expect(screen.getByText("Saving…")).toBeVisible();
    expect(await screen.findByText("Saved", undefined, { timeout: 3_000 })).toBeVisible();
    expect(field).toHaveValue("The ferry came late.");
  });

  it("cannot be changed while the segment is locked", async () => {
    show(<NarrationField segment={aSegment({ is_locked: true })} number={1} tab={0} />);
    const field = screen.getByRole("textbox", { name: "Narration of segment 1" });
    await userEvent.type(field, "x");
    expect(field).toHaveValue("The ferry came.");
  });
});

describe("the picture", () => {
  const choose = async (file: File) => {
    show(<PictureBox segment={aSegment()} number={1} tab={0} />);
    await userEvent.upload(screen.getByLabelText("Picture file for segment 1"), file);
  };

  it("too large is refused before anything is sent", async () => {
    const file = new File([""], "a.jpg", { type: "image/jpeg" });
    Object.defineProperty(file, "size", { value: 24 * 1024 * 1024 });
    await choose(file);
    expect(screen.getByText("That picture is 24 MB. Pictures up to 20 MB can be used.")).toBeVisible();
    expect(api.uploadSegmentImage).not.toHaveBeenCalled();
  });

  it("of another kind is named by what it is, and not sent", async () => {
    await choose(new File(["GIF89a and more"], "a.jpg", { type: "image/jpeg" }));
    expect(await screen.findByText("That is a GIF. JPEG, PNG and WebP can be used.")).toBeVisible();
    expect(api.uploadSegmentImage).not.toHaveBeenCalled();
  });

  it("shows how far it is, and the server's reason when it is refused", async () => {
    let refuse: (problem: ApiError) => void = () => undefined;
    vi.mocked(api.uploadSegmentImage).mockImplementation((_id, _file, upload) => {
      upload?.onProgress?.(0.64);
      return new Promise((_, reject) => {
        refuse = reject;
      });
    });
    await choose(new File(["x"], "a.jpg", { type: "image/jpeg" }));
    expect(await screen.findByText("Uploading, 64%")).toBeVisible();
    refuse(new ApiError("Invalid image file", 400, "The picture is damaged."));
    expect(await screen.findByText("The picture is damaged.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
  });
});

describe("the strip", () => {
  it("offers to narrate where there is no narration", () => {
    show(<AudioStrip segment={aSegment()} number={1} narrating={undefined} tab={0} />);
    expect(screen.getByRole("button", { name: "Narrate" })).toBeVisible();
    expect(screen.getByText("No narration yet. Rendering makes it for you.")).toBeVisible();
  });

  it("says why a narration was not made", () => {
    const narrating = { state: "failed" as const, task: "t", words: "No voice can speak." };
    show(<AudioStrip segment={aSegment()} number={1} narrating={narrating} tab={0} />);
    expect(screen.getByRole("alert")).toHaveTextContent("Not narrated: No voice can speak.");
  });

  it("marks a narration whose text changed, with words and not by colour alone", async () => {
    vi.mocked(api.getWords).mockResolvedValue({
      duration: 2,
      timing: "exact",
      voice: "heart",
      stale: true,
      stale_reason: "The text was changed after it was narrated.",
      words: [{ text: "The", start: 0.1, end: 0.4, char: 0, length: 3 }],
    });
    const segment = aSegment({ audio_file: "/media/a.flac", audio_duration: 2 });
    show(<AudioStrip segment={segment} number={1} narrating={undefined} tab={0} />);
    expect(await screen.findByText("Text changed")).toBeVisible();
    expect(screen.getByRole("button", { name: "Narrate again" })).toBeVisible();
    expect(screen.getByRole("slider", { name: "Position in the narration of segment 1" })).toBeVisible();
  });
});
