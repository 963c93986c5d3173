import { useRoute } from "wouter";
import { thumbnailUrl } from "@/lib/api";
import type { Settings } from "@/lib/types";
import { wordCount } from "@/lib/words";
import { subtitleClass } from "../preview/subtitle-class";
import { knownProject, useProjects } from "../queries";
import { ChoiceRow } from "../ui/choices";
import { Option, Slider } from "./option";
import type { Saving } from "./saving";

interface PartProps {
  settings: Settings;
  saving: Saving;
}

export function SubtitleLook({ settings, saving }: PartProps) {
  const { save } = saving;
  return (
    <>
      <Option of="subtitle_style" saving={saving} name="Letters" hint="Outlined, or on a dark box.">
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
      <Option of="subtitle_size" saving={saving} name="Letter size" hint="Against the shorter side of the video.">
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
      <Option of="subtitle_place" saving={saving} name="Place" hint="Where the line stands.">
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
      <Option of="subtitle_words" saving={saving} name="Words in a line" hint="At most so many at a time.">
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

const LINE = "She climbed the hundred and twelve steps with the oil can in one hand";
const ENOUGH_WORDS = 6;

/** A picture and words of this story; in Settings the cover of the newest one that has one. */
function useSampled(): { line: string; picture: string | null } {
  const [, params] = useRoute("/projects/:id/*?");
  const covered = useProjects().data?.find((project) => project.cover !== null);
  const known = knownProject(Number(params?.id ?? covered?.id ?? 0));
  const pictured = known?.segments.find((segment) => segment.image_file);
  const spoken = [pictured, ...(known?.segments ?? [])].find(
    (segment) => segment && wordCount(segment.text_content) >= ENOUGH_WORDS,
  );
  const cover = covered?.cover && !params ? thumbnailUrl(covered.cover, 480, covered.updated_at) : null;
  return {
    line: spoken?.text_content ?? LINE,
    picture: pictured ? thumbnailUrl(pictured.id, 480, pictured.updated_at) : cover,
  };
}

/** The subtitle as these choices draw it. */
export function SubtitleSample({ settings }: { settings: Settings }) {
  const { line, picture } = useSampled();
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
        <div className="layer sample-sky">
          {picture && <img src={picture} alt="" className="h-full w-full object-cover" />}
        </div>
        {settings.subtitles && (
          <p className={subtitleClass(settings)} aria-hidden>
            <span>{line.split(/\s+/).slice(0, settings.subtitle_words).join(" ")}</span>
          </p>
        )}
      </div>
    </div>
  );
}
