import { RadioGroup } from "radix-ui";
import { useState } from "react";
import type { Settings, Voice } from "@/lib/types";
import { useVoices } from "../queries";
import { ENGINES, place } from "../render/film-choices";
import { Option, Slider, useSaving } from "./option";

const seconds = (value: number) => `${value.toFixed(2).replace(/0$/, "")} s`;

export function NarrationSettings({ settings }: { settings: Settings }) {
  const voices = useVoices().data ?? [];
  const { save, saved } = useSaving();
  const [hasAll, setAll] = useState(false);
  const usable = voices.filter((voice) => voice.available || voice.id === settings.voice);
  const first = usable.filter((voice) => hasAll || voice.engine !== "espeak-ng" || voice.id === settings.voice);
  const others = voices.filter((voice) => !voice.available);
  return (
    <>
      <RadioGroup.Root
        className="voices"
        aria-label="Voice"
        value={settings.voice}
        onValueChange={(voice) => void save({ voice })}
      >
        {first.map((voice) => (
          <RadioGroup.Item key={voice.id} value={voice.id} className="voice">
            <span className="radio" aria-hidden />
            <span className="grow min-w-0">
              <b>{voice.name}</b>
              <span className="d">{about(voice)}</span>
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {first.length < usable.length && (
        <p className="opt">
          <button type="button" className="link" onClick={() => setAll(true)}>
            Show {usable.length - first.length} voices in other languages
          </button>
        </p>
      )}
      {others.length > 0 && (
        <p className="opt text-ink-3 text-[13px]">
          {others.length} more {others.length === 1 ? "voice" : "voices"}: {others[0]?.missing}
        </p>
      )}
      <Option name="Speed" hint="A little slower suits long stories." isSaved={saved === "speed"}>
        <Slider
          label="Speed"
          value={settings.speed}
          min={0.5}
          max={2}
          step={0.05}
          shown={(value) => `${value.toFixed(2).replace(/0$/, "")}×`}
          onSave={(speed) => void save({ speed })}
        />
      </Option>
      <Option
        name="Pause after a sentence"
        hint="Silence between two sentences."
        isSaved={saved === "sentence_pause_s"}
      >
        <Slider
          label="Pause after a sentence"
          value={settings.sentence_pause_s}
          min={0}
          max={3}
          step={0.05}
          shown={seconds}
          onSave={(value) => void save({ sentence_pause_s: value })}
        />
      </Option>
      <Option name="Pause between segments" hint="Silence after the last word." isSaved={saved === "segment_pause_s"}>
        <Slider
          label="Pause between segments"
          value={settings.segment_pause_s}
          min={0.1}
          max={5}
          step={0.1}
          shown={seconds}
          onSave={(value) => void save({ segment_pause_s: value })}
        />
      </Option>
    </>
  );
}

function about(voice: Voice): string {
  const parts = [
    voice.gender === "neutral" ? "" : voice.gender,
    place(voice.language),
    ENGINES[voice.engine] ?? voice.engine,
  ];
  const words = parts.filter(Boolean).join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
