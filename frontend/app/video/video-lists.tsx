import { deleteRender } from "@/lib/api";
import type { RenderedVideo } from "@/lib/types";
import { bytes, clock, when } from "@/lib/words";
import { keys, queries } from "../queries";
import { Button } from "../ui/button";
import { toast, toastProblem } from "../ui/toasts";

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
      toast("Video moved to Trash");
    } catch (problem) {
      toastProblem("The video was not deleted", problem);
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
        {renders.map((video) => (
          <li key={video.id}>
            <div className="grow min-w-0">
              <p className="t">
                {video.width} × {video.height}
                {video.is_draft && ", draft"}
              </p>
              <p className="d num">
                {clock(video.duration_s)} · {bytes(video.size_bytes)} · made {when(video.created_at)}
              </p>
            </div>
            {video.id === shown ? (
              <span className="chip on">Shown</span>
            ) : (
              <Button size="small" onClick={() => onShow(video.id)}>
                Watch
              </Button>
            )}
            <Button size="small" kind="quiet" onClick={() => void remove(video)}>
              Delete
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
