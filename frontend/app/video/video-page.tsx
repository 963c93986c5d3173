import { ChevronLeft, Clock, Download } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { deleteRender } from "@/lib/api";
import type { ProjectDetail, RenderedVideo } from "@/lib/types";
import { bytes, clock, plural, roughly, when } from "@/lib/words";
import { isGone, keys, queries, useProject, useRenders } from "../queries";
import { chooseForProject } from "../render/film-choices";
import { changedSince } from "../render/render-bar";
import { startRender } from "../render/rendering";
import { Page } from "../shell/page";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { say, sayProblem } from "../ui/toasts";

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

const SHAPES = [
  { name: "Wide, 16:9", size: "1920x1080", ratio: 16 / 9 },
  { name: "Tall, 9:16", size: "1080x1920", ratio: 9 / 16 },
  { name: "Square, 1:1", size: "1080x1080", ratio: 1 },
];

interface ShapesProps {
  project: ProjectDetail;
  renders: RenderedVideo[];
  shown: number;
  onShow: (id: number) => void;
}

function Shapes({ project, renders, shown, onShow }: ShapesProps) {
  const refusal = useRefusal();
  return (
    <ul className="sizes" aria-label="Sizes">
      {SHAPES.map(({ name, size, ratio }) => {
        const made = renders.find((it) => !it.is_draft && Math.abs(it.width / it.height - ratio) < 0.02);
        const count = made ? changedSince(project, made) : 0;
        const facts = made
          ? `${bytes(made.size_bytes)}${count ? ` · out of date by ${plural(count, "segment")}` : ""}`
          : "Not made yet";
        return (
          <li key={size} className="size">
            <span className="shape" aria-hidden>
              <i
                className={made ? "" : "todo"}
                style={ratio >= 1 ? { width: 56, aspectRatio: ratio } : { height: 56, aspectRatio: ratio }}
              />
            </span>
            <div className="grow min-w-0">
              <b>{name}</b>
              <p>{facts}</p>
            </div>
            {made && made.id === shown ? (
              <span className="chip on">Shown</span>
            ) : made ? (
              <Button size="small" onClick={() => onShow(made.id)}>
                Watch
              </Button>
            ) : (
              <Button
                size="small"
                refusal={refusal}
                onClick={() => void chooseForProject(project.id, { size }).then(() => startRender(project.id))}
              >
                Render
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface OlderProps {
  project: number;
  renders: RenderedVideo[];
  shown: number;
  onShow: (id: number) => void;
}

function Older({ project, renders, shown, onShow }: OlderProps) {
  if (renders.length < 2) return null;

  async function remove(render: RenderedVideo) {
    try {
      await deleteRender(project, render.id);
      say("Video moved to Trash");
    } catch (problem) {
      sayProblem("The video was not deleted", problem);
    }
    void queries.invalidateQueries({ queryKey: keys.renders(project) });
    void queries.invalidateQueries({ queryKey: keys.trash });
  }

  return (
    <section className="mt-8" aria-labelledby="older">
      <h2 id="older" className="mb-2">
        All videos
      </h2>
      <ul className="rows">
        {renders.map((it) => (
          <li key={it.id}>
            <div className="grow min-w-0">
              <p className="t">
                {it.width} × {it.height}
                {it.is_draft && ", draft"}
              </p>
              <p className="d num">
                {clock(it.duration_s)} · {bytes(it.size_bytes)} · made {when(it.created_at)}
              </p>
            </div>
            {it.id === shown ? (
              <span className="chip on">Shown</span>
            ) : (
              <Button size="small" onClick={() => onShow(it.id)}>
                Watch
              </Button>
            )}
            <Button size="small" kind="quiet" onClick={() => void remove(it)}>
              Delete
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
