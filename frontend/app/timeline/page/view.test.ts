import { beforeEach, expect, it } from "vitest";
import { noteOrder, resetView, selectTo, setView, stopSelecting, toggleSelected, useView } from "./view";

const chosen = () => [...useView.getState().selected].sort();

beforeEach(() => {
  resetView();
  noteOrder([1, 2, 3, 4, 5, 6]);
});

it("chooses all from the one chosen last to this one, whichever stands first", () => {
  toggleSelected(5);
  selectTo(3);
  expect(chosen()).toEqual([3, 4, 5]);
  selectTo(6);
  expect(chosen()).toEqual([3, 4, 5, 6]);
});

it("takes back all between, after one was taken back", () => {
  toggleSelected(1);
  selectTo(6);
  toggleSelected(2);
  selectTo(4);
  expect(chosen()).toEqual([1, 5, 6]);
});

it("begins at the current one where none was chosen", () => {
  setView({ currentId: 2 });
  selectTo(4);
  expect([chosen(), useView.getState().isSelecting]).toEqual([[2, 3, 4], true]);
});

it("chooses only what a filter lets through", () => {
  noteOrder([1, 4, 6]);
  toggleSelected(1);
  selectTo(6);
  expect(chosen()).toEqual([1, 4, 6]);
});

it("forgets where a range begins when choosing ends", () => {
  toggleSelected(1);
  stopSelecting();
  selectTo(4);
  expect(chosen()).toEqual([4]);
});
