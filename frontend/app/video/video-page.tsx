import { ChevronLeft, Clock, Download } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import type { ProjectDetail, RenderedVideo } from "@/lib/types";
import { bytes, clock, plural, roughly, when } from "@/lib/words";
import { isGone, useProject, useRenders } from "../queries";
import { changedSince } from "../render/render-state";
import { startRender } from "../render/rendering";
import { Page } from "../shell/page";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { Older, Shapes } from "./video-lists";

/** The finished video, its files, its other shapes, and older ones. */
export default function VideoPage({ id }: { id: number }) {
  const project = useProject(id);
  const renders = useRenders(id);
  const [shownId, setShown] = useState<number | null>(null);
  const title = `Your video${project.data ? ` · ${project.data.title}` : ""}`;
  if (!project.data || !renders.data)
    return (
      <Page title={title} className="page video">
        {project.isError || renders.isError ? (
          <FailedState
            title={isGone(project.error) ? "This story does not exist" : "The video could not be opened"}
            problem={isGone(project.error) ? "" : (project.error ?? renders.error)}
            onRetry={() => void Promise.all([project.refetch(), renders.refetch()])}
          />
        ) : (
          <Later>
            <div className="skeleton aspect-video" />
          </Later>
        )}
      </Page>
    );
  const video = renders.data.find((it) => it.id === shownId) ?? renders.data[0];
  const back = (
    <Link className="back" href={`/projects/${id}`}>
      <ChevronLeft aria-hidden className="s" />
      {project.data.title}
    </Link>
  );
  if (!video)
    return (
      <Page title={title} className="page video">
        {back}
        <h1 className="sr-only">Your video</h1>
        <EmptyState
          title="No video yet"
          actions={
            <Link className="btn primary" href={`/projects/${id}`}>
              Back to the story
            </Link>
          }
        >
          Render the story, and it plays here.
        </EmptyState>
      </Page>
    );
  return (
    <Page title={title} className="page video">
      {back}
      <OutOfDate project={project.data} video={video} />
      <Player key={video.id} video={video} />
      <div className="vrow">
        <div className="grow basis-80">
          <h1>Your video is ready</h1>
          <p className="lede num">
            {clock(video.duration_s)} · {video.width} × {video.height} · {bytes(video.size_bytes)} · made{" "}
            {when(video.created_at)} in {roughly(video.took_s)}
            {video.is_draft && " · draft"}
          </p>
        </div>
        <Files title={project.data.title} video={video} />
      </div>
      <Shapes project={project.data} renders={renders.data} shown={video.id} onShow={setShown} />
      <Older project={id} renders={renders.data} shown={video.id} onShow={setShown} />
    </Page>
  );
}

function OutOfDate({ project, video }: { project: ProjectDetail; video: RenderedVideo }) {
  const refusal = useRefusal();
  const count = changedSince(project, video);
  if (count === 0) return null;
  return (
    <p className="note warn items-center! mt-2">
      <Clock aria-hidden className="s" />
      <span>
        <b>The story changed after this video.</b> {plural(count, "segment")} {count === 1 ? "differs" : "differ"}.
      </span>
      <Button size="small" className="ml-auto" refusal={refusal} onClick={() => void startRender(project.id)}>
        Render again
      </Button>
    </p>
  );
}

function Player({ video }: { video: RenderedVideo }) {
  const [isMissing, setMissing] = useState(false);
  if (isMissing)
    return (
      <div className="player missing" role="alert">
        <p>The video file is missing. It can be made again in about {roughly(video.took_s)}.</p>
      </div>
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: the subtitles are drawn into the picture; the track is there when they are not
    <video
      className="player"
      controls
      preload="metadata"
      playsInline
      src={video.video_url}
      style={{ aspectRatio: `${video.width} / ${video.height}` }}
      onError={() => setMissing(true)}
    >
      {video.vtt_url && <track kind="subtitles" src={video.vtt_url} srcLang="en" label="Subtitles" />}
    </video>
  );
}

function Files({ title, video }: { title: string; video: RenderedVideo }) {
  return (
    <>
      {video.srt_url && (
        <a className="btn" href={video.srt_url} download={`${title}.srt`}>
          Subtitles, .srt
        </a>
      )}
      {video.vtt_url && (
        <a className="btn" href={video.vtt_url} download={`${title}.vtt`}>
          Subtitles, .vtt
        </a>
      )}
      <a className="btn primary" href={video.video_url} download={`${title}.mp4`}>
        <Download aria-hidden />
        Download video
      </a>
    </>
  );
}
