import { CircleDot, Square, X } from "lucide-react";
import { useEffect, useRef } from "react";
import type { Segment } from "@/lib/types";
import { clock } from "@/lib/words";
import { Button, IconButton } from "../../ui/button";
import { cancelRecording, level, startRecording, stopRecording, useRecording } from "./recording";

interface RecorderProps {
  segment: Segment;
  tab: 0 | -1;
}

export const RecordButton = ({ segment, tab }: RecorderProps) => (
  <Button size="small" kind="quiet" tabIndex={tab} onClick={() => void startRecording(segment)}>
    <CircleDot aria-hidden className="s" />
    Record
  </Button>
);

/** In place of the strip while its segment is being recorded: how long, how loud, Stop. */
export function Recorder({ tab }: { tab: 0 | -1 }) {
  const { isAsking, startedAt } = useRecording();
  const time = useRef<HTMLSpanElement>(null);
  const meter = useRef<HTMLElement>(null);
  const done = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) return;
    done.current?.focus();
    let [frame, shown] = [0, 0];
    const show = () => {
      // Falls slowly, so that a glance is enough.
      shown = Math.max(level(), shown * 0.92);
      meter.current?.style.setProperty("transform", `scaleX(${Math.min(1, Math.sqrt(shown)).toFixed(3)})`);
      meter.current?.classList.toggle("loud", shown > 0.97);
      time.current?.replaceChildren(clock(Math.floor((Date.now() - startedAt) / 1000)));
      frame = requestAnimationFrame(show);
    };
    show();
    return () => cancelAnimationFrame(frame);
  }, [isAsking, startedAt]);

  if (isAsking)
    return (
      <div className="strip" role="status">
        <span className="ring" aria-hidden />
        The browser asks for the microphone…
        <Button size="small" kind="quiet" tabIndex={tab} onClick={cancelRecording}>
          Cancel
        </Button>
      </div>
    );
  return (
    <div className="strip recorder">
      <span className="sr-only" role="status">
        Recording
      </span>
      <i className="rec-dot" aria-hidden />
      <span className="num" ref={time}>
        0:00
      </span>
      <span className="level" aria-hidden>
        <i ref={meter} />
      </span>
      <button ref={done} type="button" className="btn small primary" tabIndex={tab} onClick={stopRecording}>
        <Square aria-hidden className="s" />
        Stop and use
      </button>
      <IconButton label="Cancel the recording" tabIndex={tab} onClick={cancelRecording}>
        <X aria-hidden className="s" />
      </IconButton>
    </div>
  );
}
