import { expect, it } from "vitest";
import { promptsOf } from "./prompts";

it("numbers each prompt by its segment, on one line, as many digits as the story needs", () => {
  const prompts = ["A ferry", "", "A clock\n  in snow", ...Array.from({ length: 7 }, () => "")];
  expect(promptsOf(prompts.map((image_prompt) => ({ image_prompt })))).toEqual(["01. A ferry", "03. A clock in snow"]);
});
