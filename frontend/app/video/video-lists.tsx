import { deleteRender } from "@/lib/api";
import type { ProjectDetail, RenderedVideo } from "@/lib/types";
import { bytes, clock, plural, when } from "@/lib/words";
import { keys, queries } from "../queries";
import { chooseForProject } from "../render/choosing";
import { changedSince } from "../render/render-state";
import { startRender } from "../render/rendering";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { say, sayProblem } from "../ui/toasts";

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

export function Shapes({ project, renders, shown, onShow }: ShapesProps) {
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

export function Older({ project, renders, shown, onShow }: OlderProps) {
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
