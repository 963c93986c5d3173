// The renderer's numbers in the browser: which frame shows what, where the camera looks, when a subtitle stands.
// The same formulas as backend/rendering/{framing,timeline,cues}.py; film.test.ts compares both.

import type { Fit, Focuses, Framing, MotionName, Settings, SpokenWord } from "./types";

export interface Format {
  width: number;
  height: number;
  fps: number;
  transitionFrames: number;
  zoom: number;
  fit: Fit;
  motion: MotionName;
  pauseS: number;
  silentS: number;
  subtitleWords: number | null;
}

export function formatOf(settings: Settings): Format {
  const [width = 1920, height = 1080] = settings.size.split("x").map(Number);
  const joint = roundHalfEven(settings.transition_s * settings.fps);
  return {
    width,
    height,
    fps: settings.fps,
    transitionFrames: joint < 1 ? 0 : Math.max(2, joint),
    zoom: settings.zoom,
    fit: settings.fit,
    motion: settings.motion,
    pauseS: settings.segment_pause_s,
    silentS: settings.silent_scene_s,
    subtitleWords: settings.subtitles ? settings.subtitle_words : null,
  };
}

const SHAPES = { "16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1 };

/** The nearest of the shapes that can have a focus of their own. */
export function shapeOf({ width, height }: { width: number; height: number }): keyof Focuses {
  const off = (shape: keyof Focuses) => Math.abs(Math.log((SHAPES[shape] * height) / width));
  return (["16:9", "9:16", "1:1"] as const).reduce((best, shape) => (off(shape) < off(best) ? shape : best));
}

/** As Python rounds: 12.5 becomes 12, 13.5 becomes 14. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

// Timeline

/** `start` and `frames` are frames of the film; the narration begins `soundStartS` after the shot. */
export interface Shot {
  start: number;
  frames: number;
  soundStartS: number;
}

export interface Timeline {
  shots: Shot[];
  frames: number;
  fps: number;
}

/**
 * `narrationsS`: the length of each segment's narration, null where there is none; `pausesS`: the silence after each,
 * where it has one of its own.
 */
export function layOut(narrationsS: (number | null)[], format: Format, pausesS: (number | null)[] = []): Timeline {
  const joint = format.transitionFrames;
  const leadS = joint / format.fps / 2;
  let start = 0;
  const shots = narrationsS.map((narrationS, index) => {
    const heardS = narrationS === null ? format.silentS : narrationS + (pausesS[index] ?? format.pauseS);
    const frames = Math.max(2 * joint + 2, Math.ceil((leadS + heardS + leadS) * format.fps - 1e-6));
    const shot = { start, frames, soundStartS: leadS };
    start += frames - joint;
    return shot;
  });
  return { shots, frames: shots.length ? start + joint : 0, fps: format.fps };
}

// Camera

type Point = readonly [number, number];

export interface Motion {
  zoom: Point;
  place: readonly [Point, Point];
}

export interface View {
  left: number;
  top: number;
  step: number;
}

const CHOSEN_FROM = ["zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down"] as const;
const PAN_REACH = 0.5;

/** What "auto" takes for a picture: by its bytes, so that moving a segment keeps it; `next` where neighbours agree. */
export async function autoChoices(digest: string): Promise<{ first: MotionName; next: MotionName }> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(digest)));
  const index = (hash[0] ?? 0) % CHOSEN_FROM.length;
  return { first: chosen(index), next: chosen(index + 1) };
}

const chosen = (index: number): MotionName => CHOSEN_FROM[index % CHOSEN_FROM.length] ?? "zoom-in";

