import { Check, Film, ImageIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ProjectDetail, Readiness, RenderedVideo } from "@/lib/types";
import { bytes, clock, plural, roughly } from "@/lib/words";
import { showSegment } from "../timeline/segment-list";
import { look } from "../timeline/view";

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

/** What there is and what is missing, in words. */
export function RenderState({ project, readiness, newest, failure, status }: StateProps) {
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
