// What the story's videos are to it now.

import type { RenderedVideo } from "@/lib/types";

/** The newest of that size, which is what a person means by "the video". */
export const videoIn = (renders: RenderedVideo[] | undefined, size: string): RenderedVideo | undefined =>
  renders?.find((video) => !video.is_draft && video.size === size);

/** "2 segments, the crossfade"; of a video of an earlier release it is not known. */
export function differenceOf(video: Pick<RenderedVideo, "is_current" | "differs">): string {
  if (video.is_current === null) return "it was made by an earlier release";
  return video.differs.join(", ");
}
