import type { Segment } from "@/lib/types";
import { heldWords, useHeldFiles } from "./file-drops";

/** Around the page while files are held over it, but over no card. */
export function PageDrop() {
  const isHere = useHeldFiles((held) => held.over === "page");
  return isHere ? <p className="page-drop">Drop pictures to share them out over the segments</p> : null;
}

/** Over a card that files are held over. */
export function CardDrop({ segment }: { segment: Segment }) {
  const isHere = useHeldFiles((held) => held.over === segment.id);
  return isHere ? <span className="card-drop">{heldWords(segment)}</span> : null;
}
