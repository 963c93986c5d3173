import type { Settings } from "@/lib/types";
import { AsInSettings, Option, Slider } from "./option";
import type { Saving } from "./saving";
import { VoiceList } from "./voice-list";

const seconds = (value: number) => `${value.toFixed(2).replace(/0$/, "")} s`;

interface Pause {
  of: "sentence_pause_s" | "paragraph_pause_s" | "segment_pause_s" | "silent_scene_s";
  name: string;
  hint: string;
  min: number;
  max: number;
  step: number;
}

const PAUSES: Pause[] = [
  {
    of: "sentence_pause_s",
    name: "Pause after a sentence",
    hint: "Silence between two sentences.",
    min: 0,
    max: 3,
    step: 0.05,
  },
  {
    of: "paragraph_pause_s",
    name: "Pause after a paragraph",
    hint: "Silence where the text has an empty line.",
    min: 0,
    max: 5,
    step: 0.1,
  },
  {
    of: "segment_pause_s",
    name: "Pause between segments",
    hint: "Silence after the last word.",
    min: 0.1,
    max: 5,
    step: 0.1,
  },
  {
    of: "silent_scene_s",
    name: "Without sound",
    hint: "How long a segment without narration stands.",
    min: 1,
    max: 60,
    step: 0.5,
  },
];

interface SettingsProps {
  settings: Settings;
  saving: Saving;
}

export function NarrationSettings({ settings, saving }: SettingsProps) {
  const { save, own } = saving;
  return (
    <>
      <VoiceList value={settings.voice} onChange={(voice) => void save({ voice })} />
      {own?.has("voice") && (
        <p className="opt">
          <AsInSettings of="voice" saving={saving} name="Voice" />
        </p>
      )}
      <Option of="speed" saving={saving} name="Speed" hint="A little slower suits long stories.">
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
      {PAUSES.map(({ of, name, hint, ...range }) => (
        <Option key={of} of={of} saving={saving} name={name} hint={hint}>
          <Slider
            label={name}
            value={settings[of]}
            {...range}
            shown={seconds}
            onSave={(value) => void save({ [of]: value })}
          />
        </Option>
      ))}
    </>
  );
}
