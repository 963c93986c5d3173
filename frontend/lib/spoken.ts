import type { SpokenWord } from "./types";

/** A block of the audio strip: a word (or, in a long text, a few) or the pause before it; `grow` is its seconds. */
export interface Block {
  isPause: boolean;
  start: number;
  grow: number;
}

const PAUSE_S = 0.12;
const MOST_BLOCKS = 90;

export function blocksOf(words: SpokenWord[], duration: number): Block[] {
  const size = Math.ceil(words.length / MOST_BLOCKS);
  const blocks: Block[] = [];
  let at = 0;
  for (let index = 0; index < words.length; index += size) {
    const group = words.slice(index, index + size);
    const [start, end] = [group[0]?.start ?? at, group.at(-1)?.end ?? at];
    if (start - at > PAUSE_S) blocks.push({ isPause: true, start: at, grow: start - at });
    blocks.push({ isPause: false, start, grow: Math.max(end - start, 0.05) });
    at = end;
  }
  if (duration - at > PAUSE_S) blocks.push({ isPause: true, start: at, grow: duration - at });
  return blocks;
}

export const wordAt = (words: SpokenWord[], seconds: number): number =>
  words.findLastIndex((word) => word.start <= seconds + 0.02);

/** Places in the text as JavaScript counts: the server counts characters, JavaScript halves of some. */
export function placesOf(text: string, words: SpokenWord[]): { from: number; to: number }[] {
  const isPlain = !/[\ud800-\udfff]/.test(text);
  const units = isPlain ? null : [0, ...[...text].map((char) => char.length)];
  if (units)
    for (let index = 1; index < units.length; index += 1) units[index] = (units[index - 1] ?? 0) + (units[index] ?? 0);
  const place = (char: number) => (units ? (units[Math.min(char, units.length - 1)] ?? char) : char);
  return words.map((word) => ({ from: place(word.char), to: place(word.char + word.length) }));
}
