// The choices that segments can have otherwise than their story, as menus, for one segment or for many.

import { Hourglass, Move3d, Proportions, Volume2 } from "lucide-react";
import type { Fit, MotionName, Segment } from "@/lib/types";
import { FITS } from "../../preview/fits";
import { MOTION_WORDS } from "../../preview/motions";
import { useSegmentChoices, useVoices } from "../../queries";
import { ENGINES, place } from "../../render/film-choices";
import { ChoiceItems, SubMenu } from "../../ui/menu";
import { chooseForSegments } from "./choosing-many";

interface ChoiceProps {
  segments: Segment[];
}

const STORY = "story";
const AS_STORY = { value: STORY, label: "As the story" };
const PAUSES = [0, 0.25, 0.5, 1, 1.5, 2, 3, 5];

/** What all of them have; undefined where they differ. */
function useCommon(segments: Segment[], name: "motion" | "fit" | "voice" | "pause_s"): string | undefined {
  const { data } = useSegmentChoices(segments[0]?.project ?? 0);
  const own = new Map(data?.map((choice) => [choice.id, choice[name]]));
  const values = new Set(segments.map((segment) => String(own.get(segment.id) ?? STORY)));
  return data && values.size === 1 ? [...values][0] : undefined;
}

export function MotionMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "motion");
  const options = Object.entries(MOTION_WORDS).map(([name, label]) => ({ value: name, label }));
  return (
    <SubMenu icon={<Move3d className="s" />} label="Motion">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(value) =>
          void chooseForSegments(segments, { motion: value === STORY ? null : (value as MotionName) })
        }
      />
    </SubMenu>
  );
}

export function FitMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "fit");
  const options = Object.entries(FITS).map(([name, label]) => ({ value: name, label }));
  return (
    <SubMenu icon={<Proportions className="s" />} label="Fit">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(value) => void chooseForSegments(segments, { fit: value === STORY ? null : (value as Fit) })}
      />
    </SubMenu>
  );
}

export function PauseMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "pause_s");
  const known = value === undefined || value === STORY || PAUSES.includes(Number(value)) ? [] : [Number(value)];
  const options = [...PAUSES, ...known]
    .sort((a, b) => a - b)
    .map((number) => ({ value: String(number), label: pauseWords(number) }));
  return (
    <SubMenu icon={<Hourglass className="s" />} label="Pause after">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(value) => void chooseForSegments(segments, { pause_s: value === STORY ? null : Number(value) })}
      />
    </SubMenu>
  );
}

const pauseWords = (seconds: number) => (seconds === 0 ? "None" : `${seconds} s`);

export function VoiceMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "voice");
  const voices = (useVoices().data ?? []).filter((voice) => voice.available || voice.id === value);
  const options = voices.map((voice) => ({
    value: voice.id,
    label: `${voice.name}, ${place(voice.language)}, ${ENGINES[voice.engine] ?? voice.engine}`,
  }));
  return (
    <SubMenu icon={<Volume2 className="s" />} label="Voice">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(value) => void chooseForSegments(segments, { voice: value === STORY ? null : value })}
      />
    </SubMenu>
  );
}
