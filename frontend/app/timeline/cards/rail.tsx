import type { MouseEvent, PointerEvent, ReactNode } from "react";
import type { Segment } from "@/lib/types";
import { clock } from "@/lib/words";
import { whenPressEnds } from "../../ui/press";
import { selectTo, toggleSelected, useView } from "../page/view";

interface RailProps {
  segment: Segment;
  number: number;
  startS: number;
  isAbout: boolean;
  tab: 0 | -1;
  children: ReactNode;
}

/** The segment on whose rail the mouse was pressed, while it has not been drawn onto another one; 0 once it has. */
let pressed: number | null = null;

function press(id: number): void {
  pressed = id;
  whenPressEnds(() => {
    pressed = null;
  });
}

/** Choose all from the one pressed to this one, or take all back if that one was chosen. */
function drawTo(id: number): void {
  if (pressed === null || pressed === id) return;
  if (pressed) toggleSelected(pressed);
  pressed = 0;
  selectTo(id);
}

/** Beside each card: its number and time, and while some are being chosen a box that all of it ticks. */
export function Rail({ segment, number, startS, isAbout, tab, children }: RailProps) {
  const isSelecting = useView((view) => view.isSelecting);
  const isSelected = useView((view) => view.selected.has(segment.id));
  const choose = (isRange: boolean) => (isRange ? selectTo(segment.id) : toggleSelected(segment.id));

  function onClick(event: MouseEvent) {
    const isWanted = isSelecting || event.shiftKey || event.ctrlKey || event.metaKey;
    if (!isWanted || (event.target as Element).closest("input, button")) return;
    choose(event.shiftKey);
  }

  function onPointerDown(event: PointerEvent) {
    const isMouse = event.pointerType === "mouse" && event.button === 0 && !event.shiftKey;
    if (isSelecting && isMouse && !(event.target as Element).closest("button")) press(segment.id);
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a larger place to click; keys have the box, X and Shift with arrows
    <div
      className={`rail ${isSelecting ? "selecting" : ""}`}
      onClick={onClick}
      onPointerDown={onPointerDown}
      onPointerEnter={() => drawTo(segment.id)}
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
    >
      <b className="num">{number}</b>
      <time>
        {isAbout && <span aria-hidden>≈ </span>}
        {isAbout && <span className="sr-only">about </span>}
        {clock(startS)}
      </time>
      {isSelecting && (
        <input
          type="checkbox"
          tabIndex={tab}
          checked={isSelected}
          aria-label={`Select segment ${number}`}
          aria-description="With Shift: all from the one chosen before."
          onChange={() => undefined}
          onClick={(event) => choose(event.shiftKey)}
        />
      )}
      {children}
    </div>
  );
}
