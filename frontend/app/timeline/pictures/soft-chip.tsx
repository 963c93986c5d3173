import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { formatOf } from "@/lib/film";
import { factsOf, type PictureFacts } from "@/lib/picture-fit";
import type { Segment } from "@/lib/types";
import { usePictureSize, useProjectSettings, useSegmentChoices } from "../../queries";

/** What the film will make of the picture; null until it is known. */
export function usePictureFacts(segment: Segment, isWanted = true): PictureFacts | null {
  const settings = useProjectSettings(segment.project).data?.values;
  const own = useSegmentChoices(segment.project).data?.find((choice) => choice.id === segment.id);
  const size = usePictureSize(segment, isWanted).data;
  if (!settings || !size) return null;
  const format = formatOf(settings);
  return factsOf(size, { ...format, fit: own?.fit ?? format.fit });
}

const CALM_MS = 400;

/** On a picture that has too few pixels for the film; asked only of cards that are looked at, not scrolled past. */
export function SoftChip({ segment }: { segment: Segment }) {
  const [isCalm, setCalm] = useState(false);
  const facts = usePictureFacts(segment, isCalm);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(true), CALM_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!facts?.soft) return null;
  return (
    <span className="chip warn soft" title={facts.words}>
      <TriangleAlert aria-hidden className="s" />
      {facts.soft}
    </span>
  );
}
