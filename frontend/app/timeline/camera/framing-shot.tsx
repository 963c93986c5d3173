import { Pause, Play } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Timeline } from "@/lib/film";
import type { ProjectDetail, Settings } from "@/lib/types";
import { type Look, MOTION_WORDS } from "../../preview/motions";
import { Screen, type ScreenHandle } from "../../preview/screen";

interface ShotProps {
  project: ProjectDetail;
  index: number;
  settings: Settings;
  timeline: Timeline;
}

/** This segment's part of the film; it moves only when it is told to. */
export function Shot({ project, index, settings, timeline }: ShotProps) {
  const screen = useRef<ScreenHandle>(null);
  const [share, setShare] = useState(0.5);
  const [isPlaying, setPlaying] = useState(false);
  const [seen, setSeen] = useState<Look | null>(null);
  const shot = timeline.shots[index];

  const draw = useCallback(
    (at: number) => {
      setShare(at);
      if (shot) screen.current?.draw(shot.start + Math.round(at * (shot.frames - 1)));
    },
    [shot],
  );
  useEffect(() => {
    if (shot) screen.current?.draw(shot.start + Math.round(0.5 * (shot.frames - 1)));
  }, [shot]);
  useEffect(() => {
    if (!isPlaying || !shot) return;
    const begun = performance.now();
    const lastsMs = (shot.frames / timeline.fps) * 1000;
    let request = requestAnimationFrame(function step(now) {
      const at = Math.min(1, (now - begun) / lastsMs);
      draw(at);
      if (at < 1) request = requestAnimationFrame(step);
      else setPlaying(false);
    });
    return () => cancelAnimationFrame(request);
  }, [isPlaying, shot, timeline, draw]);

  return (
    <>
      <div className="screen-box">
        <Screen
          ref={screen}
          segments={project.segments}
          index={index}
          settings={settings}
          timeline={timeline}
          onLook={setSeen}
        />
      </div>
      <div className="moment">
        <button
          type="button"
          className="play"
          aria-label={isPlaying ? "Pause this shot" : "Play this shot"}
          onClick={() => setPlaying(!isPlaying)}
        >
          {isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
        </button>
        <input
          type="range"
          className="range"
          aria-label="Moment of the shot"
          aria-valuetext={`${Math.round(share * 100)}%`}
          min={0}
          max={1}
          step={0.01}
          value={share}
          onChange={(event) => {
            setPlaying(false);
            draw(Number(event.target.value));
          }}
        />
        <span className="text-ink-3 text-[13px]">{seen ? MOTION_WORDS[seen.name] : ""}</span>
      </div>
    </>
  );
}
