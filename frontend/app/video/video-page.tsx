import { ChevronLeft, Layers2 } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import type { ProjectDetail, ProjectStatus, RenderedVideo } from "@/lib/types";
import { isGone, useProject, useProjectSettings, useProjectStatus, useRenders, versionOf } from "../queries";
import { useFinished } from "../render/finished";
import { wordsOf } from "../render/render-menu";
import { startRender, useRendering } from "../render/rendering";
import { SHAPES, sizeIn } from "../render/shapes";
import { Page } from "../shell/page";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { EmptyState, FailedState, Later } from "../ui/states";
import { ShapesList } from "./shapes-list";
import { Shown } from "./shown-video";
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
  const video = renders.find((video) => video.id === shownId) ?? renders[0];
  return (
    <>
      {video ? (
        <Shown
          project={project}
          video={video}
          status={status}
          isFresh={finished.videos.some((other) => other === video)}
        />
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

interface TogetherProps {
  project: number;
  own: string;
  renders: RenderedVideo[];
  status: ProjectStatus | undefined;
}

/** Those shapes that are missing or out of date, by one button: narrated once, drawn one after the other. */
function Together({ project, own, renders, status }: TogetherProps) {
  const refusal = useRefusal();
  const isCurrent = (size: string) =>
    renders.some((video) => !video.is_draft && video.size === size && video.is_current);
  const wanted = SHAPES.filter((shape) => !isCurrent(sizeIn(shape, own)));
  const phones = wanted.filter((shape) => shape.ratio !== "1:1");
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
            onClick={() => void startRender(project, { sizes: shapes.map((shape) => sizeIn(shape, own)) })}
          >
            <Layers2 aria-hidden />
            {wordsOf(shapes.map((shape) => shape.ratio))}
          </Button>
        ))}
    </div>
  );
}
