import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { type RefObject, useEffect, useState } from "react";
import type { Segment } from "@/lib/types";
import { segmentsOf } from "../page/segment-commands";

/** A picture can be dropped on another card's picture, or on the place for one; both swap. */
export function usePictureDrag(
  segment: Segment,
  box: RefObject<HTMLElement | null>,
  onSwap: (from: Segment, to: Segment) => void,
): boolean {
  const [isOver, setOver] = useState(false);
  const { id, project, is_locked: isLocked } = segment;
  const has = segment.image_file !== null;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const target = dropTargetForElements({
      element,
      getData: () => ({ pictureOf: id }),
      canDrop: ({ source }) => typeof source.data.picture === "number" && source.data.picture !== id,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const all = segmentsOf(project);
        const [from, to] = [source.data.picture, id].map((value) => all.find((other) => other.id === value));
        if (from && to) onSwap(from, to);
      },
    });
    if (!has || isLocked) return target;
    return combine(target, draggable({ element, getInitialData: () => ({ picture: id }) }));
  }, [id, project, has, isLocked, box, onSwap]);

  return isOver;
}
