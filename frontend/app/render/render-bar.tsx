import { Film, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ProjectDetail, Readiness, RenderedVideo, Settings } from "@/lib/types";
import { useProjectStatus, useReadiness, useRenders } from "../queries";
import { useRefusal } from "../shell/server";
import { narrateAll } from "../timeline/narrating";
import { look } from "../timeline/view";
import { Button, IconButton } from "../ui/button";
import { say } from "../ui/toasts";
import { FilmChoices } from "./film-choices";
import { Progress } from "./progress";
import { changedSince, RenderState } from "./render-state";
import { refreshRender, startRender, useRendering } from "./rendering";

const StorySettings = lazy(() => import("../settings/story-settings"));

interface BarProps {
  project: ProjectDetail;
  settings: Settings | undefined;
}

/** What stands between the story and its video, state by state. */
export function RenderBar({ project, settings }: BarProps) {
  const asked = useRendering((all) => all.asked[project.id]);
  const status = useProjectStatus(project.id, asked === "asked").data;
  const readiness = useReadiness(project.id, project.updated_at).data;
  const newest = useRenders(project.id).data?.find((it) => !it.is_draft);
  const isBusy = status?.status === "PROCESSING";
  useNewsOfTheEnd(project, isBusy);

  if (project.segments.length === 0) return null;
  if (isBusy || asked === "narrating") return <Progress project={project} status={status} isNarrating={!isBusy} />;
  return (
    <section className={`render ${status?.status === "FAILED" ? "failed" : ""}`} aria-label="Render">
      <div className="inner">
        <RenderState
          project={project}
          readiness={readiness}
          newest={newest}
          failure={status?.error ?? null}
          status={status?.status}
        />
        {settings && <FilmChoices project={project.id} settings={settings} className="opts" />}
        <Tools project={project} settings={settings} />
        <RenderButton project={project} readiness={readiness} newest={newest} status={status?.status} />
      </div>
    </section>
  );
}

/** When a render ends, whoever waits is told once, wherever they are in the page. */
function useNewsOfTheEnd(project: ProjectDetail, isBusy: boolean) {
  const [, go] = useLocation();
  const [wasBusy, setBusy] = useState(isBusy);
  const { data: renders } = useRenders(project.id);
  const newest = renders?.[0]?.id;
  const [known, setKnown] = useState<number | undefined>(newest);
  useEffect(() => {
    if (wasBusy && !isBusy) void refreshRender(project.id);
    setBusy(isBusy);
  }, [isBusy, wasBusy, project.id]);
  useEffect(() => {
    if (newest !== undefined && known !== undefined && newest !== known && !isBusy)
      say("Your video is ready", { label: "Watch", onClick: () => go(`/projects/${project.id}/video`) });
    setKnown(newest);
  }, [newest, known, isBusy, project.id, go]);
}

interface RenderButtonProps {
  project: ProjectDetail;
  readiness: Readiness | undefined;
  newest: RenderedVideo | undefined;
  status: string | undefined;
}

function RenderButton({ project, readiness, newest, status }: RenderButtonProps) {
  const refusal = useRefusal();
  const isAsked = useRendering((all) => all.asked[project.id]) !== undefined;
  const isCurrent = newest && readiness?.ready && changedSince(project, newest) === 0 && status !== "FAILED";
  const label =
    status === "CANCELLED" || status === "FAILED" ? "Carry on" : isCurrent ? "Render again" : "Render video";
  return (
    <>
      {newest && (
        <Link className={`btn ${isCurrent ? "primary big" : "max-sm:hidden"}`} href={`/projects/${project.id}/video`}>
          Watch
        </Link>
      )}
      {isCurrent && readiness.stale_audio.length > 0 && (
        <Button kind="quiet" className="opts" onClick={() => void narrateAll(project.id)}>
          Narrate again
        </Button>
      )}
      <Button
        kind={isCurrent ? "plain" : "primary"}
        size={isCurrent ? undefined : "big"}
        className={isCurrent ? "max-sm:hidden" : ""}
        refusal={refusal ?? (isAsked ? "Beginning…" : null)}
        onClick={() => void startRender(project.id)}
      >
        {label}
      </Button>
    </>
  );
}

/** On a narrow screen the preview and every choice are behind buttons; the rarer choices are so everywhere. */
function Tools({ project, settings }: BarProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Preview" className="narrow-only" onClick={() => look({ isPreviewOpen: true })}>
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
