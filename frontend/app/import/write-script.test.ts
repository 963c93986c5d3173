import { expect, it } from "vitest";
import { guessKind, readScript } from "./read-script";
import { writeScript } from "./write-script";

const readBack = (segments: { text_content: string; image_prompt: string }[]) => {
  const source = writeScript(segments);
  return readScript(source, guessKind(source)).rows.map(({ text, prompt }) => ({
    text_content: text,
    image_prompt: prompt,
  }));
};

it("writes blocks that read back as the same segments", () => {
  const segments = [
    { text_content: "The ferry came - late.", image_prompt: "A ferry" },
    { text_content: "It left.", image_prompt: "" },
  ];
  expect(writeScript(segments)).toBe("Text: The ferry came - late.\nPrompt: A ferry\n\n---\n\nText: It left.\n");
  expect(readBack(segments)).toEqual(segments);
});

it.each(["Two\nlines.", "One.\n---\nTwo.", "Text: is what he said", "a  b\nPrompt: c", "tab\tand\u2028more"])(
  "loses nothing of %j",
  (text) => {
    const segments = [{ text_content: text, image_prompt: "" }];
    expect(readBack(segments)).toEqual(segments);
  },
);
