import { type RefObject, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { cardUrl, thumbnailUrl } from "@/lib/api";
import { type Cue, cueAt, cuesOf, formatOf, type Timeline, viewAt } from "@/lib/film";
import type { Segment, Settings } from "@/lib/types";
import { useWords } from "../queries";
import { hasLessMotion } from "../shell/appearance";
import { useFramingNews } from "../timeline/camera/framing-news";
import { type Look, lookOf } from "./motions";
import { subtitleClass } from "./subtitle-class";

export interface ScreenHandle {
  draw: (frame: number) => void;
}

interface ScreenProps {
  ref: RefObject<ScreenHandle | null>;
  segments: Segment[];
  index: number;
  settings: Settings;
  timeline: Timeline;
  onLook: (look: Look) => void;
}

/** Two layers, as in a joint; moved by transforms, never through React. */
export function Screen({ ref, segments, index, settings, timeline, onLook }: ScreenProps) {
  const frame = useRef(0);
  const layers = useRef(new Map<number, (frame: number) => void>());
  const subtitle = useRef<HTMLSpanElement>(null);
  const segment = segments[index];
  const words = useWords(segment ?? NOBODY, segment !== undefined).data;
  const { subtitles, subtitle_words: most } = settings;
  const cues = useMemo((): Cue[] => (subtitles && words ? cuesOf(words.words, most) : []), [words, subtitles, most]);
  const shot = timeline.shots[index];

  const draw = useCallback(
    (now: number) => {
      frame.current = now;
      for (const move of layers.current.values()) move(now);
      const cue = shot && cueAt(cues, now - shot.start, shot, timeline.fps);
      if (subtitle.current && subtitle.current.textContent !== (cue?.text ?? ""))
        subtitle.current.textContent = cue?.text ?? "";
    },
    [cues, shot, timeline],
  );
  useImperativeHandle(ref, () => ({ draw }), [draw]);
  useEffect(() => draw(frame.current), [draw]);

  const [width, height] = settings.size.split("x");
  return (
    <div className="screen" style={{ aspectRatio: `${width} / ${height}` }}>
      {[index - 1, index].map((at) => {
        const drawn = segments[at];
        return (
          drawn && (
            <Layer
              key={drawn.id}
              segments={segments}
              index={at}
              settings={settings}
              timeline={timeline}
              onLook={at === index ? onLook : undefined}
              register={layers.current}
              now={frame}
            />
          )
        );
      })}
      <p className={subtitleClass(settings)}>
        <span ref={subtitle} />
      </p>
    </div>
  );
}

interface LayerProps {
  segments: Segment[];
  index: number;
  settings: Settings;
  timeline: Timeline;
  onLook: ((look: Look) => void) | undefined;
  register: Map<number, (frame: number) => void>;
  now: RefObject<number>;
}

function Layer({ segments, index, settings, timeline, onLook, register, now }: LayerProps) {
  const segment = segments[index];
  const layer = useRef<HTMLDivElement>(null);
  const moved = useRef<HTMLElement>(null);
  const [shown, setShown] = useState<Look | null>(null);
  const [source, setSource] = useState<[number, number] | null>(null);

  useEffect(() => {
    let isCurrent = true;
    const ask = () =>
      void lookOf(segments, index, settings).then(
        (found) => isCurrent && setShown(found),
        () => undefined,
      );
    ask();
    const stop = useFramingNews.subscribe(ask);
    return () => {
      isCurrent = false;
      stop();
    };
  }, [segments, index, settings]);
  useEffect(() => {
    if (shown) onLook?.(shown);
  }, [shown, onLook]);

  useEffect(() => {
    const format = formatOf(settings);
    const shot = timeline.shots[index];
    if (!shot) return;
    function move(frame: number) {
      const [box, element] = [layer.current, moved.current];
      if (!box || !shot) return;
      const step = frame - shot.start;
      const isFading = index > 0 && step < format.transitionFrames;
      box.style.opacity = String(isFading ? Math.max(0, (step + 1) / (format.transitionFrames + 1)) : 1);
      if (!element || !shown || !source) return;
      const whole: [number, number] = [format.width, format.height];
      const from = shown.fit === "cover" ? source : whole;
      const progress = hasLessMotion() ? 0 : Math.min(Math.max(step / (shot.frames - 1), 0), 1);
      const view = viewAt(shown.motion, progress, from, whole);
      const scale = box.clientWidth / format.width / view.step;
      element.style.width = `${from[0]}px`;
      element.style.height = `${from[1]}px`;
      element.style.transform = `scale(${scale}) translate(${-view.left}px, ${-view.top}px)`;
    }
    register.set(index, move);
    move(now.current);
    const resized = new ResizeObserver(() => move(now.current));
    if (layer.current) resized.observe(layer.current);
    return () => {
      register.delete(index);
      resized.disconnect();
    };
  }, [shown, source, settings, timeline, index, register, now]);

  if (!segment) return null;
  if (!segment.image_file)
    return (
      <div className="layer" ref={layer}>
        <img className="title-card" alt="" src={cardOf(segment, settings)} />
      </div>
    );
  const url = thumbnailUrl(segment.id, 960, segment.updated_at);
  const isWhole = shown && shown.fit !== "cover";
  return (
    <div className="layer" ref={layer}>
      <div className="moved" ref={moved as RefObject<HTMLDivElement>}>
        {isWhole && shown.fit === "contain-blur" && <img className="behind" src={url} alt="" />}
        <img
          src={url}
          alt=""
          className={isWhole ? "whole" : ""}
          onLoad={({ currentTarget: it }) => setSource([it.naturalWidth, it.naturalHeight])}
        />
      </div>
      {/* How a picture is framed is found out once; meanwhile its middle is shown. */}
      {!shown && <img className="still" alt="" src={url} />}
    </div>
  );
}

/** As the film has it: its words depend on whether they are also spoken. */
function cardOf({ id, updated_at, audio_file }: Segment, settings: Settings): string {
  const { size, card_look, subtitles, subtitle_place, subtitle_size } = settings;
  const version = [updated_at, audio_file ? "said" : "", subtitles ? subtitle_place + subtitle_size : ""].join("-");
  return cardUrl(id, size, 960, version, card_look);
}

const NOBODY = { id: 0, audio_file: null, updated_at: "" } as Segment;
