// How long each segment is: as it was narrated, else about as long as its voice takes to read it.

import { useMemo } from "react";
import { formatOf, layOut, type Timeline } from "@/lib/film";
import { readingTimeS } from "@/lib/reading-time";
import type { ProjectDetail, Segment, SegmentChoices, Settings, Voice } from "@/lib/types";
import { useSegmentChoices, useVoices } from "../queries";

export interface StoryTimes {
  line: Timeline;
  /** How many segments stand at the beginning whose lengths are known; behind them every time is an estimate. */
  known: number;
}

export function useStoryTimes(project: ProjectDetail, settings: Settings): StoryTimes {
  const voices = useVoices().data;
  const choices = useSegmentChoices(project.id).data;
  return useMemo(() => timesOf(project.segments, settings, voices, choices), [project, settings, voices, choices]);
}

export function timesOf(
  segments: Segment[],
  settings: Settings,
  voices: Voice[] | undefined,
  choices: SegmentChoices[] | undefined,
): StoryTimes {
  const own = new Map(choices?.map((it) => [it.id, it]));
  const paces = new Map(voices?.map((it) => [it.id, it.pace]));
  const reading = {
    speed: settings.speed,
    sentencePauseS: settings.sentence_pause_s,
    paragraphPauseS: settings.paragraph_pause_s,
  };
  const lengths = segments.map((it) => {
    if (it.audio_file) return it.audio_duration;
    const pace = paces.get(own.get(it.id)?.voice ?? settings.voice) ?? voices?.[0]?.pace;
    return (pace && readingTimeS(it.text_content, pace, reading)) || null;
  });
  const first = segments.findIndex((it) => !it.audio_file);
  return {
    line: layOut(
      lengths,
      formatOf(settings),
      segments.map((it) => own.get(it.id)?.pause_s ?? null),
    ),
    known: first < 0 ? segments.length : first,
  };
}
