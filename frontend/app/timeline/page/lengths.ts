// How long each segment is: as it was narrated, else about as long as its voice takes to read it.

import { useMemo } from "react";
import { formatOf, layOut, type Timeline } from "@/lib/film";
import { readingTimeS } from "@/lib/reading-time";
import type { ProjectDetail, Segment, SegmentChoices, Settings, Voice } from "@/lib/types";
import { useSegmentChoices, useVoices } from "../../queries";

export interface StoryTimes {
  timeline: Timeline;
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
  const own = new Map(choices?.map((choice) => [choice.id, choice]));
  const paces = new Map(voices?.map((voice) => [voice.id, voice.pace]));
  const reading = {
    speed: settings.speed,
    sentencePauseS: settings.sentence_pause_s,
    paragraphPauseS: settings.paragraph_pause_s,
  };
  const lengths = segments.map((segment) => {
    if (segment.audio_file) return segment.audio_duration;
    const pace = paces.get(own.get(segment.id)?.voice ?? settings.voice) ?? voices?.[0]?.pace;
    return (pace && readingTimeS(segment.text_content, pace, reading)) || null;
  });
  const first = segments.findIndex((segment) => !segment.audio_file);
  return {
    timeline: layOut(
      lengths,
      formatOf(settings),
      segments.map((segment) => own.get(segment.id)?.pause_s ?? null),
    ),
    known: first < 0 ? segments.length : first,
  };
}
