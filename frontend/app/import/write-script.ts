// The story as a script that reads back as the same segments.

import type { ScriptSegment } from "@/lib/types";
import { readScript } from "./read-script";

/** Text blocks, which are pleasant to edit; JSON where a text has line breaks or looks like a mark of theirs. */
export function writeScript(segments: ScriptSegment[]): string {
  const blocks = segments.map(({ text_content: text, image_prompt: prompt }) =>
    prompt ? `Text: ${text}\nPrompt: ${prompt}` : `Text: ${text}`,
  );
  const source = `${blocks.join("\n\n---\n\n")}\n`;
  const { rows } = readScript(source, "blocks");
  const isSame =
    rows.length === segments.length &&
    rows.every(({ text, prompt }, index) => {
      const segment = segments[index];
      return text === segment?.text_content && prompt === (segment.image_prompt ?? "");
    });
  const plain = segments.map(({ text_content, image_prompt }) => ({ text_content, image_prompt }));
  return isSame ? source : JSON.stringify({ segments: plain }, null, 2);
}
