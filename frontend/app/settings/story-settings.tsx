import type { Settings } from "@/lib/types";
import { plural } from "@/lib/words";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { NarrationSettings } from "./narration-settings";
import { useProjectSaving } from "./saving";
import { VideoSettings } from "./video-settings";

interface StoryProps {
  project: number;
  settings: Settings;
  onClose: () => void;
}

/** Everything that can be chosen for one story alone; what is not, is as in Settings. */
export default function StorySettings({ project, settings, onClose }: StoryProps) {
  const saving = useProjectSaving(project);
  const own = [...(saving.own ?? [])];
  return (
    <Dialog
      title="Settings of this story"
      isOpen
      onClose={onClose}
      className="dialog story-settings"
      footer={
        <>
          <p className="mr-auto text-ink-2 text-[13px]" role="status">
            {own.length === 0 ? "All as in Settings." : `${plural(own.length, "choice")} for this story alone.`}
          </p>
          {own.length > 0 && (
            <Button onClick={() => void saving.save(Object.fromEntries(own.map((name) => [name, null])))}>
              All as in Settings
            </Button>
          )}
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="content">
        <h3>Narration</h3>
        <div className="rows plain">
          <NarrationSettings settings={settings} saving={saving} />
        </div>
        <h3>Video</h3>
        <div className="rows plain">
          <VideoSettings settings={settings} saving={saving} />
        </div>
      </div>
    </Dialog>
  );
}
