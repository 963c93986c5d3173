import { Captions, Maximize, Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { formatOf, type Timeline } from "@/lib/film";
import type { ProjectDetail, Segment, Settings } from "@/lib/types";
import { clock } from "@/lib/words";
import { chooseForProject } from "../render/choosing";
import { setView, useView } from "../timeline/page/view";
import { usePictureFacts } from "../timeline/pictures/soft-chip";
import { IconButton } from "../ui/button";
import { FilmStrip } from "./film-strip";
import type { Look } from "./motions";
import { MOTION_WORDS } from "./motions";
import { Screen, type ScreenHandle } from "./screen";
import { shotAt, useTransport } from "./transport";

interface PreviewProps {
  project: ProjectDetail;
  settings: Settings;
  timeline: Timeline;
}

/** The film as it will be, before it is rendered: the same motion, joints and subtitles by the same numbers. */
export default function Preview({ project, settings, timeline }: PreviewProps) {
  const { segments } = project;
  const currentId = useView((view) => view.seenId ?? view.currentId);
  const [index, setIndex] = useState(0);
  const [seen, setSeen] = useState<Look | null>(null);
  const screen = useRef<ScreenHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLSpanElement>(null);
  const time = useRef<HTMLSpanElement>(null);
  const totalS = timeline.frames / timeline.fps;

  const onFrame = useCallback(
    (seconds: number) => {
      const frame = Math.min(Math.floor(seconds * timeline.fps + 1e-6), timeline.frames - 1);
      setIndex(shotAt(timeline, frame));
      screen.current?.draw(frame);
      if (head.current) head.current.style.left = `${(seconds / totalS) * 100}%`;
      time.current?.replaceChildren(clock(seconds));
    },
    [timeline, totalS],
  );
  const transport = useTransport(segments, timeline, onFrame);
  const { goTo, isPlaying } = transport;

  const startOf = useCallback((at: number) => (timeline.shots[at]?.start ?? 0) / timeline.fps, [timeline]);
  useEffect(() => {
    const at = segments.findIndex((segment) => segment.id === currentId);
    if (at >= 0 && !isPlaying) goTo(startOf(at) + (at > 0 ? (timeline.shots[at]?.soundStartS ?? 0) * 2 : 0));
  }, [currentId, segments, timeline, goTo, isPlaying, startOf]);

  function stepTo(at: number) {
    const segment = segments[at];
    if (!segment) return;
    setView({ currentId: segment.id });
    goTo(startOf(at));
  }

  const segment = segments[index];
  const format = formatOf(settings);
  return (
    <>
      <div className="cap">
        <h2>Preview</h2>
        <span className="text-ink-3 num">
          Segment {index + 1} of {segments.length}
        </span>
      </div>
      <div ref={box} className="screen-box">
        <Screen
          ref={screen}
          segments={segments}
          index={index}
          settings={settings}
          timeline={timeline}
          onLook={setSeen}
        />
      </div>
      <FilmStrip segments={segments} timeline={timeline} index={index} head={head} onGo={goTo} onStep={stepTo} />
      <div className="transport">
        <IconButton label="Previous segment" onClick={() => stepTo(Math.max(0, index - 1))}>
          <SkipBack aria-hidden />
        </IconButton>
        <button
          type="button"
          className="play"
          aria-label={isPlaying ? "Pause the preview" : "Play the preview"}
          onClick={transport.toggle}
        >
          {isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
        </button>
        <IconButton label="Next segment" onClick={() => stepTo(Math.min(segments.length - 1, index + 1))}>
          <SkipForward aria-hidden />
        </IconButton>
        <span className="num ml-2">
          <span ref={time}>0:00</span>
          <span className="text-ink-3"> / {clock(totalS)}</span>
        </span>
        <span className="grow" />
        <IconButton
          label={settings.subtitles ? "Subtitles are on" : "Subtitles are off"}
          aria-pressed={settings.subtitles}
          className={settings.subtitles ? "on" : ""}
          onClick={() => void chooseForProject(project.id, { subtitles: !settings.subtitles })}
        >
          <Captions aria-hidden />
        </IconButton>
        <IconButton label="Full screen" onClick={() => void box.current?.requestFullscreen()}>
          <Maximize aria-hidden />
        </IconButton>
      </div>
      <dl className="facts">
        <dt>Motion</dt>
        <dd>{motionWords(segment, seen)}</dd>
        <dt>Next</dt>
        <dd>{nextWords(index, segments.length, format.transitionFrames / format.fps)}</dd>
        {segment?.image_file && <PictureFact segment={segment} />}
        <dt>Sound</dt>
        <dd>{segment?.audio_file ? `${clock(segment.audio_duration ?? 0)} of narration` : "No sound yet"}</dd>
      </dl>
    </>
  );
}

function PictureFact({ segment }: { segment: Segment }) {
  const facts = usePictureFacts(segment);
  return (
    <>
      <dt>Picture</dt>
      <dd className={facts?.soft ? "text-warn!" : ""}>{facts?.words ?? "…"}</dd>
    </>
  );
}

function motionWords(segment: Segment | undefined, seen: Look | null): string {
  if (segment && !segment.image_file) return "None: a title card stands still";
  return seen ? MOTION_WORDS[seen.name] : "…";
}

function nextWords(index: number, total: number, fadeS: number): string {
  if (index + 1 >= total) return "The end";
  if (fadeS === 0) return `Hard cut to segment ${index + 2}`;
  return `${fadeS === 0.5 ? "Half-second" : `${Number(fadeS.toFixed(2))} s`} crossfade to segment ${index + 2}`;
}
