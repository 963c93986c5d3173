import { ImageIcon } from "lucide-react";
import { memo, useMemo } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Timeline } from "@/lib/film";
import type { Segment } from "@/lib/types";
import { cellsOf, sampled } from "./sampling";

interface BandsProps {
  segments: Segment[];
  timeline: Timeline;
  index: number;
}

const SAMPLES = 8;
const WIDTH = 1000;
const HEIGHT = 10;

/** A film of many segments: pictures from along its way, under them a cell for each segment, hollow without one. */
export const Bands = memo(({ segments, timeline, index }: BandsProps) => {
  const samples = useMemo(() => sampled(segments, timeline, SAMPLES), [segments, timeline]);
  const cells = useMemo(() => cellsOf(timeline, WIDTH), [timeline]);
  const path = (hasPicture: boolean) =>
    cells
      .flatMap(({ from, width }, at) =>
        (segments[at]?.image_file !== null) === hasPicture ? [`M${from} 0h${width}v${HEIGHT}h-${width}z`] : [],
      )
      .join("");
  const current = cells[index];
  return (
    <>
      <span className="samples">
        {samples.map((segment, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the film, whatever picture stands there
          <span key={place} className={segment ? "" : "none"}>
            {segment ? (
              <img src={thumbnailUrl(segment.id, 160, segment.updated_at)} alt="" draggable={false} />
            ) : (
              <ImageIcon aria-hidden className="s" />
            )}
          </span>
        ))}
      </span>
      <svg className="film-cells" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        <path className="has" d={path(true)} />
        <path className="lacks" d={path(false)} />
        {current && <rect className="cur" x={current.from} y={0} width={Math.max(current.width, 6)} height={HEIGHT} />}
      </svg>
    </>
  );
});
