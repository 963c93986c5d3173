import { type KeyboardEvent, useRef, useState } from "react";
import type { Segment } from "@/lib/types";
import { moveSegments } from "../page/segment-commands";

/** Moving without a mouse: Space lifts, arrows move, Space drops, Escape puts back. */
export function useGripKeys(segment: Segment, number: number, total: number) {
  const [isLifted, setLifted] = useState(false);
  const from = useRef(number);
  const move = (to: number) => moveSegments(segment.project, [segment.id], Math.min(Math.max(to, 1), total));

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === " " || event.key === "Enter") {
      from.current = number;
      setLifted(!isLifted);
      tell(isLifted ? `Dropped at ${number} of ${total}.` : `Segment ${number} lifted.`);
    } else if (!isLifted) return;
    else if (event.key === "Escape") {
      move(from.current);
      setLifted(false);
      tell(`Put back at ${from.current}.`);
    } else if (event.key in STEPS) move(STEPS[event.key]?.(number, total) ?? number);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return { isLifted, onKeyDown, onBlur: () => setLifted(false) };
}

const STEPS: Record<string, (number: number, total: number) => number> = {
  ArrowUp: (number) => number - 1,
  ArrowDown: (number) => number + 1,
  Home: () => 1,
  End: (_, total) => total,
};

function tell(words: string): void {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}
