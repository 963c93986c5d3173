import { useEffect } from "react";
import type { Segment } from "@/lib/types";
import { startRender } from "../../render/rendering";
import { useAppearance } from "../../shell/appearance";
import { redoLast, undoLast } from "../../undo";
import { showSegment } from "../cards/segment-list";
import { narrateOne } from "../narrating/narrating";
import { toggle } from "../narrating/player";
import { openFinding } from "../page/finding";
import { askDelete, focusSoon, segmentsOf, setLocked, step } from "../page/segment-commands";
import { setView, stopSelecting, toggleSelected, useView } from "../page/view";
import { duplicate } from "../page/writing-commands";
import { picturesIn } from "../pictures/picture-files";
import { sendPicture } from "../pictures/pictures";
import { editSoon } from "../saving/editing";
import { beginVisit, followFields, hasOwnHistory } from "../saving/field-history";
import { saveAll } from "../saving/saving";

type KeyCommand = (segment: Segment, event: KeyboardEvent) => void;

const LETTERS: Record<string, KeyCommand> = {
  u: ({ id }) => document.getElementById(`f-${id}`)?.click(),
  c: ({ id }) => document.querySelector<HTMLElement>(`#s-${id} [data-copy]`)?.click(),
  l: (segment) => void setLocked([segment], !segment.is_locked),
  g: (segment) => void narrateOne(segment),
  p: () => setView({ isPreviewOpen: true }),
  m: ({ id }) => setView({ moving: [id] }),
  x: ({ id }) => toggleSelected(id),
  a: ({ id }) => setView({ adding: { after: id } }),
  d: (segment) => void duplicate(segment),
};

/** Everything that can be done with a mouse; single letters only while a card, not a field, has the focus. */
export function useTimelineKeys(project: number, shown: Segment[]): void {
  useEffect(followFields, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => void onTimelineKey(event, project, shown);
    const onPaste = (event: ClipboardEvent) => {
      const picture = picturesIn(event.clipboardData)[0];
      const current = currentOf(project);
      if (!picture || !current || isInDialog(event.target)) return;
      event.preventDefault();
      void sendPicture(current, picture);
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("paste", onPaste);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("paste", onPaste);
    };
  }, [project, shown]);
}

const currentOf = (project: number) =>
  segmentsOf(project).find((segment) => segment.id === useView.getState().currentId);
const isInDialog = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null;
const isField = (target: Element) => target.matches("input:not([type=checkbox]), textarea, select");

/** What is selected in a field, when it is a few words and not the whole. */
function selectedIn(target: Element): string {
  if (!(target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement)) return "";
  const words = target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  return words.length <= 80 && !words.includes("\n") ? words : "";
}

async function onTimelineKey(event: KeyboardEvent, project: number, shown: Segment[]): Promise<void> {
  const target = event.target as Element;
  if (event.defaultPrevented || isInDialog(target)) return;
  const isCtrl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (isCtrl && event.shiftKey && key === "enter") {
    event.preventDefault();
    return void startRender(project);
  }
  if (isCtrl && (key === "z" || key === "y")) {
    const way = event.shiftKey || key === "y" ? "redo" : "undo";
    if (isField(target) && hasOwnHistory(target, way)) return;
    event.preventDefault();
    await saveAll();
    await (way === "redo" ? redoLast(project) : undoLast(project));
    if (isField(target)) beginVisit(target);
    return;
  }
  if (isCtrl && key === "f" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    return openFinding(selectedIn(target).trim());
  }
  if (isField(target)) return;
  const current = currentOf(project);
  const isOnCard = target.matches("li.seg, h1, body");
  if (isCtrl && key === "a" && isOnCard) {
    event.preventDefault();
    setView({ isSelecting: true, selected: new Set(shown.map((segment) => segment.id)) });
  } else if (isCtrl) return;
  else if (event.key === "/") {
    event.preventDefault();
    openFinding();
  } else if (event.key === "?") setView({ isKeysOpen: true });
  else if (event.key === "Escape" && useView.getState().isSelecting) stopSelecting();
  else if (current && target.closest("li.seg, body") && onCardKey(event, current, shown, isOnCard))
    event.preventDefault();
}

/** Whether the key meant something. */
function onCardKey(event: KeyboardEvent, current: Segment, shown: Segment[], isOnCard: boolean): boolean {
  const key = event.key;
  if (event.altKey) {
    if (key !== "ArrowUp" && key !== "ArrowDown") return false;
    step(current, key === "ArrowUp" ? -1 : 1);
    focusSoon(current.id);
    return true;
  }
  if (!isOnCard) return false;
  const isLettered = useAppearance.getState().singleKeys;
  const place = shown.findIndex((segment) => segment.id === current.id);
  const goal = placeAfter(isLettered ? key : key.length === 1 && key !== " " ? "" : key, place, shown.length);
  const next = goal === null ? undefined : shown[goal];
  if (next) {
    if (event.shiftKey) {
      const selected = new Set([...useView.getState().selected, current.id, next.id]);
      setView({ isSelecting: true, selected });
    }
    showSegment(next.id);
  } else if (key === "Enter") editSoon(current.id);
  else if (key === " ") toggle(current, event.shiftKey ? shown.slice(place + 1) : []);
  else if (key === "Delete" || key === "Backspace") deleteChosen(current);
  else if (isLettered && LETTERS[key.toLowerCase()]) LETTERS[key.toLowerCase()]?.(current, event);
  else return false;
  return true;
}

function placeAfter(key: string, place: number, count: number): number | null {
  if (key === "ArrowDown" || key.toLowerCase() === "j") return Math.min(place + 1, count - 1);
  if (key === "ArrowUp" || key.toLowerCase() === "k") return Math.max(place - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}

function deleteChosen(current: Segment): void {
  const { selected } = useView.getState();
  const chosen = segmentsOf(current.project).filter((segment) => selected.has(segment.id));
  askDelete(chosen.length ? chosen : [current]);
}
