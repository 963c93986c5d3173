// What a person is looking at and has chosen in the timeline; shared by cards, bars and dialogs.

import { create } from "zustand";

export type Filter = "all" | "picture" | "stale" | "locked";

interface View {
  currentId: number | null;
  /** What a person scrolled to, where the current one is out of view; the preview shows it. */
  seenId: number | null;
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
  seenId: null,
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
export const setView = useView.setState;
export function resetView(): void {
  anchor = null;
  useView.setState(START, true);
}

/** The segments in view, in their order; what lies between two is by this. */
let order: number[] = [];
/** The one that was chosen or taken back last: a range begins there. */
let anchor: number | null = null;

export const noteOrder = (ids: number[]) => {
  order = ids;
};

export function toggleSelected(id: number): void {
  const selected = new Set(useView.getState().selected);
  if (!selected.delete(id)) selected.add(id);
  anchor = id;
  setView({ selected, isSelecting: true });
}

/** All from the one chosen last, or the current one, to this one; after one was taken back, they are too. */
export function selectTo(id: number): void {
  const { selected, currentId } = useView.getState();
  const [from, to] = [order.indexOf(anchor ?? currentId ?? id), order.indexOf(id)];
  if (from < 0 || to < 0) {
    toggleSelected(id);
    return;
  }
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  const isOn = anchor === null || selected.has(anchor);
  const chosen = isOn ? [...selected, ...range] : [...selected].filter((id) => !range.includes(id));
  anchor = id;
  setView({ selected: new Set(chosen), isSelecting: true });
}

export function stopSelecting(): void {
  anchor = null;
  setView({ isSelecting: false, selected: new Set() });
}
