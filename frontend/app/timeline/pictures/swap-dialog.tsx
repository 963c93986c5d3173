import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Segment } from "@/lib/types";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { swapPictures } from "./pictures";

interface SwapProps {
  segment: Segment;
  segments: Segment[];
  onClose: () => void;
}

/** The way to swap without dragging: by the other segment's number, which shows what it has. */
export default function SwapDialog({ segment, segments, onClose }: SwapProps) {
  const mine = segments.findIndex((other) => other.id === segment.id) + 1;
  const [written, setWritten] = useState(String(mine < segments.length ? mine + 1 : mine - 1));
  const other = /^\d+$/.test(written.trim()) ? segments[Number(written) - 1] : undefined;
  const refusal = refusalOf(segment, other, segments.length);

  async function swap() {
    if (refusal === null && other && (await swapPictures(segment, other))) onClose();
  }

  return (
    <Dialog
      title={`Swap picture of segment ${mine}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" refusal={refusal} onClick={() => void swap()}>
            {other && !other.image_file ? "Move" : "Swap"}
          </Button>
        </>
      }
    >
      <div className="content">
        <label className="flex items-center gap-3">
          Segment
          <span className="field w-24!">
            <input
              type="number"
              min={1}
              max={segments.length}
              value={written}
              aria-describedby="swap-says"
              aria-invalid={refusal !== null}
              onChange={(event) => setWritten(event.target.value)}
              onKeyDown={(event) => event.key === "Enter" && void swap()}
            />
          </span>
          of {segments.length}
        </label>
        <div className="swap">
          <Side segment={segment} number={mine} />
          <ArrowLeftRight aria-hidden />
          {other && other.id !== segment.id ? (
            <Side segment={other} number={Number(written)} />
          ) : (
            <span className="th" aria-hidden />
          )}
        </div>
        <p id="swap-says" className="text-ink-2 text-[13px]" role="status">
          {refusal ?? (other?.image_file ? other.text_content : `Segment ${written} has none yet, so it moves there.`)}
        </p>
      </div>
    </Dialog>
  );
}

function refusalOf(segment: Segment, other: Segment | undefined, total: number): string | null {
  if (!other) return `Choose a number from 1 to ${total}.`;
  if (other.id === segment.id) return "That is this segment. Choose another.";
  return other.is_locked ? "That segment is locked." : null;
}

function Side({ segment, number }: { segment: Segment; number: number }) {
  return (
    <figure>
      <span className="th">
        {segment.image_file ? (
          <img src={thumbnailUrl(segment.id, 480, segment.updated_at)} alt="" width={480} height={270} />
        ) : (
          "No picture"
        )}
      </span>
      <figcaption className="num">{number}</figcaption>
    </figure>
  );
}
