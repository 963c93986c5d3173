import { describe, expect, it } from "vitest";
import { guessKind, readScript } from "./read-script";

const texts = (source: string, kind: Parameters<typeof readScript>[1]) =>
  readScript(source, kind).rows.map((row) => row.text);

describe("text blocks", () => {
  it("are cut at lines of three or more hyphens, whatever the line ends are", () => {
    expect(texts("Text: One.\r\n---\r\nText: Two.\n-----  \ntext: Three - or 3-4.", "blocks")).toEqual([
      "One.",
      "Two.",
      "Three - or 3-4.",
    ]);
  });

  it("let a line without a prefix continue the one above", () => {
    const [row] = readScript(
      "SEGMENT 1\nText: It was\nlate.\nPrompt: A door\nin rain\nTEXT: Very late.",
      "blocks",
    ).rows;
    expect([row?.text, row?.prompt]).toEqual(["It was late. Very late.", "A door in rain"]);
  });

  it("name the block without narration, and its line", () => {
    const { rows } = readScript("Text: One.\n---\nPrompt: only this\n---\nText:", "blocks");
    expect(rows.map((row) => [row.line, row.problem])).toEqual([
      [0, undefined],
      [2, "Block 2 has no Text: line."],
      [4, "Block 3 has nothing after its Text: line."],
    ]);
  });

  it("count the words that no segment has, but not the headings", () => {
    const script = readScript("A preface of mine.\nText: One two.\n---\nSEGMENT 2\nText: Three.", "blocks");
    expect([script.unused, script.wordsIn]).toEqual([["A preface of mine."], 7]);
  });
});

describe("JSON", () => {
  it("may be a story or a bare list", () => {
    const list = '[{"text_content": " a "}, {"text_content": "b", "image_prompt": "p"}]';
    expect(readScript(list, "json").rows.map((row) => [row.text, row.prompt])).toEqual([
      ["a", ""],
      ["b", "p"],
    ]);
    expect(readScript(`{"title": "T", "segments": ${list}}`, "json").title).toBe("T");
  });

  it("says where it is broken", () => {
    expect(readScript('{\n"segments": [\n}', "json").rows[0]?.problem).toMatch(/not valid JSON; look at line \d/);
    expect(readScript('[{"text": "a"}]', "json").rows[0]?.problem).toBe("Segment 1 has no text_content.");
    expect(readScript("{}", "json").rows[0]?.problem).toBe("There is no list of segments.");
  });
});

it("reads Markdown: first heading, paragraphs, and quotes or pictures as prompts", () => {
  const script = readScript(
    "# The *lamp*\n\nFirst **bold**\nline.\n\n> A ferry\n\n## Later\n\nSecond.\n\n![Dusk](a.jpg)",
    "markdown",
  );
  expect(script.title).toBe("The *lamp*".replaceAll("*", ""));
  expect(script.rows.map((row) => [row.text, row.prompt])).toEqual([
    ["First bold line.", "A ferry"],
    ["Second.", "Dusk"],
  ]);
  expect(script.unused).toEqual(["Later"]);
});

it("cuts plain prose by paragraph or by sentence", () => {
  const prose = "One. Two!\n\nThree?";
  expect(texts(prose, "paragraphs")).toEqual(["One. Two!", "Three?"]);
  expect(texts(prose, "sentences")).toEqual(["One.", "Two!", "Three?"]);
});

it.each([
  ['{"segments": []}', "json"],
  ["SEGMENT 1\nText: a", "blocks"],
  ["# Title\n\nprose", "markdown"],
  ["Just prose.", "paragraphs"],
] as const)("takes %j for %s", (source, kind) => {
  expect(guessKind(source)).toBe(kind);
});

const blocks = (source: string) => texts(source, "blocks");

it("what cannot be seen beside hyphens does not keep them from dividing", () => {
  for (const mark of ["", "\u00a0", "\u202f", "\u200b", "\ufeff", "\u2060\u00a0"])
    expect(blocks(`Text: One.\n${mark}---${mark}\n${mark}Text： Two.`)).toEqual(["One.", "Two."]);
});

it("other lines drawn between two texts divide, within one text they are narration", () => {
  for (const rule of ["———", "–––", "***", "___", "===", "~~~", "— — —", "- - -", "* * *"]) {
    expect(blocks(`Text : One.\n${rule}\nHeading\nText: Two.\n${rule}\nText: Three.`)).toEqual([
      "One.",
      "Two.",
      "Three.",
    ]);
    expect(blocks(`Text: One.\n${rule}\nMore.`)).toEqual([`One. ${rule} More.`]);
  }
  expect(blocks("Text: One.\n--\nText: Two.")).toEqual(["One. -- Two."]);
});

it("segments of a drawn line know the line that they begin at", () => {
  const { rows } = readScript("Text: One.\n\n***\n\nText: Two.\n---\nText: Three.", "blocks");
  expect(rows.map((row) => row.line)).toEqual([0, 4, 6]);
});

it("a story with wide colons is known as one of blocks", () => {
  expect(guessKind("Title\n\u00a0Text：One.")).toBe("blocks");
});
