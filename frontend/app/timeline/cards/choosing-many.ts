// What segments have otherwise than their story: chosen for one or for many, always as one step.

import * as api from "@/lib/api";
import type { Segment, SegmentChange } from "@/lib/types";
import { plural } from "@/lib/words";
import { putSegment } from "../../queries";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { noteReframed } from "../camera/framing-news";
import { numberOf } from "../page/segment-commands";

export type Choice = Pick<SegmentChange, "motion" | "fit" | "voice" | "pause_s">;

const WORDS: Record<keyof Choice, string> = {
  motion: "Motion",
  fit: "Fit",
  voice: "Voice",
  pause_s: "Pause",
};

/** Null takes a choice back; locked segments stay as they are and are named. */
export async function chooseForSegments(segments: Segment[], choice: Choice): Promise<void> {
  const [first] = segments;
  if (!first) return;
  try {
    const changes = segments.map(({ id }) => ({ id, ...choice }));
    const { segments: changed, skipped, undo } = await api.changeSegments(first.project, changes);
    changed.forEach(putSegment);
    if ("motion" in choice || "fit" in choice) noteReframed();
    const locked = skipped.length ? `; ${plural(skipped.length, "segment")} locked` : "";
    if (undo.length === 0) return toast(`Nothing was changed${locked}.`);
    const what = WORDS[Object.keys(choice)[0] as keyof Choice];
    const whose =
      changed.length === 1 && changed[0] ? `segment ${numberOf(changed[0])}` : plural(changed.length, "segment");
    recordStep(first.project, {
      words: `${what} of ${whose} changed${locked}`,
      commands: [{ do: "bulk", changes: undo }],
    });
  } catch (problem) {
    toastProblem("Not changed", problem);
  }
}
