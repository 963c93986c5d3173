import { expect, it } from "vitest";
import { placesIn, replacedIn } from "./find";

const found = (text: string, words: string, how = {}) =>
  placesIn(text, { words, isCase: false, isWhole: false, ...how }).map(({ from, to }) => text.slice(from, to));

it("finds words whatever their case, or only as they are written", () => {
  expect(found("Mira saw MIRA and mirage.", "mira")).toEqual(["Mira", "MIRA", "mira"]);
  expect(found("Mira saw MIRA and mirage.", "Mira", { isCase: true })).toEqual(["Mira"]);
  expect(found("Ärger und ärger", "ÄRGER")).toEqual(["Ärger", "ärger"]);
});

it("finds whole words only, in any script", () => {
  expect(found("Mira, mirage; Mira’s", "mira", { isWhole: true })).toEqual(["Mira", "Mira"]);
  expect(found("Öl und Ölung", "Öl", { isWhole: true })).toEqual(["Öl"]);
});

it("takes what it is given for text, never for a pattern", () => {
  expect(found("Is it (or not)? a.b axb", "(or not)?")).toEqual(["(or not)?"]);
  expect(found("a.b axb", "a.b")).toEqual(["a.b"]);
  expect(found("1/2 [x] {y} a|b c\\d $5 ^", "c\\d")).toEqual(["c\\d"]);
});

it("finds typed quotation marks and line breaks as they stand in a text", () => {
  expect(found("It’s “late”.", 'it\'s "late"')).toEqual(["It’s “late”"]);
  expect(found("the old\nclock", "old clock")).toEqual(["old\nclock"]);
});

it("finds nothing for blanks", () => {
  expect(found("a b", " ")).toEqual([]);
});

it("puts other words in, dollar signs as they are", () => {
  const text = "a cat, a cat";
  const places = placesIn(text, { words: "cat", isCase: false, isWhole: false });
  expect(replacedIn(text, places, "$& dog")).toBe("a $& dog, a $& dog");
  expect(replacedIn(text, [], "x")).toBe(text);
});
