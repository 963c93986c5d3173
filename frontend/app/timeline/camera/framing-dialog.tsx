import { useMemo, useState } from "react";
import { formatOf, shapeOf, type Timeline } from "@/lib/film";
import type { Fit, MotionName, ProjectDetail, Segment, Settings } from "@/lib/types";
import { FITS } from "../../preview/fits";
import { MOTION_WORDS } from "../../preview/motions";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { FailedState } from "../../ui/states";
import { FocusSection, type FocusTarget, sizeOfTarget } from "./focus-section";
import { useFraming } from "./framing";
import { Shot } from "./framing-shot";

interface FramingProps {
  segment: Segment;
  project: ProjectDetail;
  settings: Settings;
  timeline: Timeline;
  onClose: () => void;
}

/** Where the camera looks and how it moves, with the film's own numbers beside it. */
export default function FramingDialog({ segment, project, settings, timeline, onClose }: FramingProps) {
  const index = project.segments.findIndex((other) => other.id === segment.id);
  const { query, state, change, leave } = useFraming(segment);
  const framing = query.data;
  const [target, setTarget] = useState<FocusTarget>("every");
  const shown = useMemo(() => ({ ...settings, size: sizeOfTarget(target, settings.size) }), [settings, target]);
  const close = () => {
    onClose();
    void leave();
  };
  return (
    <Dialog
      title={`Focus and motion of segment ${index + 1}`}
      isOpen
      onClose={close}
      className="dialog framing"
      footer={
        <>
          <span className="mr-auto text-ink-2 text-[13px]" role="status">
            {state === "saving" ? "Saving…" : state === "saved" ? "Saved" : ""}
          </span>
          <Button onClick={() => change({ focus: null, focuses: null, motion: null, fit: null })}>As the story</Button>
          <Button kind="primary" onClick={close}>
            Done
          </Button>
        </>
      }
    >
      {query.isError ? (
        <FailedState
          title="Focus and motion could not be read"
          problem={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        framing && (
          <div className="content">
            <FocusSection
              segment={segment}
              framing={framing}
              shape={shapeOf(formatOf(settings))}
              target={target}
              onTarget={setTarget}
              onChange={change}
            />
            <section aria-label="In the video">
              <Shot project={project} index={index} settings={shown} timeline={timeline} />
              <label className="pick">
                How it fills the frame
                <select
                  className="field w-auto!"
                  aria-label="How it fills the frame"
                  value={framing.fit ?? ""}
                  onChange={(event) => change({ fit: (event.target.value as Fit) || null })}
                >
                  <option value="">As the story: {lower(FITS[settings.fit])}</option>
                  {Object.entries(FITS).map(([value, words]) => (
                    <option key={value} value={value}>
                      {words}
                    </option>
                  ))}
                </select>
              </label>
              <label className="pick">
                Motion
                <select
                  className="field w-auto!"
                  aria-label="Motion"
                  value={framing.motion}
                  onChange={(event) => {
                    const motion = event.target.value as MotionName;
                    change({ motion: motion === "auto" ? null : motion });
                  }}
                >
                  {Object.entries(MOTION_WORDS).map(([value, words]) => (
                    <option key={value} value={value}>
                      {value === "auto" ? `As the story: ${lower(MOTION_WORDS[settings.motion])}` : words}
                    </option>
                  ))}
                </select>
              </label>
            </section>
          </div>
        )
      )}
    </Dialog>
  );
}

const lower = (words: string) => words.charAt(0).toLowerCase() + words.slice(1);
