// All image prompts at once, to be given to whatever draws pictures.

import type { Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { toast } from "../../ui/toasts";

/** A numbered line for each segment that has one; pictures named by these numbers find their segments again. */
export function promptsOf(segments: Pick<Segment, "image_prompt">[]): string[] {
  const digits = String(segments.length).length;
  return segments.flatMap(({ image_prompt: prompt }, index) => {
    const words = prompt.replace(/\s+/g, " ").trim();
    return words ? [`${String(index + 1).padStart(digits, "0")}. ${words}`] : [];
  });
}

export async function copyPrompts(segments: Segment[]): Promise<void> {
  const lines = promptsOf(segments);
  if (lines.length === 0) return toast("No segment has an image prompt yet.");
  const bare = segments.length - lines.length;
  try {
    await navigator.clipboard.writeText(`${lines.join("\n")}\n`);
    const rest = bare ? ` ${plural(bare, "segment")} ${bare === 1 ? "has" : "have"} none.` : "";
    toast(`${plural(lines.length, "image prompt")} copied, numbered.${rest}`);
  } catch {
    toast("The browser does not let this page copy.", undefined, { isError: true });
  }
}