export function motionNamed(name: Exclude<MotionName, "auto">, zoom: number, focus: Framing["focus"]): Motion {
  const [x = 0.5, y = 0.5] = focus;
  const pan = (1 + zoom) / 2;
  const [left, right] = around(x);
  const [up, down] = around(y);
  const here: Point = [x, y];
  switch (name) {
    case "still":
      return { zoom: [1, 1], place: [here, here] };
    case "zoom-in":
      return { zoom: [1, zoom], place: [here, here] };
    case "zoom-out":
      return { zoom: [zoom, 1], place: [here, here] };
    case "pan-right":
      return {
        zoom: [pan, pan],
        place: [
          [left, y],
          [right, y],
        ],
      };
    case "pan-left":
      return {
        zoom: [pan, pan],
        place: [
          [right, y],
          [left, y],
        ],
      };
    case "pan-down":
      return {
        zoom: [pan, pan],
        place: [
          [x, up],
          [x, down],
        ],
      };
    case "pan-up":
      return {
        zoom: [pan, pan],
        place: [
          [x, down],
          [x, up],
        ],
      };
    case "drift":
      return {
        zoom: [1, zoom],
        place: [
          [left, up],
          [right, down],
        ],
      };
  }
}

function around(middle: number): Point {
  const low = Math.min(Math.max(middle - PAN_REACH / 2, 0), 1 - PAN_REACH);
  return [low, low + PAN_REACH];
}

/** `source` and `frame` are (width, height); `step` is source pixels per pixel of the frame. */
export function viewAt(motion: Motion, progress: number, source: Point, frame: Point): View {
  const step = Math.min(source[0] / frame[0], source[1] / frame[1]) / between(motion.zoom, progress);
  const [from, to] = motion.place;
  return {
    left: (source[0] - frame[0] * step) * between([from[0], to[0]], progress),
    top: (source[1] - frame[1] * step) * between([from[1], to[1]], progress),
    step,
  };
}

const between = ([from, to]: Point, progress: number) => from + (to - from) * progress;

// Subtitles

export interface Cue {
  startS: number;
  endS: number;
  text: string;
}

const LINGER_S = 0.35;
const SENTENCE_END = /[.!?…。！？]['"”’)\]]*$/;
const CLAUSE_END = /[,;:—–]['"”’)\]]*$/;
type Word = Pick<SpokenWord, "text" | "start" | "end">;

/** Lines of at most `most` words, broken after sentences and clauses; seconds from the start of the narration. */
export function cuesOf(words: Word[], most: number): Cue[] {
  const lines = sentencesOf(words).flatMap((sentence) => linesOf(sentence, most));
  return lines.flatMap((line, index) => {
    const [first, last] = [line[0], line.at(-1)];
    if (!first || !last) return [];
    const following = lines[index + 1]?.[0]?.start ?? Number.POSITIVE_INFINITY;
    let end = Math.max(last.end + LINGER_S, first.start);
    if (following - end < LINGER_S) end = following;
    return [{ startS: first.start, endS: Math.min(end, following), text: line.map((word) => word.text).join(" ") }];
  });
}

function sentencesOf(words: Word[]): Word[][] {
  const sentences: Word[][] = [[]];
  for (const word of words) {
    sentences.at(-1)?.push(word);
    if (SENTENCE_END.test(word.text)) sentences.push([]);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

function linesOf(sentence: Word[], most: number): Word[][] {
  const lines: Word[][] = [];
  let left = sentence;
  while (left.length > most) {
    const cut = bestCut(left, most);
    lines.push(left.slice(0, cut));
    left = left.slice(cut);
  }
  return [...lines, left];
}

function bestCut(sentence: Word[], most: number): number {
  for (let count = most; count > Math.floor(most / 2); count -= 1)
    if (CLAUSE_END.test(sentence[count - 1]?.text ?? "")) return count;
  return Math.ceil(sentence.length / Math.ceil(sentence.length / most));
}

/** The line that stands in a frame of the shot, by whole frames as the video has it. */
export function cueAt(cues: Cue[], frame: number, shot: Shot, fps: number): Cue | undefined {
  return cues.find((cue) => {
    const first = Math.max(0, Math.floor((shot.soundStartS + cue.startS) * fps + 1e-6));
    const last = Math.min(shot.frames, Math.floor((shot.soundStartS + cue.endS) * fps + 1e-6));
    return first <= frame && frame < last;
  });
}
