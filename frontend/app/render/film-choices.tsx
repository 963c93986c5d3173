import { Volume2 } from "lucide-react";
import type { Settings } from "@/lib/types";
import { useVoices } from "../queries";
import { ChoiceRow } from "../ui/choices";
import { chooseForProject } from "./choosing";

export const SIZES = [
  { value: "1920x1080", label: "16:9", icon: <span className="ratio" style={{ width: 18, height: 11 }} /> },
  { value: "1080x1920", label: "9:16", icon: <span className="ratio" style={{ width: 10, height: 16 }} /> },
  { value: "1080x1080", label: "1:1", icon: <span className="ratio" style={{ width: 13, height: 13 }} /> },
];

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
        <ChoiceRow
          label="Size"
          value={settings.size}
          options={SIZES}
          onChange={(size) => void chooseForProject(project, { size })}
        />
      </span>
    </>
  );
}

const NAMES = new Intl.DisplayNames("en", { type: "language" });

/** "en-US" → "American". */
export const place = (language: string) => (NAMES.of(language) ?? language).replace(/ English$/, "");

/** What tells two voices of one name apart. */
export const ENGINES: Record<string, string> = { hibari: "quick", kokoro: "rich", "espeak-ng": "plain" };
