// Where the segments of a long film stand in a strip of it, and which of their pictures stand for it.

import type { Timeline } from "@/lib/film";

interface Pictured {
  image_file: string | null;
}

export interface Cell {
  from: number;
  width: number;
}

/** Of each segment, over `width` units; a gap between two where there is room for one. */
export function cellsOf({ shots, frames }: Timeline, width: number): Cell[] {
  const unit = frames ? width / frames : 0;
  return shots.map((shot, at) => {
    const end = shots[at + 1]?.start ?? frames;
    const wide = (end - shot.start) * unit;
    return { from: round(shot.start * unit), width: round(wide > 4 ? wide - 1.2 : wide) };
  });
}

const round = (value: number) => Math.round(value * 100) / 100;

/** For each of `count` equal parts of the film the picture nearest to its middle, null where the part has none. */
export function sampled<It extends Pictured>(
  segments: It[],
  { shots, frames }: Timeline,
  count: number,
): (It | null)[] {
  return Array.from({ length: count }, (_, part) => {
    const [from, to] = [(frames * part) / count, (frames * (part + 1)) / count];
    const middle = (from + to) / 2;
    let found: It | null = null;
    let nearest = Number.POSITIVE_INFINITY;
    shots.forEach((shot, at) => {
      const segment = segments[at];
      const end = shot.start + shot.frames;
      if (!segment?.image_file || end <= from || shot.start >= to) return;
      const away =
        shot.start <= middle && middle < end ? 0 : Math.min(Math.abs(shot.start - middle), Math.abs(end - middle));
      if (away < nearest) [found, nearest] = [segment, away];
    });
    return found;
  });
}
