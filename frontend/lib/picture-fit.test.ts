import { expect, it } from "vitest";
import { factsOf } from "./picture-fit";

const wide = { width: 1920, height: 1080, fit: "cover" as const };
const tall = { width: 1080, height: 1920, fit: "cover" as const };
const facts = (width: number, height: number, frame = wide) => factsOf({ width, height }, frame);

it("says that a picture fills the frame, or what is cropped off it", () => {
  expect(facts(2400, 1350).words).toBe("2,400 × 1,350, fills 16:9 without cropping");
  expect(facts(2400, 1350, tall).words).toBe("2,400 × 1,350, 68% cropped left and right for 9:16");
  expect(facts(2000, 2000).words).toBe("2,000 × 2,000, 44% cropped above and below for 16:9");
});

it("warns of one that has too few pixels, and of nothing else", () => {
  expect(facts(640, 360)).toEqual({ words: "640 × 360, soft at 1080p", soft: "Soft at 1080p" });
  expect(facts(400, 400).words).toBe("400 × 400, soft at 1080p, 44% cropped above and below");
  for (const [width, height] of [
    [1280, 720],
    [1536, 1024],
    [4000, 3000],
  ] as const)
    expect(facts(width, height).soft).toBeNull();
});

it("judges by the film's own size and fit", () => {
  expect(factsOf({ width: 640, height: 360 }, { width: 854, height: 480, fit: "cover" }).soft).toBeNull();
  expect(factsOf({ width: 1200, height: 600 }, { ...tall, fit: "contain" })).toEqual({
    words: "1,200 × 600, whole, with borders",
    soft: null,
  });
  expect(factsOf({ width: 1200, height: 600 }, tall).soft).toBe("Soft at 1080p");
});
