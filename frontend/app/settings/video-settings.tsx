import { useState } from "react";
import type { Fit, FrameRate, MotionName, Settings } from "@/lib/types";
import { MOTION_WORDS } from "../preview/motions";
import { subtitleClass } from "../preview/screen";
import { SIZES } from "../render/film-choices";
import { ChoiceRow, Switch } from "../ui/choices";
import { Option, Slider, useSaving } from "./option";

const FITS: Record<Fit, string> = {
  cover: "Fill the frame",
  contain: "Whole, on black",
  "contain-blur": "Whole, on a blur",
};
const RATES = [24, 25, 30, 50, 60];

export function VideoSettings({ settings }: { settings: Settings }) {
  const { save, saved } = useSaving();
  const [hasMore, setMore] = useState(false);
  return (
    <>
      <Sample settings={settings} />
      <Option name="Size" hint="The one a new project starts with." isSaved={saved === "size"}>
        <ChoiceRow label="Size" value={settings.size} options={SIZES} onChange={(size) => void save({ size })} />
      </Option>
      <Option
        name="Subtitles"
        hint="Drawn into the picture, and saved beside the video as a file."
        isSaved={saved === "subtitles"}
      >
        <Switch label="Subtitles" isOn={settings.subtitles} onChange={(subtitles) => void save({ subtitles })} />
      </Option>
      {settings.subtitles && <SubtitleLook settings={settings} save={save} saved={saved} />}
      <Option name="Motion" hint="How the camera moves over each picture." isSaved={saved === "motion"}>
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
      <Option name="Crossfade" hint="From one picture to the next; 0 is a hard cut." isSaved={saved === "transition_s"}>
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
        <More settings={settings} save={save} saved={saved} />
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

interface PartProps {
  settings: Settings;
  save: ReturnType<typeof useSaving>["save"];
  saved: string | null;
}

function SubtitleLook({ settings, save, saved }: PartProps) {
  return (
    <>
      <Option name="Letters" hint="Outlined, or on a dark box." isSaved={saved === "subtitle_style"}>
        <ChoiceRow
          label="Letters"
          value={settings.subtitle_style}
          options={[
            { value: "outline", label: "Outline" },
            { value: "box", label: "Box" },
          ]}
          onChange={(subtitle_style) => void save({ subtitle_style })}
        />
      </Option>
      <Option name="Letter size" hint="Against the shorter side of the video." isSaved={saved === "subtitle_size"}>
        <ChoiceRow
          label="Letter size"
          value={settings.subtitle_size}
          options={[
            { value: "small", label: "Small" },
            { value: "medium", label: "Medium" },
            { value: "large", label: "Large" },
          ]}
          onChange={(subtitle_size) => void save({ subtitle_size })}
        />
      </Option>
      <Option name="Place" hint="Where the line stands." isSaved={saved === "subtitle_place"}>
        <ChoiceRow
          label="Place"
          value={settings.subtitle_place}
          options={[
            { value: "top", label: "Top" },
            { value: "middle", label: "Middle" },
            { value: "bottom", label: "Bottom" },
          ]}
          onChange={(subtitle_place) => void save({ subtitle_place })}
        />
      </Option>
      <Option name="Words in a line" hint="At most so many at a time." isSaved={saved === "subtitle_words"}>
        <Slider
          label="Words in a line"
          value={settings.subtitle_words}
          min={1}
          max={20}
          step={1}
          shown={String}
          onSave={(subtitle_words) => void save({ subtitle_words })}
        />
      </Option>
    </>
  );
}

function More({ settings, save, saved }: PartProps) {
  return (
    <>
      <Option name="Pictures of another shape" hint="How they meet the frame." isSaved={saved === "fit"}>
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
      <Option name="Zoom" hint="How far a motion goes in." isSaved={saved === "zoom"}>
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
      <Option name="Frames a second" hint="More is smoother, and takes longer." isSaved={saved === "fps"}>
        <ChoiceRow
          label="Frames a second"
          value={String(settings.fps)}
          options={RATES.map((rate) => ({ value: String(rate), label: String(rate) }))}
          onChange={(fps) => void save({ fps: Number(fps) as FrameRate })}
        />
      </Option>
      <Option name="Quality" hint="Lower is better and larger; 20 looks clean." isSaved={saved === "quality"}>
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

/** The subtitle as these choices draw it. */
function Sample({ settings }: { settings: Settings }) {
  const line = "She climbed the hundred and twelve steps with the oil can in one hand";
  const [width, height] = settings.size.split("x").map(Number);
  return (
    <div className="sample">
      <div
        className="screen"
        role="img"
        aria-label="How subtitles will look"
        style={{
          aspectRatio: `${width} / ${height}`,
          maxHeight: 260,
          width: `min(100%, ${(260 * (width ?? 16)) / (height ?? 9)}px)`,
        }}
      >
        <div className="layer sample-sky" />
        {settings.subtitles && (
          <p className={subtitleClass(settings)} aria-hidden>
            <span>{line.split(" ").slice(0, settings.subtitle_words).join(" ")}</span>
          </p>
        )}
      </div>
    </div>
  );
}
