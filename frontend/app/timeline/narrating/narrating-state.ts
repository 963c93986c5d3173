// Which narrations are under way or failed, by segment and by project; every tab fills it from the server's tasks.

import { create } from "zustand";

export interface Narrating {
  state: "busy" | "failed";
  words: string;
  task: string;
}

interface Tasks {
  bySegment: Record<number, Narrating | undefined>;
  /** Of many segments at once: how far it is. */
  byProject: Record<number, { task: string; done: number; total: number } | undefined>;
}

export const useNarrating = create<Tasks>(() => ({ bySegment: {}, byProject: {} }));
