import { File, Film, ImageIcon, Layers, Mic, Package, Text } from "lucide-react";
import type { TrashEntry } from "@/lib/types";

export type Kind = "all" | "pictures" | "segments" | "projects" | "items" | "others";

const KINDS: Record<TrashEntry["what"], { kind: Kind; Icon: typeof Film; name: string }> = {
  image: { kind: "pictures", Icon: ImageIcon, name: "Picture" },
  "item-image": { kind: "pictures", Icon: ImageIcon, name: "Picture" },
  segment: { kind: "segments", Icon: Text, name: "Segment" },
  project: { kind: "projects", Icon: Layers, name: "Project" },
  item: { kind: "items", Icon: Package, name: "Item" },
  recording: { kind: "others", Icon: Mic, name: "Recording" },
  video: { kind: "others", Icon: Film, name: "Video" },
  file: { kind: "others", Icon: File, name: "File" },
};
const OTHER = { kind: "others" as const, Icon: File, name: "File" };

/** A newer server may have kinds that this page does not know. */
export const kindOf = (entry: TrashEntry) => KINDS[entry.what] ?? OTHER;

export const titleOf = (entry: TrashEntry) =>
  entry.what === "segment" ? `“${entry.title}”` : entry.title || kindOf(entry).name;

/** Whether it can be given to a segment that was not its own. */
export const isForAnySegment = (entry: TrashEntry) =>
  entry.has_picture && (entry.what === "image" || entry.what === "file");
