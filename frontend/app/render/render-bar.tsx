import { Film, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { ProjectDetail, Settings } from "@/lib/types";
import { useProjectStatus, useReadiness, useRenders, versionOf } from "../queries";
import { setView } from "../timeline/page/view";
import { IconButton } from "../ui/button";
import { FilmChoices } from "./film-choices";
import { useFinished } from "./finished";
import { Progress } from "./progress";
import { ReadyVideo } from "./ready-video";
import { RenderActs } from "./render-menu";
import { RenderState } from "./render-state";
import { useRendering } from "./rendering";
import { videoIn } from "./videos";

const StorySettings = lazy(() => import("../settings/story-settings"));

interface BarProps {
  project: ProjectDetail;
  settings: Settings | undefined;
}

/** What stands between the story and its video, state by state. */
export function RenderBar({ project, settings }: BarProps) {
  const isAsked = useRendering((all) => all.asked[project.id]) === true;
  const status = useProjectStatus(project.id, isAsked).data;
  const version = useMemo(() => versionOf(project), [project]);
  const readiness = useReadiness(project.id, version).data;
  const renders = useRenders(project.id, version).data;
  const isBusy = status?.status === "PROCESSING";
  const finished = useFinished(project.id, status, renders);
  const video = settings && videoIn(renders, settings.size);

  if (project.segments.length === 0) return null;
  if (isBusy || finished.isSettling) return <Progress project={project} status={status} />;
  if (
    finished.videos.length > 0 &&
    status?.status === "COMPLETED" &&
    finished.videos.every((video) => video.is_current)
  )
    return <ReadyVideo project={project.id} title={project.title} videos={finished.videos} onClose={finished.forget} />;
  return (
    <section className={`render ${status?.status === "FAILED" ? "failed" : ""}`} aria-label="Render">
      <div className="inner">
        <RenderState
          project={project}
          readiness={readiness}
          video={video}
          failure={status?.error ?? null}
          status={status?.status}
        />
        {settings && <FilmChoices project={project.id} settings={settings} className="opts" />}
        <Tools project={project} settings={settings} />
        {settings && (
          <RenderActs
            project={project.id}
            size={settings.size}
            video={video}
            renders={renders ?? []}
            readiness={readiness}
            status={status?.status}
          />
        )}
      </div>
    </section>
  );
}

/** On a narrow screen the preview and every choice are behind buttons; the rarer choices are so everywhere. */
function Tools({ project, settings }: BarProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Preview" className="narrow-only" onClick={() => setView({ isPreviewOpen: true })}>
        <Film aria-hidden />
      </IconButton>
      <IconButton label="Settings of this story" onClick={() => setOpen(true)}>
        <SlidersHorizontal aria-hidden />
      </IconButton>
      {settings && isOpen && (
        <Suspense fallback={null}>
          <StorySettings project={project.id} settings={settings} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
