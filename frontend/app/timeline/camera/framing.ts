// How one picture is looked at: shown at once, saved a moment later, one step to undo for a visit.

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { getFraming, updateFraming } from "@/lib/api";
import type { Focuses, Framing, FramingChange, Segment } from "@/lib/types";
import { keys, queries } from "../../queries";
import { toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { isSame } from "../../undo-commands";
import { numberOf } from "../page/segment-commands";
import { noteReframed } from "./framing-news";

const CALM_MS = 400;
const CENTRE = [0.5, 0.5];

export function useFraming(segment: Segment) {
  const { id } = segment;
  const query = useQuery({ queryKey: keys.framing(id), queryFn: () => getFraming(id), staleTime: 60_000 });
  const [state, setState] = useState<"" | "saving" | "saved">("");
  const first = useRef<Framing | null>(null);
  const pending = useRef<FramingChange>({});
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (query.data && !first.current) first.current = query.data;

  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const change = pending.current;
    if (Object.keys(change).length === 0) return;
    pending.current = {};
    try {
      const kept = await updateFraming(id, change);
      if (Object.keys(pending.current).length === 0) show(id, kept);
      setState("saved");
    } catch (problem) {
      setState("");
      await queries.invalidateQueries({ queryKey: keys.framing(id) });
      noteReframed({ isKnown: true });
      toastProblem("Not saved", problem);
    }
  }, [id]);
  useEffect(() => () => void flush(), [flush]);

  /** Null takes a choice back. */
  function change(part: FramingChange) {
    const now = queries.getQueryData<Framing>(keys.framing(id));
    if (!now) return;
    show(id, asShown(now, part));
    pending.current = joined(pending.current, part);
    setState("saving");
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), CALM_MS);
  }

  /** One step to take back, whatever was tried in between. */
  async function leave() {
    await flush();
    const [before, after] = [first.current, queries.getQueryData<Framing>(keys.framing(id))];
    if (!before || !after || isSame(before, after)) return;
    recordStep(segment.project, {
      words: `Focus and motion of segment ${numberOf(segment)} changed`,
      commands: [{ do: "frame", segment: id, to: before, from: after }],
    });
  }

  return { query, state, change, leave };
}

/** Points of several shapes add up; null takes them all back. */
function joined(before: FramingChange, part: FramingChange): FramingChange {
  const focuses = part.focuses && before.focuses ? { ...before.focuses, ...part.focuses } : part.focuses;
  return { ...before, ...part, ...(part.focuses === undefined ? {} : { focuses }) };
}

/** Before the answer: a point that is taken back is in the middle until then. */
function asShown(now: Framing, part: FramingChange): Framing {
  const { focus, motion, fit } = { ...now, ...part };
  const own_focuses = part.focuses === null ? {} : { ...now.own_focuses };
  for (const [shape, point] of Object.entries(part.focuses ?? {})) {
    if (point) own_focuses[shape] = point;
    else delete own_focuses[shape];
  }
  const isTakenBack = (shape: keyof Focuses) => part.focuses === null || part.focuses?.[shape] === null;
  const of = (shape: keyof Focuses) =>
    own_focuses[shape] ?? (part.focus === undefined && !isTakenBack(shape) ? now.focuses[shape] : (focus ?? CENTRE));
  const focuses = { "16:9": of("16:9"), "9:16": of("9:16"), "1:1": of("1:1") };
  return { ...now, focus: focus ?? CENTRE, motion: motion ?? "auto", fit: fit ?? null, focuses, own_focuses };
}

/** To this tab, as an answer has it. */
function show(id: number, framing: Framing): void {
  queries.setQueryData(keys.framing(id), framing);
  noteReframed({ isKnown: true });
}
