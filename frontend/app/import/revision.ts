// What a revised script would do to the story, as the server says it.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import * as api from "@/lib/api";
import type { ProjectDetail, RevisedKind, ScriptSegment, Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { recordStep } from "../undo";
import { type Command, entriesOf } from "../undo-commands";

/** One line to show: what it says, what it said, and its number in the story to be. */
export interface RevisedLine {
  kind: RevisedKind;
  text: string;
  was: string;
  prompt: string;
  number: number | null;
}

let scripts = 0;

export function useComparison(project: ProjectDetail, segments: ScriptSegment[]) {
  // A number stands for the script: the key is written out at every render, and ten megabytes are too many for that.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another script is another number
  const script = useMemo(() => ++scripts, [segments]);
  return useQuery({
    queryKey: ["comparison", project.id, project.updated_at, script],
    queryFn: () => api.compareScript(project.id, { format: "json", segments }),
    enabled: segments.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
}

export function linesOf({ revised }: api.Comparison, script: ScriptSegment[], story: Segment[]): RevisedLine[] {
  const byId = new Map(story.map((segment) => [segment.id, segment]));
  let number = 0;
  return revised.rows.map(({ kind, segment: id, row }) => {
    const segment = id === null ? undefined : byId.get(id);
    const said = row === null ? undefined : script[row];
    const stays = kind.startsWith("locked") || said === undefined;
    return {
      kind,
      text: (stays ? segment?.text_content : said?.text_content) ?? "",
      was: (kind === "changed" ? segment?.text_content : kind === "locked" ? said?.text_content : "") ?? "",
      prompt: (stays ? segment?.image_prompt : said?.image_prompt || segment?.image_prompt) ?? "",
      number: kind === "missing" ? null : ++number,
    };
  });
}

/** "2 changed, 1 new, 1 to Trash"; empty where nothing would be done. */
export function inWords({ revised: { counts, rows } }: api.Comparison, story: Segment[]): string {
  const parts: [number, string][] = [
    [counts.changed, "changed"],
    [counts.new, "new"],
    [counts.missing, "to Trash"],
  ];
  const said = parts.flatMap(([count, words]) => (count ? `${count.toLocaleString("en")} ${words}` : []));
  const isMoved = rows.some(({ segment }, index) => segment !== story[index]?.id);
  return said.join(", ") || (isMoved ? "another order" : "");
}

/** Do it, and note how it is taken back: one step, whatever it did. */
export async function revise(project: ProjectDetail, script: ScriptSegment[], compared: api.Comparison) {
  const { id, segments: story } = project;
  const words = inWords(compared, story);
  const { revised } = await api.reviseProject(id, { format: "json", segments: script }, compared.etag);
  const ids = (kind: RevisedKind) =>
    revised.rows.flatMap((row) => (row.kind === kind && row.segment ? row.segment : []));
  const [added, gone] = [ids("new"), ids("missing")];
  const commands: Command[] = [
    { do: "order", to: revised.rows.flatMap((row) => (row.kind !== "missing" && row.segment) || []) },
  ];
  if (added.length) commands.push({ do: "delete", segments: added });
  if (gone.length) commands.push({ do: "restore", entries: await entriesOf(id, "segment", gone) });
  for (const { kind, segment, row } of revised.rows) {
    const [was, now] = [story.find((other) => other.id === segment), row === null ? undefined : script[row]];
    if (kind === "changed" && was && now) commands.push(changeBack(was, now));
  }
  commands.push({ do: "order", to: story.map((segment) => segment.id) });
  recordStep(id, { words: `Script imported again${words ? `: ${words}` : ""}`, commands });
  return revised;
}

function changeBack(was: Segment, now: ScriptSegment): Command {
  const from = { text_content: now.text_content, image_prompt: now.image_prompt || was.image_prompt };
  return {
    do: "change",
    segment: was.id,
    to: { text_content: was.text_content, image_prompt: was.image_prompt },
    from,
  };
}

export const stayingWords = (count: number) =>
  `${plural(count, "locked segment")} ${count === 1 ? "stays" : "stay"} as ${count === 1 ? "it is" : "they are"}.`;
