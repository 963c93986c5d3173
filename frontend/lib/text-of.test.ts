import { expect, test } from "vitest";
import { decoded } from "./text-of";

const TEXT = "Text: Café, naïve – “yes”.\n---\nText: Größe.";
const utf16 = (text: string, isLittle: boolean, mark: string) =>
  new Uint8Array(
    [...mark, ...text].flatMap((char) => {
      const code = char.charCodeAt(0);
      return isLittle ? [code & 255, code >> 8] : [code >> 8, code & 255];
    }),
  );
const WESTERN: Record<string, number> = { "–": 0x96, "“": 0x93, "”": 0x94 };
const western = (text: string) => new Uint8Array([...text].map((char) => WESTERN[char] ?? char.charCodeAt(0)));

test("a story is read in each encoding that people save text in", () => {
  expect(decoded(new TextEncoder().encode(TEXT))).toBe(TEXT);
  expect(decoded(new TextEncoder().encode(`\ufeff${TEXT}`))).toBe(TEXT);
  for (const isLittle of [true, false])
    for (const mark of ["\ufeff", ""]) expect(decoded(utf16(TEXT, isLittle, mark))).toBe(TEXT);
  expect(decoded(western(TEXT))).toBe(TEXT);
});

test("what is no text is not taken for one", () => {
  for (const bytes of [
    [0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70],
    [0x89, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13],
    [0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2],
    [1, 2, 3, 0xe9],
  ])
    expect(decoded(new Uint8Array(bytes))).toBeNull();
});
