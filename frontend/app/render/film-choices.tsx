import { Volume2 } from "lucide-react";
import type { Settings } from "@/lib/types";
import { useVoices } from "../queries";
import { ChoiceRow } from "../ui/choices";
import { chooseForProject } from "./choosing";
import { SHAPES, shapeOfSize, sizeIn } from "./shapes";

/** The shape of a film; as sharp as it was in another one. */
export function ShapeRow({ size, onChange }: { size: string; onChange: (size: string) => void }) {
  return (
    <ChoiceRow
      label="Size"
      value={shapeOfSize(size)?.ratio ?? ""}
      options={SHAPES.map(({ ratio, across, down }) => ({
        value: ratio,
        label: ratio,
        icon: (
          <span
            className="ratio"
            style={{ height: across > down ? 11 : down > across ? 16 : 13, aspectRatio: across / down }}
          />
        ),
      }))}
      onChange={(ratio) => {
        const shape = SHAPES.find((shape) => shape.ratio === ratio);
        if (shape) onChange(sizeIn(shape, size));
      }}
    />
  );
}

interface ChoicesProps {
  project: number;
  settings: Settings;
  className?: string;
}

export function FilmChoices({ project, settings, className = "" }: ChoicesProps) {
  const voices = useVoices().data ?? [];
  return (
    <>
      <label className={`field w-54! ${className}`}>
        <Volume2 aria-hidden />
        <select
          aria-label="Voice"
          value={settings.voice}
          onChange={(event) => void chooseForProject(project, { voice: event.target.value })}
        >
          {voices.length === 0 && <option value={settings.voice}>{settings.voice}</option>}
          {voices
            .filter((voice) => voice.available || voice.id === settings.voice)
            .map((voice) => (
              <option key={voice.id} value={voice.id}>
                {voice.name}, {place(voice.language)}, {ENGINES[voice.engine] ?? voice.engine}
              </option>
            ))}
        </select>
      </label>
      <span className={className}>
        <ShapeRow size={settings.size} onChange={(size) => void chooseForProject(project, { size })} />
      </span>
    </>
  );
}

const NAMES = new Intl.DisplayNames("en", { type: "language" });

/** "en-US" → "American". */
export const place = (language: string) => (NAMES.of(language) ?? language).replace(/ English$/, "");

/** What tells two voices of one name apart. */
export const ENGINES: Record<string, string> = { hibari: "quick", kokoro: "rich", "espeak-ng": "plain" };
