import { describe, expect, it } from "vitest";
import { wordCount } from "@/lib/words";
import { isByLine, looksLikeTitle, shortened } from "./read-prose";
import { guessKind, readScript } from "./read-script";

const TALE = ["The river froze in a night.", "The clock in the tower stopped.", "“Who has the key?” asked Mira."];
const texts = (source: string, reading = {}) =>
  readScript(source, guessKind(source), reading).rows.map((row) => row.text);

describe("paragraphs that are single lines", () => {
  it("are a segment each, whatever the line ends are", () => {
    for (const end of ["\n", "\r\n", "\r"]) expect(texts(TALE.join(end))).toEqual(TALE);
  });

  it("are so under a title too", () => {
    expect(texts(`The Frozen Clock\n${TALE.join("\n")}`)).toEqual(["The Frozen Clock", ...TALE]);
  });

  it("are told from lines that are only wrapped", () => {
    const wrapped =
      "The river froze in a night and nobody in\nthe valley could say why it had done so. The\nclock stopped\nat nine.";
    expect(isByLine(wrapped)).toBe(false);
    expect(texts(wrapped)).toHaveLength(1);
  });

  it("are told from verses, of which a stanza stays together", () => {
    expect(texts("O river of ice,\nO bridge of stone,\nO night.\n\nThe second,\nthe last.")).toHaveLength(2);
  });
});

describe("a short first line", () => {
  const story = `The Frozen Clock\n\n${TALE.join("\n\n")}`;

  it("is the title and no segment", () => {
    const script = readScript(story, guessKind(story), { takesTitle: true });
    expect([script.title, script.isTitleGuessed, script.rows[0]?.text]).toEqual(["The Frozen Clock", true, TALE[0]]);
  });

  it("can be both, and is a segment where no title is asked for", () => {
    for (const reading of [{ takesTitle: true, keepsTitle: true }, {}])
      expect(texts(story, reading)[0]).toBe("The Frozen Clock");
  });

  it.each(["Who has the key?", "It froze.", "He said:", "—", "One, two,"])("is no title: %s", (line) => {
    expect(looksLikeTitle(line)).toBe(false);
  });

  it("is none over a list of lines that are all as short", () => {
    expect(readScript("Bread\n\nMilk\n\nEggs", "paragraphs", { takesTitle: true }).title).toBe("");
  });
});

describe("a long segment", () => {
  const long = Array.from({ length: 40 }, (_, n) => `On day ${n} it was a long way home to the lamp.`).join(" ");

  it("is cut after sentences into parts of about as many words, and loses none", () => {
    const parts = shortened([{ text: long, prompt: "A lamp", line: 0 }], 35);
    expect(parts.map((row) => row.text).join(" ")).toBe(long);
    for (const { text } of parts) expect(wordCount(text)).toBeLessThanOrEqual(45);
    expect(parts.map((row) => row.prompt)).toEqual(["A lamp", ...parts.slice(1).map(() => "")]);
  });

  it("stays when it is but a little longer, or one sentence", () => {
    const rows = [
      { text: "Five words are said here.", prompt: "", line: 0 },
      { text: `${"word ".repeat(90)}end.`, prompt: "", line: 1 },
    ];
    expect(shortened(rows, 4)).toEqual(rows);
  });
});

describe("Markdown", () => {
  it("makes a segment of each item of a list, without its mark", () => {
    const source = "# T\n\nBefore.\n\n- The river froze.\n- The clock\n  stopped.\n\n1. One came.\n2. Two went.";
    expect(texts(source)).toEqual(["Before.", "The river froze.", "The clock stopped.", "One came.", "Two went."]);
  });

  it("reads no table aloud and says so", () => {
    const script = readScript("# T\n\nBefore.\n\n| a | b |\n|---|---|\n| one | two |\n\nAfter.", "markdown");
    expect(script.rows.map((row) => row.text)).toEqual(["Before.", "After."]);
    expect(script.unused.join(" ")).toMatch(/one\s+two/);
  });

  it("gives a picture to the words below it, at the end to those above", () => {
    const script = readScript("# T\n\nOne.\n\n![Dawn](a.jpg)\n\nTwo.\n\nThree.\n\n![Dusk](b.jpg)", "markdown");
    expect(script.rows.map((row) => row.prompt)).toEqual(["", "Dawn", "Dusk"]);
  });
});

it("makes a segment of each item of a list in plain prose, and leaves a single number alone", () => {
  expect(texts("Before all.\n\n• The river froze.\n• The clock stopped.")).toEqual([
    "Before all.",
    "The river froze.",
    "The clock stopped.",
  ]);
  expect(texts("It was May.\n\n1. May was a Friday.")).toEqual(["It was May.", "1. May was a Friday."]);
});
