import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Segment } from "@/lib/types";

interface PointProps {
  segment: Segment;
  focus: number[];
  onChange: (focus: number[]) => void;
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A point on the whole picture; 0 to 1 from the left and the top. */
export function FocusPoint({ segment, focus, onChange }: PointProps) {
  const picture = useRef<HTMLDivElement>(null);
  const point = useRef<HTMLButtonElement>(null);
  const [x = 0.5, y = 0.5] = focus;
  // Keys come faster than React draws: the next step goes on from the last, not from what is shown.
  const latest = useRef(focus);
  latest.current = focus;

  function put(to: number[]) {
    latest.current = to;
    onChange(to);
  }

  function take(event: PointerEvent) {
    const box = picture.current?.getBoundingClientRect();
    if (!box) return;
    put([within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)]);
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key];
    const by = event.shiftKey ? 0.1 : 0.01;
    const [fromX = 0.5, fromY = 0.5] = latest.current;
    if (step) put([within(fromX + step[0] * by), within(fromY + step[1] * by)]);
    else if (event.key === "Home") put([0.5, 0.5]);
    else return;
    event.preventDefault();
  }

  return (
    <div
      ref={picture}
      className="focus-picture"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        point.current?.focus();
        take(event);
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && take(event)}
    >
      <img src={thumbnailUrl(segment.id, 960, segment.updated_at)} alt="" draggable={false} />
      <button
        ref={point}
        type="button"
        role="slider"
        className="focus-point"
        style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
        aria-label="Focus"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(x * 100)}
        aria-valuetext={`${Math.round(x * 100)}% from the left, ${Math.round(y * 100)}% from the top`}
        aria-description="Arrows move it, with Shift further; Home puts it in the middle."
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

const within = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
