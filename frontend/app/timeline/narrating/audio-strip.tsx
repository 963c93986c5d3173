import { Clock, Hourglass, Lock, Mic, Pause, Play, TriangleAlert, Volume2 } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, memo, useEffect, useMemo, useRef } from "react";
import { blocksOf, wordAt } from "@/lib/spoken";
import type { Segment, Words } from "@/lib/types";
import { clock } from "@/lib/words";
import { useSegmentChoices, useVoices, useWords } from "../../queries";
import { Button } from "../../ui/button";
import { segmentsOf } from "../page/segment-commands";
import { cancelNarrating, narrateOne } from "./narrating";
import type { Narrating } from "./narrating-state";
import { listen, playedS, seek, toggle, usePlayer } from "./player";
import { RecordButton, Recorder } from "./recorder";
import { useRecording } from "./recording";

interface StripProps {
  segment: Segment;
  number: number;
  narrating: Narrating | undefined;
  tab: 0 | -1;
}

/** The spoken words, one block each; or what there is to do for there to be any. */
export function AudioStrip({ segment, number, narrating, tab }: StripProps) {
  const { data } = useWords(segment);
  const isPlaying = usePlayer((player) => player.id === segment.id && player.isPlaying);
  const isRecording = useRecording((state) => state.segment === segment.id);
  const chips = <Chips segment={segment} />;
  if (isRecording) return <Recorder tab={tab} />;
  if (narrating?.state === "busy")
    return <Busy segment={segment} words={narrating.words} isStoppable={narrating.task !== ""} tab={tab} />;
  if (!segment.audio_file)
    return (
      <div className="strip">
        {!segment.is_locked && (
          <>
            <Button size="small" tabIndex={tab} onClick={() => void narrateOne(segment)}>
              <Mic aria-hidden className="s" />
              Narrate
            </Button>
            <RecordButton segment={segment} tab={tab} />
          </>
        )}
        {narrating?.state === "failed" ? (
          <Failed reason={narrating.words} />
        ) : (
          <span className="text-ink-3">No narration yet. {!segment.is_locked && "Rendering makes it for you."}</span>
        )}
        <span className="ml-auto flex flex-wrap gap-1.5">{chips}</span>
      </div>
    );
  const isStale = data?.stale === true;
  return (
    <div className="strip">
      <button
        type="button"
        className={`play ${isPlaying ? "on" : ""}`}
        tabIndex={tab}
        aria-label={isPlaying ? "Pause" : `Play ${isStale ? "the old " : ""}narration of segment ${number}`}
        onClick={() => toggle(segment)}
      >
        {isPlaying ? <Pause aria-hidden /> : <Play aria-hidden />}
      </button>
      {data && <Blocks segment={segment} words={data} number={number} tab={tab} />}
      <Time segment={segment} />
      {narrating?.state === "failed" && <Failed reason={narrating.words} />}
      {isStale && (
        <span className="chip warn" title={data.stale_reason ?? undefined}>
          <Clock aria-hidden className="s" />
          {data.stale_reason?.includes("text") ? "Text changed" : "Voice or speed changed"}
        </span>
      )}
      {isStale && !segment.is_locked && (
        <Button size="small" tabIndex={tab} onClick={() => void narrateOne(segment)}>
          Narrate again
        </Button>
      )}
      {chips}
    </div>
  );
}

/** What this one has otherwise than the others. */
function Chips({ segment }: { segment: Segment }) {
  const { data } = useSegmentChoices(segment.project);
  const voices = useVoices().data;
  const own = data?.find((choice) => choice.id === segment.id);
  const voice = voices?.find((voice) => voice.id === own?.voice)?.name ?? own?.voice;
  return (
    <>
      {voice && (
        <span className="chip" title="A voice of its own">
          <Volume2 aria-hidden className="s" />
          {voice}
        </span>
      )}
      {own?.pause_s != null && (
        <span className="chip" title="The pause after this segment">
          <Hourglass aria-hidden className="s" />
          {own.pause_s === 0 ? "No pause" : `${own.pause_s} s pause`}
        </span>
      )}
      {segment.is_locked && (
        <span className="chip">
          <Lock aria-hidden className="s" />
          Locked
        </span>
      )}
    </>
  );
}

