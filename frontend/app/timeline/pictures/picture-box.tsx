import { ArrowLeftRight, ImageUp, Trash2 } from "lucide-react";
import { memo, useRef, useState } from "react";
import { thumbnailUrl } from "@/lib/api";
import type { Segment } from "@/lib/types";
import { IconButton } from "../../ui/button";
import { setView } from "../page/view";
import { takePictures } from "./file-drops";
import { usePictureDrag } from "./picture-drag";
import { PICTURES } from "./picture-files";
import { Refused, UnderWay } from "./picture-sending";
import { removePicture, sayLocked, swapPictures, useSendings } from "./pictures";
import { SoftChip } from "./soft-chip";

interface BoxProps {
  segment: Segment;
  number: number;
  tab: 0 | -1;
}

/** The picture, or the place for one; every way in ends in the same act. */
export const PictureBox = memo(({ segment, number, tab }: BoxProps) => {
  const sending = useSendings((all) => all[segment.id]);
  const input = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement & HTMLButtonElement>(null);
  const isSwapOver = usePictureDrag(segment, box, swap);
  const has = segment.image_file !== null;
  const choose = () => input.current?.click();
  const isUnderWay = sending !== undefined && !sending.reason;

  const swapWords = has ? "Drop to swap" : "Drop to move here";
  const over = isSwapOver ? "over" : "";

  return (
    <div className="self-start">
      <input
        ref={input}
        type="file"
        hidden
        multiple
        id={`f-${segment.id}`}
        accept={PICTURES}
        aria-label={`Picture file for segment ${number}`}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = "";
          if (files.length) takePictures(segment, files);
        }}
      />
      {has || isUnderWay ? (
        <div ref={box} className={`pic ${over}`} data-over={swapWords}>
          {isUnderWay ? (
            <UnderWay segment={segment} sending={sending} />
          ) : (
            <Picture segment={segment} number={number} />
          )}
          {!isUnderWay && <SoftChip segment={segment} />}
          {!isUnderWay && !segment.is_locked && (
            <div className="tools">
              <IconButton label={`Replace the picture of segment ${number}`} tabIndex={tab} onClick={choose}>
                <ArrowLeftRight aria-hidden className="s" />
              </IconButton>
              <IconButton
                label={`Remove the picture of segment ${number}`}
                tabIndex={tab}
                onClick={() => void removePicture(segment)}
              >
                <Trash2 aria-hidden className="s" />
              </IconButton>
            </div>
          )}
        </div>
      ) : (
        <button
          ref={box}
          type="button"
          className={`pic empty ${over}`}
          data-over={swapWords}
          tabIndex={tab}
          onClick={() => (segment.is_locked ? sayLocked(segment) : choose())}
        >
          <ImageUp aria-hidden />
          <b>Drop a picture</b>{" "}
          <span>
            or <u>browse</u>, or paste<span className="sr-only">, for segment {number}</span>
          </span>
        </button>
      )}
      {sending?.reason && <Refused segment={segment} sending={sending} onChoose={choose} />}
    </div>
  );
});

const swap = (from: Segment, to: Segment) => void swapPictures(from, to);

const SIZES = "(min-width: 1280px) 212px, (min-width: 640px) 164px, 100vw";

function Picture({ segment, number }: { segment: Segment; number: number }) {
  const [isBroken, setBroken] = useState("");
  const url = (width: number) => thumbnailUrl(segment.id, width, segment.updated_at);
  if (isBroken === segment.updated_at)
    return (
      <div className="grid h-full place-content-center justify-items-center gap-1 p-3 text-center text-[13px] text-ink-2">
        This picture cannot be shown. The file may have been changed outside StoryFlow.
        {!segment.is_locked && (
          <button
            type="button"
            className="link"
            onClick={() => setView({ asking: { what: "restore", segment: segment.id } })}
          >
            Restore an earlier picture
          </button>
        )}
      </div>
    );
  return (
    <img
      src={url(480)}
      srcSet={[240, 480, 960].map((width) => `${url(width)} ${width}w`).join(", ")}
      sizes={SIZES}
      width={480}
      height={270}
      loading="lazy"
      draggable={false}
      decoding="async"
      alt={segment.image_prompt || `Picture of segment ${number}`}
      onError={() => setBroken(segment.updated_at)}
    />
  );
}
