// The preview's clock: the voice leads while it speaks, frames count where it is silent.

import { useCallback, useEffect, useRef, useState } from "react";
import type { Timeline } from "@/lib/film";
import type { Segment } from "@/lib/types";
import { pause, play, playedS, usePlayer } from "../timeline/narrating/player";

export interface Transport {
  isPlaying: boolean;
  toggle: () => void;
  goTo: (seconds: number) => void;
}

/** `onFrame` is told the time of the film, in seconds, as often as the screen is drawn. */
export function useTransport(segments: Segment[], timeline: Timeline, onFrame: (seconds: number) => void): Transport {
  const [isPlaying, setPlaying] = useState(false);
  const at = useRef(0);
  const spoken = useRef<number | null>(null);
  const endS = timeline.frames / timeline.fps;

  const goTo = useCallback(
    (seconds: number) => {
      at.current = Math.min(Math.max(seconds, 0), endS);
      spoken.current = null;
      if (usePlayer.getState().isPlaying) pause();
      onFrame(at.current);
    },
    [endS, onFrame],
  );

  useEffect(() => {
    if (!isPlaying) return;
    let frame = 0;
    let before = performance.now();
    function tick(now: number) {
      at.current = advanced(now - before);
      before = now;
      onFrame(at.current);
      if (at.current >= endS) {
        setPlaying(false);
        goTo(0);
      } else frame = requestAnimationFrame(tick);
    }
    function advanced(passedMs: number): number {
      const index = shotAt(timeline, at.current * timeline.fps);
      const [shot, segment] = [timeline.shots[index], segments[index]];
      if (!shot || !segment) return endS;
      const beginS = shot.start / timeline.fps + shot.soundStartS;
      const { id, isPlaying: isHeard } = usePlayer.getState();
      if (isHeard && id === segment.id) return beginS + playedS();
      const length = segment.audio_duration ?? 0;
      const isDue = at.current >= beginS - 0.03 && at.current < beginS + length - 0.05;
      if (segment.audio_file && isDue && spoken.current !== segment.id) {
        spoken.current = segment.id;
        play(segment, [], Math.max(0, at.current - beginS));
        return at.current;
      }
      return at.current + passedMs / 1000;
    }
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, segments, timeline, endS, onFrame, goTo]);

  function toggle() {
    spoken.current = null;
    if (isPlaying && usePlayer.getState().isPlaying) pause();
    setPlaying(!isPlaying);
  }

  return { isPlaying, toggle, goTo };
}

/** The shot that a frame belongs to; in a joint the one that fades in. */
export function shotAt(timeline: Timeline, frame: number): number {
  let [low, high] = [0, timeline.shots.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((timeline.shots[middle]?.start ?? 0) <= frame) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}
