import { expect, it } from "vitest";
import { blocksOf, placesOf, wordAt } from "./spoken";

const word = (text: string, start: number, end: number, char = 0) => ({ text, start, end, char, length: text.length });

it("makes a block of each word, as long as it sounds, and a gap where the voice pauses", () => {
  const blocks = blocksOf([word("a", 0.3, 0.6), word("b", 0.62, 1)], 1.5);
  expect(blocks.map((block) => [block.isPause, Number(block.grow.toFixed(2))])).toEqual([
    [true, 0.3],
    [false, 0.3],
    [false, 0.38],
    [true, 0.5],
  ]);
});

it("never draws more blocks than can be seen", () => {
  const words = Array.from({ length: 1000 }, (_, index) => word("w", index, index + 1));
  expect(blocksOf(words, 1000).length).toBeLessThanOrEqual(90);
});

it("knows the word that is said", () => {
  const words = [word("a", 0.3, 0.6), word("b", 1, 2)];
  expect([0, 0.5, 0.8, 1.5].map((at) => wordAt(words, at))).toEqual([-1, 0, 0, 1]);
});

it("finds words behind characters that JavaScript counts twice", () => {
  const text = "😀 sea";
  const [place] = placesOf(text, [word("sea", 0, 1, 2)]);
  expect(text.slice(place?.from, place?.to)).toBe("sea");
});
