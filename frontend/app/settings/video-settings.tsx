import { useState } from "react";
import type { MotionName, Settings } from "@/lib/types";
import { MOTION_WORDS } from "../preview/motions";
import { ShapeRow } from "../render/film-choices";
import { Switch } from "../ui/choices";
import { MoreVideoSettings } from "./more-video-settings";
import { Option, Slider } from "./option";
import type { Saving } from "./saving";
import { SubtitleLook, SubtitleSample } from "./subtitle-settings";

interface PartProps {
  settings: Settings;
  saving: Saving;
}

export function VideoSettings({ settings, saving }: PartProps) {
  const { save } = saving;
  const [hasMore, setMore] = useState(false);
  return (
    <>
      <SubtitleSample settings={settings} />
      <Option
        of="size"
        saving={saving}
        name="Size"
        hint={saving.own ? "Width to height." : "The one a new project starts with."}
      >
        <ShapeRow size={settings.size} onChange={(size) => void save({ size })} />
      </Option>
      <Option
        of="subtitles"
        saving={saving}
        name="Subtitles"
        hint="Drawn into the picture, and saved beside the video as a file."
      >
        <Switch label="Subtitles" isOn={settings.subtitles} onChange={(subtitles) => void save({ subtitles })} />
      </Option>
      {settings.subtitles && <SubtitleLook settings={settings} saving={saving} />}
      <Option of="motion" saving={saving} name="Motion" hint="How the camera moves over each picture.">
        <select
          className="field w-auto!"
          aria-label="Motion"
          value={settings.motion}
          onChange={(event) => void save({ motion: event.target.value as MotionName })}
        >
          {Object.entries(MOTION_WORDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </Option>
      <Option of="transition_s" saving={saving} name="Crossfade" hint="From one picture to the next; 0 is a hard cut.">
        <Slider
          label="Crossfade"
          value={settings.transition_s}
          min={0}
          max={2}
          step={0.1}
          shown={(value) => `${value.toFixed(1)} s`}
          onSave={(transition_s) => void save({ transition_s })}
        />
      </Option>
      {hasMore ? (
        <MoreVideoSettings settings={settings} saving={saving} />
      ) : (
        <div className="opt">
          <button type="button" className="link" onClick={() => setMore(true)}>
            More
          </button>
        </div>
      )}
    </>
  );
}
