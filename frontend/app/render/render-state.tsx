import { Check, Film, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { ProjectDetail, Readiness, RenderedVideo } from "@/lib/types";
import { about, bytes, clock, plural, roughly } from "@/lib/words";
import { showSegment } from "../timeline/cards/segment-list";
import { setView } from "../timeline/page/view";
import { differenceOf } from "./videos";

interface StateProps {
  project: ProjectDetail;
  readiness: Readiness | undefined;
  /** The newest video in the story's own size. */
  video: RenderedVideo | undefined;
  failure: string | null;
  status: string | undefined;
}

/** What there is and what a render would make, in words. Nothing of it keeps one from rendering. */
export function RenderState({ project, readiness, video, failure, status }: StateProps) {
  if (status === "FAILED")
    return (
      <Words
        icon={<TriangleAlert aria-hidden />}
        title={`The video was not finished: ${failure ?? "the reason is in the log."}`}
      >
        {video ? "Your last video is untouched." : "What was drawn is kept, so the next time is shorter."}
      </Words>
    );
  if (status === "CANCELLED")
    return <Words title="Rendering stopped">What was drawn is kept, so the next time is shorter.</Words>;
  if (!readiness) return <Words title="" />;
  if (video?.is_current)
    return (
      <Words icon={<Check aria-hidden />} tone="ok" title="The video is up to date">
        {clock(video.duration_s)}, {bytes(video.size_bytes)}, made in {roughly(video.took_s)}
      </Words>
    );
  return (
    <Words
      icon={<Film aria-hidden />}
      tone="ok"
      title={video ? "The story changed after the video" : "Ready to render"}
    >
      {video && `${sentence(differenceOf(video))} `}
      {about(readiness.estimate_s)}.<WillBeMade project={project} readiness={readiness} />
    </Words>
  );
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

function WillBeMade({ project, readiness }: { project: ProjectDetail; readiness: Readiness }) {
  const voices = readiness.missing_audio.length + readiness.stale_audio.length;
  const cards = readiness.missing_images;
  function show() {
    if (cards.length > 1) setView({ filter: "picture" });
    const first = project.segments.find((segment) => cards.includes(segment.id));
    if (first) setTimeout(() => showSegment(first.id), 0);
  }
  return (
    <>
      {voices > 0 && ` ${plural(voices, "narration")} will be made.`}
      {cards.length > 0 && (
        <>
          {` ${cards.length === 1 ? "One segment has" : `${cards.length} segments have`} no picture and ${cards.length === 1 ? "gets a title card" : "get title cards"}. `}
          <button type="button" className="link" onClick={show}>
            {cards.length === 1 ? "Show it" : "Show them"}
          </button>
        </>
      )}
    </>
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
