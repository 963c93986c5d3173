import { Download } from "lucide-react";
import { useState } from "react";
import type { RenderedVideo } from "@/lib/types";
import { about } from "@/lib/words";

export function Player({ video }: { video: RenderedVideo }) {
  const [isMissing, setMissing] = useState(false);
  if (isMissing)
    return (
      <div className="player missing" role="alert">
        <p>The video file is missing. It can be made again in {about(video.took_s).toLowerCase()}.</p>
      </div>
    );
  return (
    // biome-ignore lint/a11y/useMediaCaption: the subtitles are drawn into the picture; the track is there when they are not
    <video
      className="player"
      controls
      preload="metadata"
      playsInline
      poster={video.poster_url}
      src={video.video_url}
      style={{
        aspectRatio: `${video.width} / ${video.height}`,
        width: `min(100%, ${((72 * video.width) / video.height).toFixed(2)}vh)`,
      }}
      onError={() => setMissing(true)}
    >
      {video.vtt_url && <track kind="subtitles" src={video.vtt_url} srcLang="en" label="Subtitles" />}
    </video>
  );
}

export function Files({ title, video }: { title: string; video: RenderedVideo }) {
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
