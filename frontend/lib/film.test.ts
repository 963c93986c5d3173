import { describe, expect, it } from "vitest";
import { autoChoices, cuesOf, formatOf, layOut, motionNamed, viewAt } from "./film";
import numbers from "./film-numbers/numbers.json";
import type { FrameRate, MotionName, Settings } from "./types";

const settings = { size: "1920x1080", segment_pause_s: 0.4, silent_scene_s: 4, subtitles: true } as Settings;

describe("the same numbers as the renderer", () => {
  it.each(numbers.timelines)("lay out a film at $fps frames a second with fades of $transition_s s", (line) => {
    const format = formatOf({ ...settings, fps: line.fps as FrameRate, transition_s: line.transition_s });
    const { shots, frames } = layOut(line.lengths, format, line.pauses);
    expect(frames).toBe(line.frames);
    expect(shots.map((shot) => [shot.start, shot.frames])).toEqual(
      line.shots.map(([start, length]) => [start, length]),
    );
    shots.forEach((shot, index) => {
      expect(shot.soundStartS).toBeCloseTo(line.shots[index]?.[2] ?? Number.NaN, 9);
    });
  });

  it.each(numbers.motions)("move the camera for $name", ({ name, focus, zoom, source, frame, views }) => {
    const motion = motionNamed(name as Exclude<MotionName, "auto">, zoom, focus);
    for (const [progress = 0, ...expected] of views) {
      const view = viewAt(motion, progress, source as [number, number], frame as [number, number]);
      [view.left, view.top, view.step].forEach((number, index) => {
        expect(number).toBeCloseTo(expected[index] ?? Number.NaN, 6);
      });
    }
  });

  it.each(numbers.chains)("choose motions by the pictures' bytes, two neighbours never the same", async (chain) => {
    const names: string[] = [];
    for (const digest of chain.digests) {
      const { first, next } = await autoChoices(digest);
      names.push(first === names.at(-1) ? next : first);
    }
    expect(names).toEqual(chain.names);
  });

  it.each(numbers.cues)("break subtitles into lines of at most $most words", ({ most, words, cues }) => {
    const spoken = words.map(([text, start, end]) => ({ text: String(text), start: Number(start), end: Number(end) }));
    const mine = cuesOf(spoken, most);
    expect(mine.map((cue) => cue.text)).toEqual(cues.map((cue) => cue[2]));
    mine.forEach((cue, index) => {
      expect(cue.startS).toBeCloseTo(Number(cues[index]?.[0]), 9);
      expect(cue.endS).toBeCloseTo(Number(cues[index]?.[1]), 9);
    });
  });
});
