// Prose becomes segments: by paragraph, by line or by sentence, lists item by item, and none too long to look at.

import { wordCount } from "@/lib/words";
import type { Row } from "./read-script";

/** A narrated segment of more words than this stands for half a minute on one picture. */
export const LONG_WORDS = 60;

const LIST_ITEM = /^\s*(?:[-*+•‣◦]|\d{1,3}[.)])\s+(?=\S)/;
const isListItem = (line: string) => LIST_ITEM.test(line) && !/^\s*([-*+])(\s*\1){2,}\s*$/.test(line);
export const isTableLine = (line: string) => /^\s*\|.*\|\s*$/.test(line);
const isRule = (line: string) => /^\s*-{3,}\s*$/.test(line);
const SENTENCE_END = /[.!?…。！？:][\s"'”’»)\]*_]*$/;

interface Lines {
  lines: string[];
  line: number;
}

/** Runs of lines between blank ones; headings, rules, pictures and items of a list stand alone. */
function runs(text: string): Lines[] {
  const found: Lines[] = [];
  let isOpen = false;
  text.split("\n").forEach((line, number) => {
    const isOwn = isRule(line) || isTableLine(line) || /^#{1,6}\s|^!\[[^\]]*\]\(.*\)$/.test(line.trim());
    const begins = isOwn || !isOpen || isListItem(line);
    if (line.trim() && begins) found.push({ lines: [line.trim()], line: number });
    else if (line.trim()) found.at(-1)?.lines.push(line.trim());
    isOpen = line.trim() !== "" && !isOwn;
  });
  return found;
}

const joined = ({ lines, line }: Lines): Row => ({ text: lines.join(" "), prompt: "", line });

/** Runs of lines between blank ones, each made one line. */
export const paragraphs = (text: string): Row[] => runs(text).map(joined);

/** Marks of lists are no words; one "1." alone may be how a sentence begins. */
export function withoutMarks(rows: Row[]): Row[] {
  const items = rows.filter((row) => isListItem(row.text)).length;
  return items < 2 ? rows : rows.map((row) => ({ ...row, text: row.text.replace(LIST_ITEM, "") }));
}

export const lines = (text: string): Row[] =>
  text.split("\n").flatMap((line, number) => (line.trim() ? [{ text: line.trim(), prompt: "", line: number }] : []));

/** Word processors and chats end paragraphs with one line break; what is only wrapped ends lines amid sentences. */
export function isByLine(text: string): boolean {
  const [first, ...others] = runs(text).flatMap((run) => run.lines.slice(0, -1));
  if (first === undefined) return false;
  const inner = looksLikeTitle(first) ? others : [first, ...others];
  return inner.length > 0 && inner.filter((line) => SENTENCE_END.test(line)).length >= inner.length * 0.7;
}

/** Short, and no sentence. */
export const looksLikeTitle = (line: string): boolean =>
  wordCount(line) <= 12 && line.length <= 90 && !/[.!?…。！？:;,—-]["”’)]*$/.test(line) && /[\p{L}\p{N}]/u.test(line);

export function sentences(text: string): string[] {
  const parts = [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)].map((part) =>
    part.segment.trim(),
  );
  return parts.filter(Boolean);
}

/** Rows of many more words than `most` are cut after sentences into parts of about as many, alike in length. */
export function shortened(rows: Row[], most: number): Row[] {
  return rows.flatMap((row) => (row.problem || wordCount(row.text) <= most * 1.25 ? [row] : parted(row, most)));
}

function parted(row: Row, most: number): Row[] {
  const total = wordCount(row.text);
  const aim = total / Math.ceil(total / most);
  const parts: string[][] = [[]];
  let count = 0;
  for (const sentence of sentences(row.text)) {
    const words = wordCount(sentence);
    // Better a little too short than far too long.
    if (count > 0 && count + words / 2 > aim) {
      parts.push([]);
      count = 0;
    }
    parts.at(-1)?.push(sentence);
    count += words;
  }
  return parts.map((part, index) => ({ ...row, text: part.join(" "), prompt: index === 0 ? row.prompt : "" }));
}
