import { ImageIcon } from "lucide-react";
import { memo, type PointerEvent, type RefObject } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Timeline } from "@/lib/film";
import type { Segment } from "@/lib/types";
import { clock } from "@/lib/words";
import { Bands } from "./film-bands";

interface StripProps {
  segments: Segment[];
  line: Timeline;
  index: number;
  head: RefObject<HTMLSpanElement | null>;
  onGo: (seconds: number) => void;
  onStep: (index: number) => void;
}

const MOST_PICTURES = 40;

/** The film as its pictures, each as wide as it is long; a place in it is a time. */
export const FilmStrip = memo(({ segments, line, index, head, onGo, onStep }: StripProps) => {
  const totalS = line.frames / line.fps;

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
      aria-valuenow={Math.round((line.shots[index]?.start ?? 0) / line.fps)}
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
        <Pictures segments={segments} line={line} index={index} />
      ) : (
        <Bands segments={segments} line={line} index={index} />
      )}
      <span className="head" ref={head} aria-hidden />
    </div>
  );
});

type PartProps = Pick<StripProps, "segments" | "line" | "index">;

const Pictures = ({ segments, line, index }: PartProps) =>
  segments.map((it, at) => (
    <span
      key={it.id}
      className={`${at === index ? "cur" : ""} ${it.image_file ? "" : "none"}`}
      style={{ flex: `${line.shots[at]?.frames ?? 1} 0 0` }}
    >
      {it.image_file ? (
        <img src={thumbnailUrl(it.id, 160, it.updated_at)} alt="" loading="lazy" draggable={false} />
      ) : (
        <ImageIcon aria-hidden className="s" />
      )}
    </span>
  ));
