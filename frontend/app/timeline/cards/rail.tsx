import type { MouseEvent, ReactNode } from "react";
import type { Segment } from "@/lib/types";
import { clock } from "@/lib/words";
import { selectTo, toggleSelected, useView } from "../page/view";

interface RailProps {
  segment: Segment;
  number: number;
  startS: number;
  isAbout: boolean;
  tab: 0 | -1;
  children: ReactNode;
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

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a larger place to click; keys have the box, X and Shift with arrows
    <div
      className={`rail ${isSelecting ? "selecting" : ""}`}
      onClick={onClick}
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
