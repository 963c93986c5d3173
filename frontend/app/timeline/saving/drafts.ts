// What was typed and the server does not have yet: in memory for the page, in the tab's storage against a reload.

import { create } from "zustand";
import type { Segment } from "@/lib/types";

export type Field = "text_content" | "image_prompt";
export type DraftState = "waiting" | "saving" | "saved" | "retrying" | "failed" | "conflict";

export interface Draft {
  id: number;
  project: number;
  field: Field;
  text: string;
  /** The server's text that the typing started from. */
  base: string;
  state: DraftState;
  tries: number;
  reason?: string;
  /** With a conflict: the segment as another tab left it. */
  theirs?: Segment;
}

type Drafts = Record<string, Draft | undefined>;

const PREFIX = "storyflow.draft:";
export const keyOf = (id: number, field: Field) => `${id}:${field}`;

export const useDrafts = create<Drafts>(() => remembered());

export const draftOf = (id: number, field: Field) => useDrafts.getState()[keyOf(id, field)];
export const allDrafts = () => Object.values(useDrafts.getState()).filter((draft) => draft !== undefined);
export const isUnsaved = (draft: Draft | undefined) => draft !== undefined && draft.state !== "saved";

/** Kept in storage before anything else happens, so that no moment exists in which a keystroke is only in memory. */
export function putDraft(draft: Draft): void {
  const key = keyOf(draft.id, draft.field);
  try {
    if (draft.state === "saved") sessionStorage.removeItem(PREFIX + key);
    else {
      const { id, project, field, text, base } = draft;
      sessionStorage.setItem(PREFIX + key, JSON.stringify({ id, project, field, text, base }));
    }
  } catch {
    // A full or forbidden storage leaves memory, and the server a moment later.
  }
  useDrafts.setState({ [key]: draft });
}

export function changeDraft(id: number, field: Field, change: Partial<Draft>): void {
  const draft = draftOf(id, field);
  if (draft) putDraft({ ...draft, ...change });
}

export function dropDraft(id: number, field: Field): void {
  sessionStorage.removeItem(PREFIX + keyOf(id, field));
  useDrafts.setState({ [keyOf(id, field)]: undefined });
}

function remembered(): Drafts {
  const found: Drafts = {};
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
    try {
      const draft = JSON.parse(sessionStorage.getItem(key) ?? "") as Draft;
      found[keyOf(draft.id, draft.field)] = { ...draft, state: "waiting", tries: 0 };
    } catch {
      sessionStorage.removeItem(key);
    }
  }
  return found;
}
