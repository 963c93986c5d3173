import { Download, X } from "lucide-react";
import { Link } from "wouter";
import type { RenderedVideo } from "@/lib/types";
import { bytes, clock, roughly } from "@/lib/words";
import { IconButton } from "../ui/button";
import { ratioOf } from "./shapes";

interface ReadyProps {
  project: number;
  title: string;
  /** Those that were made together, in the order they were made. */
  videos: RenderedVideo[];
  onClose: () => void;
}

/** The moment for which all of it was done: the video's own first picture, and what one does with it. */
export function ReadyVideo({ project, title, videos, onClose }: ReadyProps) {
  const [first] = videos;
  if (!first) return null;
  const isOne = videos.length === 1;
  const facts = isOne
    ? `${clock(first.duration_s)}, ${bytes(first.size_bytes)}, made in ${roughly(first.took_s)}`
    : `${videos.map((video) => ratioOf(video.size)).join(" and ")}, ${clock(first.duration_s)}, made in ${roughly(first.took_s)}`;
  return (
    <section className="render" aria-label="Render">
      <div className="inner">
        <div className="ready">
          <span className="posters">
            {videos.map((video) => (
              <img
                key={video.id}
                src={video.poster_url}
                alt=""
                style={{ aspectRatio: `${video.width} / ${video.height}` }}
              />
            ))}
          </span>
          <div className="min-w-0" role="status">
            <b>{first.is_draft ? "Your draft is ready" : isOne ? "Your video is ready" : "Your videos are ready"}</b>
            <p>{facts}</p>
          </div>
        </div>
        {isOne && (
          <a className="btn" href={first.video_url} download={`${title}.mp4`}>
            <Download aria-hidden />
            Download
          </a>
        )}
        <Link className="btn primary big" href={`/projects/${project}/video#v-${first.id}`}>
          Watch
        </Link>
        <IconButton label="Close" onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </div>
    </section>
  );
}
