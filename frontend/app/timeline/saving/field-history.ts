// Whether Ctrl Z in a field is the field's own: a browser does not tell, so each visit to a field is followed here.

interface Visit {
  field: EventTarget | null;
  /** As it was when the visit began. */
  start: string;
  isTouched: boolean;
  /** How often the field's own undo was used since something was typed. */
  undone: number;
}

const visit: Visit = { field: null, start: "", isTouched: false, undone: 0 };

const textIn = (field: EventTarget | null) =>
  field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.value : "";

/** From here on the field's own history counts as empty. */
export function beginVisit(field: EventTarget | null): void {
  Object.assign(visit, { field, start: textIn(field), isTouched: false, undone: 0 });
}

/** What was typed in this visit can be undone by the field itself; what it undid, redone. */
export function hasOwnHistory(field: EventTarget | null, way: "undo" | "redo"): boolean {
  if (field !== visit.field || !visit.isTouched) return false;
  return way === "undo" ? textIn(field) !== visit.start : visit.undone > 0;
}

export function followFields(): () => void {
  const onFocus = ({ target }: FocusEvent) => beginVisit(target);
  const onInput = (event: Event) => {
    if (event.target !== visit.field) beginVisit(event.target);
    const kind = event instanceof InputEvent ? event.inputType : "";
    visit.isTouched = true;
    visit.undone =
      kind === "historyUndo" ? visit.undone + 1 : kind === "historyRedo" ? Math.max(0, visit.undone - 1) : 0;
  };
  document.addEventListener("focusin", onFocus);
  document.addEventListener("input", onInput);
  return () => {
    document.removeEventListener("focusin", onFocus);
    document.removeEventListener("input", onInput);
  };
}
