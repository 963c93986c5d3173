import { ChevronLeft, Clock, Layers2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { ProjectDetail, ProjectStatus, RenderedVideo } from "@/lib/types";
import { bytes, clock, roughly, when } from "@/lib/words";
import { isGone, useProject, useProjectSettings, useProjectStatus, useRenders, versionOf } from "../queries";
import { useFinished } from "../render/finished";
import { wordsOf } from "../render/render-acts";
import { startRender, useRendering } from "../render/rendering";
import { SHAPES, sizeIn } from "../render/shapes";
import { differenceOf } from "../render/videos";
import { Page } from "../shell/page";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { Files, Player } from "./player";
import { ShapesList } from "./shapes-list";
import { Older } from "./video-lists";

/** The finished video, its files, its other shapes, and older ones. */
export default function VideoPage({ id }: { id: number }) {
  const project = useProject(id);
  const renders = useRenders(id, project.data && versionOf(project.data));
  const title = `Your video${project.data ? ` · ${project.data.title}` : ""}`;
  if (project.data && renders.data)
    return (
      <Page title={title} className="page video">
        <Link className="back" href={`/projects/${id}`}>
          <ChevronLeft aria-hidden className="s" />
          {project.data.title}
        </Link>
        <Videos project={project.data} renders={renders.data} />
      </Page>
    );
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
}

function Videos({ project, renders }: { project: ProjectDetail; renders: RenderedVideo[] }) {
  const { id } = project;
  const isAsked = useRendering((all) => all.asked[id]) === true;
  const status = useProjectStatus(id, isAsked).data;
  const own = useProjectSettings(id).data?.values.size ?? "1920x1080";
  const finished = useFinished(id, status, renders);
  const [shownId, setShown] = useState(() => Number(/^#v-(\d+)$/.exec(location.hash)?.[1]));
  const fresh = finished.videos[0]?.id;
  useEffect(() => {
    if (fresh !== undefined) setShown(fresh);
  }, [fresh]);
  const video = renders.find((it) => it.id === shownId) ?? renders[0];
  return (
    <>
      {video ? (
        <Shown project={project} video={video} status={status} isFresh={finished.videos.some((it) => it === video)} />
      ) : (
        <NoVideo id={id} />
      )}
      {project.segments.length > 0 && (
        <>
          <Together project={id} own={own} renders={renders} status={status} />
          <ShapesList
            project={id}
            title={project.title}
            own={own}
            renders={renders}
            status={status}
            shown={video?.id}
            onShow={setShown}
          />
        </>
      )}
      {video && <Older project={id} renders={renders} shown={video.id} onShow={setShown} />}
    </>
  );
}

const NoVideo = ({ id }: { id: number }) => (
  <>
    <h1 className="sr-only">Your video</h1>
    <EmptyState
      title="No video yet"
      actions={
        <Link className="btn" href={`/projects/${id}`}>
          Back to the story
        </Link>
      }
    >
      Render the story, and it plays here.
    </EmptyState>
  </>
);

interface ShownProps {
  project: ProjectDetail;
  video: RenderedVideo;
  status: ProjectStatus | undefined;
  isFresh: boolean;
}

function Shown({ project, video, status, isFresh }: ShownProps) {
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
    project.segments.flatMap((it, index) => (ids.includes(it.id) ? [index + 1] : [])).join(", ");
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

interface TogetherProps {
  project: number;
  own: string;
  renders: RenderedVideo[];
  status: ProjectStatus | undefined;
}

/** Those shapes that are missing or out of date, by one button: narrated once, drawn one after the other. */
function Together({ project, own, renders, status }: TogetherProps) {
  const refusal = useRefusal();
  const isCurrent = (size: string) => renders.some((it) => !it.is_draft && it.size === size && it.is_current);
  const wanted = SHAPES.filter((shape) => !isCurrent(sizeIn(shape, own)));
  const phones = wanted.filter((it) => it.ratio !== "1:1");
  const isBusy = status?.status === "PROCESSING";
  return (
    <div className="vrow items-center!">
      <h2 className="grow">Shapes</h2>
      {(phones.length === 2 ? [phones, wanted] : [wanted])
        .filter((shapes, index, all) => shapes.length > 1 && (index === 0 || shapes.length !== all[0]?.length))
        .map((shapes) => (
          <Button
            key={shapes.length}
            refusal={refusal ?? (isBusy ? "A render is under way." : null)}
            onClick={() => void startRender(project, { sizes: shapes.map((it) => sizeIn(it, own)) })}
          >
            <Layers2 aria-hidden />
            {wordsOf(shapes.map((it) => it.ratio))}
          </Button>
        ))}
    </div>
  );
}
