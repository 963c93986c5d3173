import { GripVertical, Lock, LockOpen } from "lucide-react";
import { memo, useRef } from "react";
import type { Segment } from "@/lib/types";
import { IconButton } from "../../ui/button";
import { useGripKeys } from "../keys/grip-keys";
import { AudioStrip } from "../narrating/audio-strip";
import { useNarrating } from "../narrating/narrating-state";
import { setLocked } from "../page/segment-commands";
import { setView, useView } from "../page/view";
import { CardDrop } from "../pictures/drop-signs";
import { PictureBox } from "../pictures/picture-box";
import { AddHere } from "./adding";
import { CardMenu } from "./card-menu";
import { useDragged } from "./dragging";
import { NarrationField } from "./narration-field";
import { PromptRow } from "./prompt-row";
import { Rail } from "./rail";

interface CardProps {
  segment: Segment;
  number: number;
  total: number;
  startS: number;
  /** Something before it is not narrated yet. */
  isAbout: boolean;
  /** Rows are virtual: where this one stands, and who measures it. */
  top: number;
  index: number;
  measure: (element: HTMLElement | null) => void;
  canMove: boolean;
}

export const SegmentCard = memo(
  ({ segment, number, total, startS, isAbout, top, index, measure, canMove }: CardProps) => {
    const isCurrent = useView((view) => view.currentId === segment.id);
    const isSelected = useView((view) => view.selected.has(segment.id));
    const narrating = useNarrating((all) => all.bySegment[segment.id]);
    const grip = useRef<HTMLButtonElement>(null);
    const card = useRef<HTMLLIElement>(null);
    const { isDragged, edge } = useDragged(segment, card, grip, canMove);
    const lifting = useGripKeys(segment, number, total);
    const tab = isCurrent ? 0 : -1;
    const state = [
      isCurrent && "now",
      segment.is_locked && "locked",
      isSelected && "chosen",
      isDragged && "dragged",
    ].filter(Boolean);
    return (
      <li
        ref={(element) => {
          card.current = element;
          measure(element);
        }}
        id={`s-${segment.id}`}
        data-index={index}
        data-first={number === 1 || undefined}
        data-last={number === total || undefined}
        className={`seg ${state.join(" ")}`}
        style={{ transform: `translateY(${top}px)` }}
        tabIndex={tab}
        aria-label={`Segment ${number}${segment.is_locked ? ", locked" : ""}${isSelected ? ", selected" : ""}`}
        aria-setsize={total}
        aria-posinset={number}
        onFocusCapture={() => setView({ currentId: segment.id })}
      >
        {canMove && number === 1 && (
          <AddHere project={segment.project} after={null} label="Add a segment at the start" tab={tab} />
        )}
        {edge && <span className={`drop-line ${edge}`} aria-hidden />}
        <Rail segment={segment} number={number} startS={startS} isAbout={isAbout} tab={tab}>
          {canMove && (
            <button
              ref={grip}
              type="button"
              className={`grip ${lifting.isLifted ? "lifted" : ""}`}
              tabIndex={tab}
              aria-label={`Move segment ${number}`}
              aria-pressed={lifting.isLifted}
              aria-description="Space lifts it, arrows move it, Space drops it, Escape puts it back."
              onKeyDown={lifting.onKeyDown}
              onBlur={lifting.onBlur}
            >
              <GripVertical aria-hidden />
            </button>
          )}
        </Rail>
        <div className="box">
          <CardDrop segment={segment} />
          <PictureBox segment={segment} number={number} tab={tab} />
          <div className="body">
            <div className="line1">
              <NarrationField segment={segment} number={number} tab={tab} />
              <div className="side-tools">
                <IconButton
                  label={segment.is_locked ? `Unlock segment ${number}` : `Lock segment ${number}`}
                  className={segment.is_locked ? "on" : ""}
                  tabIndex={tab}
                  onClick={() => void setLocked([segment], !segment.is_locked)}
                >
                  {segment.is_locked ? <Lock aria-hidden /> : <LockOpen aria-hidden />}
                </IconButton>
                <CardMenu segment={segment} number={number} total={total} tab={tab} />
              </div>
            </div>
            <PromptRow segment={segment} number={number} tab={tab} />
            <AudioStrip segment={segment} number={number} narrating={narrating} tab={tab} />
          </div>
        </div>
        {canMove && (
          <AddHere
            project={segment.project}
            after={segment.id}
            label={`Add a segment after segment ${number}`}
            tab={tab}
          />
        )}
      </li>
    );
  },
);
