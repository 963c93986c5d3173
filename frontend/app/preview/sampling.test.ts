import { expect, it } from "vitest";
import { cellsOf, sampled } from "./sampling";

const line = (...frames: number[]) => {
  let start = 0;
  const shots = frames.map((frame) => {
    const shot = { start, frames: frame, soundStartS: 0 };
    start += frame;
    return shot;
  });
  return { shots, frames: start, fps: 30 };
};
const segment = (name: string | null) => ({ image_file: name });

it("gives each segment its share of the strip, and none is left out", () => {
  const cells = cellsOf(line(100, 300, 600), 1000);
  expect(cells.map((cell) => cell.from)).toEqual([0, 100, 400]);
  expect(cells.at(-1)?.width).toBeCloseTo(598.8);
  const many = cellsOf(line(...Array.from({ length: 2000 }, () => 30)), 1000);
  expect(many).toHaveLength(2000);
  expect(many.every((cell) => cell.width > 0)).toBe(true);
});

it("takes for each part of the film the picture nearest to its middle", () => {
  const segments = ["a", "b", "c", "d"].map(segment);
  expect(sampled(segments, line(4, 16, 4, 16), 2).map((value) => value?.image_file)).toEqual(["b", "d"]);
  expect(sampled(segments, line(10, 10, 10, 70), 2).map((value) => value?.image_file)).toEqual(["c", "d"]);
});

it("passes over segments without one, and leaves a part empty that has none", () => {
  const segments = ["a", null, null, null].map(segment);
  expect(sampled(segments, line(10, 10, 10, 10), 2).map((value) => value?.image_file)).toEqual(["a", undefined]);
});

it("has nothing to show of an empty film", () => {
  expect(cellsOf(line(), 1000)).toEqual([]);
  expect(sampled([], line(), 3)).toEqual([null, null, null]);
});
