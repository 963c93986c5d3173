import { Clock } from "lucide-react";
import type { ProjectDetail, ProjectStatus, RenderedVideo } from "@/lib/types";
import { bytes, clock, roughly, when } from "@/lib/words";
import { startRender } from "../render/rendering";
import { differenceOf } from "../render/videos";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { Files, Player } from "./player";

interface ShownProps {
  project: ProjectDetail;
  video: RenderedVideo;
  status: ProjectStatus | undefined;
  isFresh: boolean;
}

/** One video: how it differs from the story, itself, its facts and its files. */
export function Shown({ project, video, status, isFresh }: ShownProps) {
  return (
    <>
      {status?.status === "FAILED" && (
        <p className="note bad mt-2" role="alert">
          The last render was not finished: {status.error ?? "the reason is in the log."} This video is untouched.
        </p>
      )}
      <OutOfDate project={project.id} video={video} isBusy={status?.status === "PROCESSING"} />
      <Player key={video.id} video={video} />
      <div className="vrow">
        <div className="grow basis-80">
          <h1 aria-live={isFresh ? "polite" : undefined}>
            {video.is_draft ? "Your draft is ready" : "Your video is ready"}
          </h1>
          <p className="lede num">
            {clock(video.duration_s)} · {video.width} × {video.height} · {bytes(video.size_bytes)} · made{" "}
            {when(video.created_at)} in {roughly(video.took_s)}
            {video.is_draft && " · draft"}
          </p>
          <Notes project={project} video={video} />
        </div>
        <Files title={project.title} video={video} />
      </div>
    </>
  );
}

/** What a viewer would ask about: title cards, silent segments, and what the renderer had to say. */
function Notes({ project, video }: { project: ProjectDetail; video: RenderedVideo }) {
  const numbers = (ids: number[]) =>
    project.segments.flatMap((segment, index) => (ids.includes(segment.id) ? [index + 1] : [])).join(", ");
  const notes = [
    ...(video.cards.length ? [`Title cards stand for missing pictures: segment ${numbers(video.cards)}.`] : []),
    ...(video.silent.length ? [`Nothing is said in segment ${numbers(video.silent)}.`] : []),
    ...video.notes,
  ];
  return notes.map((note) => (
    <p key={note} className="text-ink-3 text-[13px]">
      {note}
    </p>
  ));
}

function OutOfDate({ project, video, isBusy }: { project: number; video: RenderedVideo; isBusy: boolean }) {
  const refusal = useRefusal();
  if (video.is_current !== false || video.is_draft) return null;
  return (
    <p className="note warn items-center! mt-2">
      <Clock aria-hidden className="s" />
      <span>
        <b>The story changed after this video.</b> What differs: {differenceOf(video)}.
      </span>
      <Button
        size="small"
        className="ml-auto"
        refusal={refusal ?? (isBusy ? "A render is under way." : null)}
        onClick={() => void startRender(project, { sizes: [video.size] })}
      >
        Render again
      </Button>
    </p>
  );
}
