// Where the caret goes: into the narration of a card that may not be drawn yet.

import { focusSoon } from "../page/segment-commands";

/** Once the card is drawn; at this character, or where the caret stood. With `end` what lies between is selected. */
export function editSoon(id: number, caret?: number, end = caret): void {
  focusSoon(id);
  setTimeout(() => {
    const field = document.getElementById(`t-${id}`) as HTMLTextAreaElement | null;
    field?.focus();
    if (caret !== undefined) field?.setSelectionRange(caret, end ?? caret);
  }, 60);
}

/** Where the caret of a segment's narration stands, or stood when the field was left; -1 when it is not drawn. */
export const caretIn = (id: number): number =>
  (document.getElementById(`t-${id}`) as HTMLTextAreaElement | null)?.selectionStart ?? -1;
