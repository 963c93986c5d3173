import { ImageIcon } from "lucide-react";
import { memo, type PointerEvent, type RefObject } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Timeline } from "@/lib/film";
import type { Segment } from "@/lib/types";
import { clock } from "@/lib/words";
import { Bands } from "./film-bands";

interface StripProps {
  segments: Segment[];
  timeline: Timeline;
  index: number;
  head: RefObject<HTMLSpanElement | null>;
  onGo: (seconds: number) => void;
  onStep: (index: number) => void;
}

const MOST_PICTURES = 40;

/** The film as its pictures, each as wide as it is long; a place in it is a time. */
export const FilmStrip = memo(({ segments, timeline, index, head, onGo, onStep }: StripProps) => {
  const totalS = timeline.frames / timeline.fps;

  function scrub(event: PointerEvent<HTMLDivElement>) {
    if (event.buttons === 0) return;
    const place = event.currentTarget.getBoundingClientRect();
    onGo(((event.clientX - place.left) / place.width) * totalS);
  }

  return (
    <div
      className={`film ${segments.length > MOST_PICTURES ? "long" : ""}`}
      role="slider"
      tabIndex={0}
      aria-label="Position in the film"
      aria-valuemin={0}
      aria-valuemax={Math.round(totalS)}
      aria-valuenow={Math.round((timeline.shots[index]?.start ?? 0) / timeline.fps)}
      aria-valuetext={`Segment ${index + 1} of ${segments.length}, ${clock(totalS)} in all`}
      onPointerDown={scrub}
      onPointerMove={scrub}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
        if (!by) return;
        event.preventDefault();
        onStep(Math.min(Math.max(index + by, 0), segments.length - 1));
      }}
    >
      {segments.length <= MOST_PICTURES ? (
        <Pictures segments={segments} timeline={timeline} index={index} />
      ) : (
        <Bands segments={segments} timeline={timeline} index={index} />
      )}
      <span className="head" ref={head} aria-hidden />
    </div>
  );
});

type PartProps = Pick<StripProps, "segments" | "timeline" | "index">;

const Pictures = ({ segments, timeline, index }: PartProps) =>
  segments.map((segment, at) => (
    <span
      key={segment.id}
      className={`${at === index ? "cur" : ""} ${segment.image_file ? "" : "none"}`}
      style={{ flex: `${timeline.shots[at]?.frames ?? 1} 0 0` }}
    >
      {segment.image_file ? (
        <img src={thumbnailUrl(segment.id, 160, segment.updated_at)} alt="" loading="lazy" draggable={false} />
      ) : (
        <ImageIcon aria-hidden className="s" />
      )}
    </span>
  ));