const Failed = ({ reason }: { reason: string }) => (
  <span className="chip bad whitespace-normal!" role="alert">
    <TriangleAlert aria-hidden className="s" />
    Not narrated: {reason}
  </span>
);

interface BusyProps {
  segment: Segment;
  words: string;
  isStoppable: boolean;
  tab: 0 | -1;
}

const Busy = ({ segment, words, isStoppable, tab }: BusyProps) => (
  <div className="strip" role="status">
    <span className="ring" aria-hidden />
    {words}
    {isStoppable && (
      <Button size="small" kind="quiet" tabIndex={tab} onClick={() => void cancelNarrating(segment)}>
        Stop
      </Button>
    )}
  </div>
);

function Time({ segment }: { segment: Segment }) {
  const span = useRef<HTMLSpanElement>(null);
  const isHere = usePlayer((player) => player.id === segment.id);
  const length = clock(segment.audio_duration ?? 0);
  useEffect(() => {
    if (!isHere) return;
    const show = (now: number) => span.current?.replaceChildren(`${clock(now)} / ${length}`);
    show(playedS());
    return listen(show);
  }, [isHere, length]);
  return (
    <span className="num" ref={span} key={String(isHere)}>
      {length}
    </span>
  );
}

interface BlocksProps {
  segment: Segment;
  words: Words;
  number: number;
  tab: 0 | -1;
}

const Blocks = memo(({ segment, words, number, tab }: BlocksProps) => {
  const strip = useRef<HTMLDivElement>(null);
  const duration = words.duration ?? segment.audio_duration ?? 0;
  const blocks = useMemo(() => blocksOf(words.words, duration), [words, duration]);
  const isHere = usePlayer((player) => player.id === segment.id);

  useEffect(() => {
    if (!isHere) return;
    const show = (now: number) => mark(strip.current, blocks, now);
    show(playedS());
    const stop = listen(show);
    return () => {
      stop();
      mark(strip.current, blocks, -1);
    };
  }, [isHere, blocks]);

  function onClick(event: MouseEvent<HTMLDivElement>) {
    const place = event.currentTarget.getBoundingClientRect();
    seek(segment, ((event.clientX - place.left) / place.width) * duration);
  }

  function onKeyDown(event: KeyboardEvent) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) {
      const all = segmentsOf(segment.project);
      const next = all[all.findIndex((other) => other.id === segment.id) + by];
      if (next?.audio_file) seek(next, 0);
      return;
    }
    const now = isHere ? wordAt(words.words, playedS()) : 0;
    seek(segment, words.words[Math.max(0, Math.min(now + by, words.words.length - 1))]?.start ?? 0);
  }

  return (
    <div
      ref={strip}
      className={`words-strip ${words.stale ? "old" : ""}`}
      role="slider"
      tabIndex={tab}
      aria-label={`Position in the narration of segment ${number}`}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={0}
      aria-valuetext={`${words.words.length} words, ${clock(duration)}`}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      {blocks.map((block) => (
        <i key={block.start} className={block.isPause ? "p" : ""} style={{ flexGrow: block.grow }} />
      ))}
    </div>
  );
});

/** Only the blocks that change are touched. */
function mark(strip: HTMLElement | null, blocks: ReturnType<typeof blocksOf>, now: number): void {
  if (!strip) return;
  const current = blocks.findLastIndex((block) => !block.isPause && block.start <= now);
  blocks.forEach((block, index) => {
    const wanted = block.isPause ? "p" : index < current ? "d" : index === current ? "n" : "";
    const element = strip.children[index];
    if (element && element.className !== wanted) element.className = wanted;
  });
  strip.setAttribute("aria-valuenow", String(Math.max(0, Math.round(now))));
}
