import { Check, Film, ImageIcon, SlidersHorizontal, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import type { ProjectDetail, Readiness, RenderedVideo, Settings } from "@/lib/types";
import { bytes, clock, plural, roughly } from "@/lib/words";
import { useProjectStatus, useReadiness, useRenders } from "../queries";
import { useRefusal } from "../shell/server";
import { narrateAll } from "../timeline/narrating";
import { showSegment } from "../timeline/segment-list";
import { look } from "../timeline/view";
import { Button, IconButton } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { say } from "../ui/toasts";
import { FilmChoices } from "./film-choices";
import { Progress } from "./progress";
import { refreshRender, startRender, useRendering } from "./rendering";

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
        <State
          project={project}
          readiness={readiness}
          newest={newest}
          failure={status?.error ?? null}
          status={status?.status}
        />
        {settings && <FilmChoices project={project.id} settings={settings} className="opts" />}
        <NarrowTools project={project} settings={settings} />
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

/** Of the segments, how many changed after the video's picture of them was taken. */
export function changedSince(project: ProjectDetail, video: RenderedVideo): number {
  const taken = Date.parse(video.created_at) - video.took_s * 1000;
  return project.segments.filter((it) => Date.parse(it.updated_at) > taken).length;
}

interface StateProps {
  project: ProjectDetail;
  readiness: Readiness | undefined;
  newest: RenderedVideo | undefined;
  failure: string | null;
  status: string | undefined;
}

function State({ project, readiness, newest, failure, status }: StateProps) {
  if (status === "FAILED")
    return (
      <Words
        icon={<TriangleAlert aria-hidden />}
        title={`The video was not finished: ${failure ?? "the reason is in the log."}`}
      >
        {newest ? "Your last video is untouched." : "What was drawn is kept, so the next time is shorter."}
      </Words>
    );
  if (status === "CANCELLED")
    return <Words title="Rendering stopped">What was drawn is kept, so the next time is shorter.</Words>;
  if (!readiness) return <Words title="" />;
  const missing = readiness.missing_images;
  if (missing.length) return <Missing project={project} missing={missing} />;
  if (newest && changedSince(project, newest) === 0)
    return (
      <Words icon={<Check aria-hidden />} tone="ok" title="The video is up to date">
        {clock(newest.duration_s)}, {bytes(newest.size_bytes)}, made in {roughly(newest.took_s)}
      </Words>
    );
  const fresh = readiness.missing_audio.length + readiness.stale_audio.length;
  return (
    <Words icon={<Film aria-hidden />} tone="ok" title="Ready to render">
      About {roughly(readiness.estimate_s)}.
      {fresh > 0 && ` ${plural(fresh, "narration")} will be made ${fresh === 1 ? "fresh" : "as well"}.`}
    </Words>
  );
}

function Missing({ project, missing }: { project: ProjectDetail; missing: number[] }) {
  const numbers = project.segments.flatMap((it, index) => (missing.includes(it.id) ? [index + 1] : []));
  const shown = numbers.slice(0, 6).join(", ");
  const list = numbers.length > 6 ? `${shown} and ${numbers.length - 6} more` : shown.replace(/, (\d+)$/, " and $1");
  function show() {
    if (missing.length > 1) look({ filter: "picture" });
    const first = project.segments.find((it) => missing.includes(it.id));
    if (first) setTimeout(() => showSegment(first.id), 0);
  }
  return (
    <Words
      icon={<ImageIcon aria-hidden />}
      title={missing.length === 1 ? "One picture to go" : `${missing.length} pictures to go`}
    >
      {numbers.length === 1 ? `Segment ${list} needs a picture. ` : `Segments ${list}. `}
      <button type="button" className="link" onClick={show}>
        {missing.length === 1 ? "Show it" : "Show them"}
      </button>
    </Words>
  );
}

interface WordsProps {
  title: string;
  icon?: ReactNode;
  tone?: "ok" | "warn";
  children?: ReactNode;
}

const Words = ({ title, icon, tone = "warn", children }: WordsProps) => (
  <div className="ready">
    {icon && <span className={`badge ${tone}`}>{icon}</span>}
    <div className="min-w-0" role="status">
      <b>{title}</b>
      {children && <p>{children}</p>}
    </div>
  </div>
);

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

function NarrowTools({ project, settings }: BarProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton label="Preview" className="narrow-only" onClick={() => look({ isPreviewOpen: true })}>
        <Film aria-hidden />
      </IconButton>
      <IconButton label="Voice and size" className="narrow-only" onClick={() => setOpen(true)}>
        <SlidersHorizontal aria-hidden />
      </IconButton>
      {settings && (
        <Dialog title="Voice and size" isOpen={isOpen} onClose={() => setOpen(false)}>
          <div className="content grid gap-4 justify-items-start">
            <FilmChoices project={project.id} settings={settings} />
          </div>
        </Dialog>
      )}
    </>
  );
}
