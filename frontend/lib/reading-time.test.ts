import { describe, expect, it } from "vitest";
import numbers from "./film-numbers/reading-times.json";
import { countsOf, readingTimeS } from "./reading-time";
import type { Pace } from "./types";

describe("the same reading times as the server", () => {
  it.each(numbers.texts)("counts and times $text", ({ text, counts, seconds }) => {
    expect(Object.values(countsOf(text))).toEqual(counts);
    for (const [voice, times] of Object.entries(seconds))
      numbers.readings.forEach((reading, index) => {
        const pace = numbers.paces[voice as keyof typeof numbers.paces] as Pace;
        expect(readingTimeS(text, pace, reading)).toBeCloseTo(times[index] ?? Number.NaN, 5);
      });
  });

  it("is longer for more text and nothing for none", () => {
    const [reading, pace] = [numbers.readings[0] as (typeof numbers.readings)[number], numbers.paces.heart];
    expect(readingTimeS("Two words", pace, reading)).toBeGreaterThan(readingTimeS("Two", pace, reading));
    expect(readingTimeS("…", pace, reading)).toBe(0);
  });
});
