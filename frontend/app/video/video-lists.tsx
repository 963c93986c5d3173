import { deleteRender } from "@/lib/api";
import type { RenderedVideo } from "@/lib/types";
import { bytes, clock, when } from "@/lib/words";
import { keys, queries } from "../queries";
import { Button } from "../ui/button";
import { say, sayProblem } from "../ui/toasts";

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
