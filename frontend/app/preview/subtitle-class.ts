import type { Settings } from "@/lib/types";

/** The classes by which a subtitle looks as the renderer draws it. */
export const subtitleClass = (look: Pick<Settings, "subtitle_place" | "subtitle_size" | "subtitle_style">) =>
  `subt ${look.subtitle_place} ${look.subtitle_size} ${look.subtitle_style === "box" ? "boxed" : "outlined"}`;
