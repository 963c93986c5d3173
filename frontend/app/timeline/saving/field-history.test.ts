import { afterEach, beforeEach, expect, it } from "vitest";
import { followFields, hasOwnHistory } from "./field-history";

let field: HTMLTextAreaElement;
let stop: () => void;

beforeEach(() => {
  stop = followFields();
  field = document.body.appendChild(document.createElement("textarea"));
  field.value = "One.";
  field.focus();
});
afterEach(() => {
  stop();
  field.remove();
});

function type(value: string, inputType = "insertText"): void {
  field.value = value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType }));
}

it("has nothing of its own before something is typed", () => {
  expect([hasOwnHistory(field, "undo"), hasOwnHistory(field, "redo")]).toEqual([false, false]);
});

it("has its own until it is back where the visit began", () => {
  type("One, and");
  expect(hasOwnHistory(field, "undo")).toBe(true);
  type("One.", "historyUndo");
  expect([hasOwnHistory(field, "undo"), hasOwnHistory(field, "redo")]).toEqual([false, true]);
  type("One, and", "historyRedo");
  expect([hasOwnHistory(field, "undo"), hasOwnHistory(field, "redo")]).toEqual([true, false]);
});

it("begins anew with the next visit, and is not upset by a text that came from elsewhere", () => {
  type("One, and");
  field.blur();
  field.focus();
  field.value = "From another tab.";
  expect(hasOwnHistory(field, "undo")).toBe(false);
});
