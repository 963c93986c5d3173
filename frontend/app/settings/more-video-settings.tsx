import type { Fit, FrameRate, Settings } from "@/lib/types";
import { FITS } from "../preview/fits";
import { ChoiceRow } from "../ui/choices";
import { Option, Slider } from "./option";
import type { Saving } from "./saving";

const RATES = [24, 25, 30, 50, 60];

interface PartProps {
  settings: Settings;
  saving: Saving;
}

export function MoreVideoSettings({ settings, saving }: PartProps) {
  const { save } = saving;
  return (
    <>
      <Option of="fit" saving={saving} name="Pictures of another shape" hint="How they meet the frame.">
        <select
          className="field w-auto!"
          aria-label="Pictures of another shape"
          value={settings.fit}
          onChange={(event) => void save({ fit: event.target.value as Fit })}
        >
          {Object.entries(FITS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </Option>
      <Option of="card_look" saving={saving} name="Title cards" hint="Where a segment has no picture.">
        <ChoiceRow
          label="Title cards"
          value={settings.card_look}
          options={[
            { value: "night", label: "Night" },
            { value: "paper", label: "Paper" },
            { value: "colour", label: "Colour" },
          ]}
          onChange={(card_look) => void save({ card_look })}
        />
      </Option>
      <Option of="zoom" saving={saving} name="Zoom" hint="How far a motion goes in.">
        <Slider
          label="Zoom"
          value={settings.zoom}
          min={1}
          max={2}
          step={0.05}
          shown={(value) => `${value.toFixed(2)}×`}
          onSave={(zoom) => void save({ zoom })}
        />
      </Option>
      <Option of="fps" saving={saving} name="Frames a second" hint="More is smoother, and takes longer.">
        <ChoiceRow
          label="Frames a second"
          value={String(settings.fps)}
          options={RATES.map((rate) => ({ value: String(rate), label: String(rate) }))}
          onChange={(fps) => void save({ fps: Number(fps) as FrameRate })}
        />
      </Option>
      <Option of="quality" saving={saving} name="Quality" hint="Lower is better and larger; 20 looks clean.">
        <Slider
          label="Quality"
          value={settings.quality}
          min={10}
          max={35}
          step={1}
          shown={String}
          onSave={(quality) => void save({ quality })}
        />
      </Option>
    </>
  );
}
