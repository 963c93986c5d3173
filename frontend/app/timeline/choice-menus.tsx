// The choices that segments can have otherwise than their story, as menus, for one segment or for many.

import { Hourglass, Move3d, Proportions, Volume2 } from "lucide-react";
import type { Fit, MotionName, Segment } from "@/lib/types";
import { FITS } from "../preview/fits";
import { MOTION_WORDS } from "../preview/motions";
import { useSegmentChoices, useVoices } from "../queries";
import { ENGINES, place } from "../render/film-choices";
import { ChoiceItems, SubMenu } from "../ui/menu";
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
  const own = new Map(data?.map((it) => [it.id, it[name]]));
  const values = new Set(segments.map((it) => String(own.get(it.id) ?? STORY)));
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
        onChange={(it) => void chooseForSegments(segments, { motion: it === STORY ? null : (it as MotionName) })}
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
        onChange={(it) => void chooseForSegments(segments, { fit: it === STORY ? null : (it as Fit) })}
      />
    </SubMenu>
  );
}

export function PauseMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "pause_s");
  const known = value === undefined || value === STORY || PAUSES.includes(Number(value)) ? [] : [Number(value)];
  const options = [...PAUSES, ...known]
    .sort((a, b) => a - b)
    .map((it) => ({ value: String(it), label: pauseWords(it) }));
  return (
    <SubMenu icon={<Hourglass className="s" />} label="Pause after">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(it) => void chooseForSegments(segments, { pause_s: it === STORY ? null : Number(it) })}
      />
    </SubMenu>
  );
}

export const pauseWords = (seconds: number) => (seconds === 0 ? "None" : `${seconds} s`);

export function VoiceMenu({ segments }: ChoiceProps) {
  const value = useCommon(segments, "voice");
  const voices = (useVoices().data ?? []).filter((it) => it.available || it.id === value);
  const options = voices.map((it) => ({
    value: it.id,
    label: `${it.name}, ${place(it.language)}, ${ENGINES[it.engine] ?? it.engine}`,
  }));
  return (
    <SubMenu icon={<Volume2 className="s" />} label="Voice">
      <ChoiceItems
        value={value}
        options={[AS_STORY, ...options]}
        onChange={(it) => void chooseForSegments(segments, { voice: it === STORY ? null : it })}
      />
    </SubMenu>
  );
}
