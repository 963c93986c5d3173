import { Download } from "lucide-react";
import type { ProjectStatus, RenderedVideo, SizeProgress } from "@/lib/types";
import { bytes, clock } from "@/lib/words";
import { startRender, stopRender } from "../render/rendering";
import { SHAPES, type Shape, shapeOfSize, sizeIn } from "../render/shapes";
import { differenceOf } from "../render/videos";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";

interface ListProps {
  project: number;
  title: string;
  /** The story's own size, after which the others are made. */
  own: string;
  renders: RenderedVideo[];
  status: ProjectStatus | undefined;
  shown: number | undefined;
  onShow: (id: number) => void;
}

/** The story in each shape of screen: made, being made, or to be made. */
export function ShapesList({ project, title, own, renders, status, shown, onShow }: ListProps) {
  return (
    <ul className="sizes" aria-label="Shapes">
      {SHAPES.map((shape) => {
        const size = sizeIn(shape, own);
        const made = renders.find((video) => !video.is_draft && shapeOfSize(video.size)?.name === shape.name);
        const part = status?.progress?.sizes.find((progress) => progress.size === size);
        return (
          <li key={shape.name} className="size">
            <Outline shape={shape} made={made} />
            <div className="grow min-w-0">
              <b>
                {shape.name}, {shape.ratio}
              </b>
              {part && part.state !== "done" ? <Under part={part} status={status} /> : <p>{factsOf(made)}</p>}
              <div className="acts">
                <Acts
                  project={project}
                  title={title}
                  size={size}
                  made={made}
                  part={part}
                  status={status}
                  isShown={made !== undefined && made.id === shown}
                  onShow={onShow}
                />
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Outline({ shape, made }: { shape: Shape; made: RenderedVideo | undefined }) {
  const ratio = shape.across / shape.down;
  const box = ratio >= 1 ? { width: 72, aspectRatio: ratio } : { height: 72, aspectRatio: ratio };
  return (
    <span className="shape" aria-hidden>
      {made ? <img src={made.poster_url} alt="" style={box} /> : <i className="todo" style={box} />}
    </span>
  );
}

function factsOf(made: RenderedVideo | undefined): string {
  if (!made) return "Not made yet";
  const facts = `${clock(made.duration_s)} · ${bytes(made.size_bytes)}`;
  return made.is_current ? facts : `${facts} · differs: ${differenceOf(made)}`;
}

/** Percent are of all the shapes that are made together. */
function Under({ part, status }: { part: SizeProgress; status: ProjectStatus | undefined }) {
  const percent = Math.round(status?.progress?.percentage ?? 0);
  if (part.state === "waiting") return <p>Waiting for its turn</p>;
  return (
    <div className="bar mt-2" role="progressbar" aria-label="Rendering" aria-valuenow={percent}>
      <i style={{ width: `${percent}%` }} />
    </div>
  );
}

interface ActsProps {
  project: number;
  title: string;
  size: string;
  made: RenderedVideo | undefined;
  part: SizeProgress | undefined;
  status: ProjectStatus | undefined;
  isShown: boolean;
  onShow: (id: number) => void;
}

function Acts({ project, title, size, made, part, status, isShown, onShow }: ActsProps) {
  const refusal = useRefusal();
  const isBusy = status?.status === "PROCESSING";
  if (part && part.state !== "done")
    return (
      <Button size="small" onClick={() => void stopRender(project, status?.task_id ?? null)}>
        Cancel
      </Button>
    );
  return (
    <>
      {made &&
        (isShown ? (
          <span className="chip on">Shown</span>
        ) : (
          <Button size="small" onClick={() => onShow(made.id)}>
            Watch
          </Button>
        ))}
      {made && (
        <a className="btn small" href={made.video_url} download={`${title}.mp4`}>
          <Download aria-hidden className="s" />
          Download
        </a>
      )}
      {!made?.is_current && (
        <Button
          size="small"
          refusal={refusal ?? (isBusy ? "Another render is under way." : null)}
          onClick={() => void startRender(project, { sizes: [size] })}
        >
          {made ? "Render again" : "Render"}
        </Button>
      )}
    </>
  );
}
