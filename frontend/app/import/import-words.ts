import { plural, wordCount } from "@/lib/words";
import { MAX_TITLE } from "./import-state";

export function wrongTitle(title: string): string | null {
  const length = title.trim().length;
  if (!length) return "Give the story a title.";
  return length > MAX_TITLE ? `The title can have ${MAX_TITLE} characters; this has ${length}.` : null;
}

const WORDS_A_SECOND = 2.6;

/** Of one segment's words, in seconds. */
export const spokenS = (text: string) => wordCount(text) / WORDS_A_SECOND + 0.7;

export function summary(rows: { text: string }[]): string {
  const seconds = rows.reduce((sum, row) => sum + spokenS(row.text), 0);
  const minutes = Math.floor(seconds / 60);
  return `${plural(rows.length, "segment")}, about ${minutes}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
}
