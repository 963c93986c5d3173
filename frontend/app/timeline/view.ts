// What a person is looking at and has chosen in the timeline; shared by cards, bars and dialogs.

import { create } from "zustand";

export type Filter = "all" | "picture" | "stale" | "locked";

interface View {
  currentId: number | null;
  filter: Filter;
  isSelecting: boolean;
  selected: ReadonlySet<number>;
  /** Segments that the Move to… dialog is about. */
  moving: number[] | null;
  /** Files dropped together, to be matched before they are applied. */
  files: File[] | null;
  /** Where a new segment is being written: behind this one, at the start with null. */
  adding: { after: number | null } | null;
  isPreviewOpen: boolean;
  isKeysOpen: boolean;
  isImporting: boolean;
  /** Dropped on the page, to be imported into the story. */
  script: File | null;
  /** What is being asked of one segment, in a dialog of its own. */
  asking: { what: "framing" | "restore" | "swap"; segment: number } | null;
  isRevising: boolean;
  /** A locked segment whose deletion is being asked about. */
  deletingLocked: number | null;
}

const START: View = {
  currentId: null,
  filter: "all",
  isSelecting: false,
  selected: new Set(),
  moving: null,
  files: null,
  adding: null,
  isPreviewOpen: false,
  isKeysOpen: false,
  isImporting: false,
  script: null,
  asking: null,
  isRevising: false,
  deletingLocked: null,
};

export const useView = create<View>(() => START);
export const look = useView.setState;
export const resetView = () => useView.setState(START, true);

export function toggleSelected(id: number): void {
  const selected = new Set(useView.getState().selected);
  if (!selected.delete(id)) selected.add(id);
  look({ selected, isSelecting: true });
}

export const stopSelecting = () => look({ isSelecting: false, selected: new Set() });
