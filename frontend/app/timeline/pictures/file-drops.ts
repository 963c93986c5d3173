// Files dropped anywhere on the story: the card under the pointer takes one picture or sound, the page takes many.

import { useEffect } from "react";
import { create } from "zustand";
import type { Segment } from "@/lib/types";
import { refusalNow } from "../../shell/server";
import { toast } from "../../ui/toasts";
import { isSound, sendSound } from "../narrating/sounds";
import { numberOf, segmentsOf } from "../page/segment-commands";
import { setView } from "../page/view";
import { picturesIn } from "./picture-files";
import { sayLocked, sendPicture } from "./pictures";

/** Where files are being held: over a segment, over the page, or nowhere. */
export const useHeldFiles = create<{ over: number | "page" | null }>(() => ({ over: null }));

const hold = (over: number | "page" | null) => {
  if (useHeldFiles.getState().over !== over) useHeldFiles.setState({ over });
};

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

function cardOf(target: EventTarget | null): number | null {
  const card = target instanceof Element ? target.closest("li.seg") : null;
  return card ? Number(card.id.slice(2)) : null;
}

/** A dialog that takes files does so itself; one that takes none must not let them through to the page below. */
const isInDialog = (target: EventTarget | null) =>
  target instanceof Element && target.closest("[role=dialog], [role=alertdialog], [role=menu]") !== null;

export function useFileDrops(project: number): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event) || event.defaultPrevented || isInDialog(event.target)) return;
      event.preventDefault();
      hold(cardOf(event.target) ?? "page");
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && hold(null);
    const drop = (event: DragEvent) => {
      hold(null);
      if (!hasFiles(event) || event.defaultPrevented || isInDialog(event.target)) return;
      event.preventDefault();
      const card = cardOf(event.target);
      const segment = segmentsOf(project).find((segment) => segment.id === card);
      takeFiles(segment, event.dataTransfer);
    };
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", leave);
    document.addEventListener("drop", drop);
    return () => {
      hold(null);
      document.removeEventListener("dragover", over);
      document.removeEventListener("dragleave", leave);
      document.removeEventListener("drop", drop);
    };
  }, [project]);
}

/** What becomes of files that were dropped; `segment` is the card they are for, if they are for one. */
function takeFiles(segment: Segment | undefined, transfer: DataTransfer | null): void {
  const files = [...(transfer?.files ?? [])];
  const pictures = picturesIn(transfer);
  const script = files.length === 1 && files.find((file) => /\.(txt|md|markdown|json)$/i.test(file.name));
  const sound = files.find(isSound);
  if (pictures.length > 0) takePictures(segment, pictures);
  else if (sound && segment && files.length === 1) void sendSound(segment, sound);
  else if (sound) toast("Drop a recording on the card that it narrates, one at a time.");
  else if (script) setView({ isImporting: true, script });
  else if (files.length > 0) toast(notTaken(files), undefined, { isError: true });
}

export function takePictures(segment: Segment | undefined, pictures: File[]): void {
  const refusal = refusalNow();
  const [first] = pictures;
  if (refusal) toast(refusal, undefined, { isError: true });
  else if (!segment || pictures.length > 1) setView({ files: pictures, ...(segment && { currentId: segment.id }) });
  else if (segment.is_locked) sayLocked(segment);
  else if (first) void sendPicture(segment, first);
}

const notTaken = (files: File[]) =>
  files.length === 1
    ? `“${files[0]?.name}” is neither a picture nor a recording. JPEG, PNG and WebP, or a sound file, can be used.`
    : "None of these files is a picture or a recording.";

/** What a card says while a file is held over it. */
export function heldWords(segment: Segment): string {
  if (segment.is_locked) return `Segment ${numberOf(segment)} is locked`;
  return segment.image_file ? "Drop to replace its picture, or to narrate it" : "Drop a picture, or a recording";
}
