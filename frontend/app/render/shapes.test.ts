import { expect, it } from "vitest";
import { ratioOf, SHAPES, shapeOfSize, sizeIn } from "./shapes";

it.each([
  ["1920x1080", "Wide"],
  ["854x480", "Wide"],
  ["720x1280", "Tall"],
  ["900x900", "Square"],
  ["1440x1080", undefined],
])("%s is %s", (size, name) => expect(shapeOfSize(size)?.name).toBe(name));

it.each([
  ["1920x1080", ["1920x1080", "1080x1920", "1080x1080"]],
  ["854x480", ["854x480", "480x854", "480x480"]],
  ["1080x1920", ["1920x1080", "1080x1920", "1080x1080"]],
  ["1440x1080", ["1920x1080", "1080x1920", "1080x1080"]],
])("the sizes of a story of %s are %j", (own, sizes) =>
  expect(SHAPES.map((shape) => sizeIn(shape, own))).toEqual(sizes),
);

it("calls a size by its ratio, or by its sides", () => {
  expect(ratioOf("720x1280")).toBe("9:16");
  expect(ratioOf("1440x1080")).toBe("1440 × 1080");
});
