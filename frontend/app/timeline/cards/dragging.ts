import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { autoScrollWindowForElements } from "@atlaskit/pragmatic-drag-and-drop-auto-scroll/element";
import { attachClosestEdge, extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { type RefObject, useEffect, useState } from "react";
import type { Segment } from "@/lib/types";
import { toast } from "../../ui/toasts";
import { moveSegments, segmentsOf } from "../page/segment-commands";
import { useView } from "../page/view";

/** Only the grip starts a drag; a selection moves as one block. */
export function useDragged(
  segment: Segment,
  card: RefObject<HTMLElement | null>,
  grip: RefObject<HTMLElement | null>,
  canMove: boolean,
) {
  const [isDragged, setDragged] = useState(false);
  const [edge, setEdge] = useState<"top" | "bottom" | null>(null);
  const { id } = segment;

  useEffect(() => {
    const [element, dragHandle] = [card.current, grip.current];
    if (!canMove || !element || !dragHandle) return;
    return combine(
      draggable({
        element,
        dragHandle,
        getInitialData: () => ({ segment: id, order: segmentsOf(segment.project).map((segment) => segment.id) }),
        onDragStart: () => setDragged(true),
        onDrop: () => setDragged(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => typeof source.data.segment === "number",
        getData: ({ input }) => attachClosestEdge({ segment: id }, { element, input, allowedEdges: ["top", "bottom"] }),
        onDrag: ({ self, source }) =>
          setEdge(source.data.segment === id ? null : (extractClosestEdge(self.data) as "top" | "bottom" | null)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [id, segment.project, card, grip, canMove]);

  return { isDragged, edge };
}

/** Where a dragged card lands; once for the list. */
export function useDrops(project: number): void {
  useEffect(
    () =>
      combine(
        autoScrollWindowForElements(),
        monitorForElements({
          onDrop: ({ source, location }) => {
            const target = location.current.dropTargets[0]?.data;
            const moved = source.data.segment;
            if (!target || typeof moved !== "number") return;
            const order = segmentsOf(project).map((segment) => segment.id);
            if (String(order) !== String(source.data.order)) {
              toast("The order changed in another tab. Have another look.", undefined, { isError: true });
              return;
            }
            const { selected } = useView.getState();
            const ids = selected.has(moved) ? [...selected] : [moved];
            const rest = order.filter((id) => !ids.includes(id));
            const place = rest.indexOf(Number(target.segment));
            if (place >= 0) moveSegments(project, ids, place + (extractClosestEdge(target) === "bottom" ? 2 : 1));
          },
        }),
      ),
    [project],
  );
}
