// Which motion the renderer will give a segment; asked of as few pictures as are needed to be sure.

import { fileDigest, getFraming } from "@/lib/api";
import { autoChoices, formatOf, type Motion, motionNamed, shapeOf } from "@/lib/film";
import type { Fit, Framing, MotionName, Segment, Settings } from "@/lib/types";
import { keys, queries } from "../queries";

export interface Look {
  name: Exclude<MotionName, "auto">;
  motion: Motion;
  fit: Fit;
}

const framingOf = ({ id }: Segment) =>
  queries.fetchQuery({ queryKey: keys.framing(id), queryFn: () => getFraming(id), staleTime: 60_000 });

const digestOf = ({ id, image_file, updated_at }: Segment) =>
  image_file === null
    ? Promise.resolve(String(id))
    : queries.fetchQuery({
        queryKey: ["digest", id, image_file, updated_at],
        queryFn: async () => (await fileDigest(image_file)) ?? String(id),
        staleTime: Number.POSITIVE_INFINITY,
      });

export async function lookOf(segments: Segment[], index: number, settings: Settings): Promise<Look> {
  const segment = segments[index];
  if (!segment) return { name: "still", motion: motionNamed("still", 1, [0.5, 0.5]), fit: settings.fit };
  const framing = await framingOf(segment);
  const name = await nameOf(segments, index, settings);
  const focus = framing.focuses[shapeOf(formatOf(settings))];
  return { name, motion: motionNamed(name, settings.zoom, focus), fit: framing.fit ?? settings.fit };
}

/** Two neighbours never move alike, so a name may depend on the one before; mostly it plainly does not. */
async function nameOf(segments: Segment[], index: number, settings: Settings): Promise<Look["name"]> {
  const segment = segments[index];
  if (!segment) return "still";
  const own = chosenIn(await framingOf(segment), settings);
  if (own !== "auto") return own;
  const { first, next } = await choicesOf(segment);
  const before = segments[index - 1];
  if (!before) return first as Look["name"];
  const earlier = chosenIn(await framingOf(before), settings);
  const possible = earlier === "auto" ? Object.values(await choicesOf(before)) : [earlier];
  if (!possible.includes(first)) return first as Look["name"];
  return (first === (await nameOf(segments, index - 1, settings)) ? next : first) as Look["name"];
}

function chosenIn(framing: Framing, settings: Settings): MotionName {
  const motion = framing.motion === "auto" ? settings.motion : framing.motion;
  return motion === "auto" ? (framing.held_motions[shapeOf(formatOf(settings))] ?? motion) : motion;
}

// Without HTTPS on another machine a browser has no SHA-256; the preview then shows the first motion.
const choicesOf = async (segment: Segment) =>
  crypto.subtle ? autoChoices(await digestOf(segment)) : { first: "zoom-in" as const, next: "zoom-out" as const };

export const MOTION_WORDS: Record<MotionName, string> = {
  auto: "Chosen by the picture",
  still: "Still",
  "zoom-in": "Slow zoom in",
  "zoom-out": "Slow zoom out",
  "pan-left": "Drifting left",
  "pan-right": "Drifting right",
  "pan-up": "Drifting up",
  "pan-down": "Drifting down",
  drift: "Slow zoom in, drifting down and right",
};
