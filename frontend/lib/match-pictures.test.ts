import { expect, it } from "vitest";
import { matchPictures } from "./match-pictures";

const match = (names: string[], count = 12, free = [...Array(count).keys()]) => {
  const found = matchPictures(
    names.map((name) => ({ name })),
    count,
    free,
  );
  return {
    pairs: found.matches.map((match) => [match.index, match.file.name]),
    unmatched: found.unmatched.map((value) => value.name),
  };
};

it("goes by number where every name has one", () => {
  expect(match(["03 forest.png", "segment_1.webp", "12-b.jpg"]).pairs).toEqual([
    [2, "03 forest.png"],
    [11, "12-b.jpg"],
    [0, "segment_1.webp"],
  ]);
});

it.each([
  [["IMG_20260131120000.jpg", "IMG_20260131120001.jpg"]],
  [["1.jpg", "dog.jpg"]],
  [["1.jpg", "1-b.jpg"]],
  [["1.jpg", "13.jpg"]],
])("goes by natural order for %j", (names) => {
  expect(match(names).pairs.map(([index]) => index)).toEqual([0, 1]);
});

it("fills only free places, and names what found none", () => {
  expect(match(["b2.jpg", "b10.jpg", "c.jpg"], 9, [4, 7])).toEqual({
    pairs: [
      [4, "b2.jpg"],
      [7, "b10.jpg"],
    ],
    unmatched: ["c.jpg"],
  });
});

it("passes over hidden files and what is no picture", () => {
  expect(match(["._1.jpg", "notes.txt", "a.jpg"]).pairs).toEqual([[0, "a.jpg"]]);
});

it("knows the other endings of a JPEG", () => {
  expect(match(["1.jfif", "2.jpe", "3.jpg ", "4.gif"]).pairs).toEqual([
    [0, "1.jfif"],
    [1, "2.jpe"],
    [2, "3.jpg "],
  ]);
});
