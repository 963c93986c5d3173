import { describe, expect, it } from "vitest";
import type { Settings, Voice } from "@/lib/types";
import { aSegment } from "../../testing";
import { timesOf } from "./lengths";

const settings = {
  size: "1920x1080",
  fps: 10,
  transition_s: 0,
  segment_pause_s: 0.5,
  silent_scene_s: 4,
  subtitles: false,
  voice: "slow",
  speed: 1,
  sentence_pause_s: 0,
  paragraph_pause_s: 0,
} as Settings;
const pace = (letter: number) => ({ letter, digit: 0, word: 0, mark: 0, sentence: 0, hurry: 1 });
const voices = [
  { id: "slow", pace: pace(0.1) },
  { id: "quick", pace: pace(0.05) },
] as Voice[];
const frames = (...args: Parameters<typeof timesOf>) => timesOf(...args).timeline.shots.map((shot) => shot.frames);

describe("how long segments are", () => {
  const ten = aSegment({ text_content: "abcdefghij" });

  it("is what was narrated, else what the voice takes to read them", () => {
    const said = aSegment({ id: 4, audio_file: "/a.flac", audio_duration: 3 });
    expect(frames([said, ten], settings, voices, [])).toEqual([35, 15]);
    expect(timesOf([said, ten], settings, voices, []).known).toBe(1);
    expect(timesOf([said], settings, voices, []).known).toBe(1);
  });

  it("goes by a segment's own voice and pause", () => {
    const choices = [{ id: ten.id, motion: null, fit: null, voice: "quick", pause_s: 2 }];
    expect(frames([ten], settings, voices, choices)).toEqual([25]);
  });

  it("is a silent scene's where nothing can be said", () => {
    expect(frames([aSegment({ text_content: "…" })], settings, voices, [])).toEqual([40]);
  });
});
