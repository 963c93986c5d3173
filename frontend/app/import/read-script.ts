// A script becomes segments here, before anything is saved; text blocks by the same rules as backend/api/parsers.py.

import { wordCount } from "@/lib/words";
import {
  isByLine,
  isTableLine,
  lines,
  looksLikeTitle,
  paragraphs,
  sentences,
  shortened,
  withoutMarks,
} from "./read-prose";

export type Kind = "blocks" | "json" | "markdown" | "paragraphs" | "lines" | "sentences";

export const KINDS: { value: Kind; label: string }[] = [
  { value: "blocks", label: "Text blocks" },
  { value: "json", label: "JSON" },
  { value: "markdown", label: "Markdown" },
  { value: "paragraphs", label: "Plain prose, by paragraph" },
  { value: "lines", label: "Plain prose, by line" },
  { value: "sentences", label: "Plain prose, by sentence" },
];

/** A segment to be, or with `problem` a block that cannot be one; `line` counts from 0. */
export interface Row {
  text: string;
  prompt: string;
  line: number;
  problem?: string;
}

export interface Script {
  title: string;
  /** The title was the first line of the story, not marked as one. */
  isTitleGuessed?: boolean;
  rows: Row[];
  /** Lines that no segment has, such as a preface before the first block. */
  unused: string[];
  wordsIn: number;
}

export function guessKind(source: string): Kind {
  const text = withOneLineEnd(source);
  if (/^\s*[[{]/.test(text)) return "json";
  if (text.split("\n").some((line) => prefixOf(trimmed(line))?.[1]?.toLowerCase() === "text")) return "blocks";
  if (/^#{1,6} \S/m.test(text)) return "markdown";
  return isByLine(text) ? "lines" : "paragraphs";
}

const withOneLineEnd = (source: string) => source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");

export interface Reading {
  /** A short first line of prose is the title and no segment. */
  takesTitle?: boolean;
  /** The title is a segment as well. */
  keepsTitle?: boolean;
  /** Longer rows are cut into parts of about as many words. */
  mostWords?: number | null;
}

export function readScript(source: string, kind: Kind, reading: Reading = {}): Script {
  const text = withOneLineEnd(source);
  const read = READERS[kind](text);
  const script = reading.takesTitle && PROSE.includes(kind) ? titled(read, reading.keepsTitle) : read;
  if (reading.mostWords) script.rows = shortened(script.rows, reading.mostWords);
  const used = script.rows.reduce((sum, row) => sum + wordCount(row.text), 0);
  return { ...script, wordsIn: used + script.unused.reduce((sum, line) => sum + wordCount(line), 0) };
}

const PROSE: Kind[] = ["paragraphs", "lines", "sentences"];

function titled(script: Omit<Script, "wordsIn">, keepsTitle = false): Omit<Script, "wordsIn"> {
  const [first, ...others] = script.rows;
  if (!first || others.length === 0 || !looksLikeTitle(first.text)) return script;
  // A list of short lines has no title.
  if (others.every((row) => looksLikeTitle(row.text))) return script;
  return { ...script, title: first.text, isTitleGuessed: true, rows: keepsTitle ? script.rows : others };
}

type Reader = (text: string) => Omit<Script, "wordsIn">;

const READERS: Record<Kind, Reader> = {
  blocks: readBlocks,
  json: readJson,
  markdown: readMarkdown,
  paragraphs: (text) => prose(paragraphs(text)),
  lines: (text) => prose(lines(text)),
  sentences: (text) => {
    const { rows, unused } = prose(paragraphs(text));
    const cut = rows.flatMap((row) => sentences(row.text).map((text) => ({ ...row, text: text })));
    return { title: "", rows: cut, unused };
  },
};

/** A table is nothing to be read aloud. */
function prose(all: Row[]): Omit<Script, "wordsIn"> {
  const rows = all.filter(({ text }) => !isRule(text) && !isTableLine(text));
  return { title: "", rows: withoutMarks(rows), unused: tableWords(all) };
}

const tableWords = (rows: Row[]) =>
  rows.flatMap(({ text }) => (isTableLine(text) ? [text.replace(/[|:-]+/g, " ").trim()] : [])).filter(Boolean);

// Zero-width marks that come along when text is copied; trim() takes only the spaces.
const INVISIBLE = "\\u200b\\u200c\\u200d\\u2060\\ufeff\\u00ad\\u200e\\u200f";
const EDGES = new RegExp(`^[\\s${INVISIBLE}]+|[\\s${INVISIBLE}]+$`, "g");
const trimmed = (line: string) => line.replace(EDGES, "");
const isRule = (line: string) => /^-{3,}$/.test(line.replace(new RegExp(`[${INVISIBLE}]`, "g"), "").trim());

/** What word processors make of "---", and what people draw instead of it. */
const isDrawnRule = (line: string) => /^(?:[-‐‑‒–—―−─━－﹣﹘]{3,}|([*_=~#·•])\1{2,})$/.test(line.replace(/\s+/g, ""));

const prefixOf = (line: string) => /^(text|prompt)\s*[:：﹕︓]/i.exec(line);

function readBlocks(text: string): Omit<Script, "wordsIn"> {
  const rows: Row[] = [];
  const unused: string[] = [];
  let title = "";
  for (const block of blocksOf(text)) {
    const said = { text: [] as string[], prompt: [] as string[] };
    let current: string[] | null = null;
    for (const line of block.lines) {
      const prefix = prefixOf(line);
      if (prefix) current = said[prefix[1]?.toLowerCase() as "text" | "prompt"];
      const words = prefix ? line.slice(prefix[0].length).trim() : line;
      if (current && words) current.push(words);
      else if (!current && /^# /.test(line) && !title) title = line.slice(2).trim();
      else if (!current && !/^\W*segment\s+\d+\W*$/i.test(line)) unused.push(line);
    }
    rows.push(rowOf(block, said, rows.length + 1));
  }
  return { title, rows, unused: unused.filter((line) => !rows.some((row) => row.problem && row.text === line)) };
}

function rowOf(block: Block, said: { text: string[]; prompt: string[] }, number: number): Row {
  const narration = said.text.join(" ");
  if (narration) return { text: narration, prompt: said.prompt.join(" "), line: block.line };
  const hasPrefix = hasText(block);
  const lacks = hasPrefix ? "has nothing after its Text: line" : "has no Text: line";
  return { text: block.lines[0] ?? "", prompt: "", line: block.line, problem: `Block ${number} ${lacks}.` };
}

interface Block {
  lines: string[];
  line: number;
  /** Of each of its lines. */
  numbers: number[];
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [{ lines: [], line: 0, numbers: [] }];
  text.split("\n").forEach((line, number) => {
    const last = blocks.at(-1);
    if (isRule(line)) blocks.push({ lines: [], line: number + 1, numbers: [] });
    else if (trimmed(line) && last) {
      if (last.lines.length === 0) last.line = number;
      last.lines.push(trimmed(line));
      last.numbers.push(number);
    }
  });
  return blocks.filter((block) => block.lines.length > 0).flatMap(partsOf);
}

const hasText = (block: Block) => block.lines.some((line) => prefixOf(line)?.[1]?.toLowerCase() === "text");

/** A line of other dashes or stars divides too, where a Text: stands on both its sides; else it is narration. */
function partsOf(block: Block): Block[] {
  const parts: Block[] = [];
  let piece: Block = { lines: [], line: block.line, numbers: [] };
  let divider: Block = { lines: [], line: 0, numbers: [] };
  const end = () => {
    const last = parts.at(-1);
    if (last && !(hasText(last) && hasText(piece) && divider.lines.length)) {
      last.lines.push(...divider.lines, ...piece.lines);
    } else if (piece.lines.length || divider.lines.length)
      parts.push(last ? piece : { ...piece, lines: [...divider.lines, ...piece.lines] });
  };
  block.lines.forEach((line, index) => {
    const number = block.numbers[index] ?? block.line;
    if (isDrawnRule(line)) {
      if (piece.lines.length) {
        end();
        divider = { lines: [], line: number, numbers: [] };
        piece = { lines: [], line: number, numbers: [] };
      }
      divider.lines.push(line);
    } else {
      if (piece.lines.length === 0) piece.line = number;
      piece.lines.push(line);
    }
  });
  end();
  return parts;
}

function readJson(text: string): Omit<Script, "wordsIn"> {
  let story: unknown;
  try {
    story = JSON.parse(text);
  } catch (problem) {
    return { title: "", rows: [{ ...jsonProblem(text, String(problem)), text: "", prompt: "" }], unused: [] };
  }
  const list = Array.isArray(story) ? story : (story as { segments?: unknown } | null)?.segments;
  const title = !Array.isArray(story) ? (story as { title?: unknown } | null)?.title : "";
  if (!Array.isArray(list))
    return {
      title: "",
      rows: [{ text: "", prompt: "", line: 0, problem: "There is no list of segments." }],
      unused: [],
    };
  return { title: typeof title === "string" ? title : "", rows: list.map(jsonRow), unused: [] };
}

function jsonRow(segment: unknown, index: number): Row {
  const { text_content: text, image_prompt: prompt } = (segment ?? {}) as Record<string, unknown>;
  const row = { text: "", prompt: "", line: 0 };
  if (typeof text !== "string" || !text.trim()) return { ...row, problem: `Segment ${index + 1} has no text_content.` };
  if (prompt != null && typeof prompt !== "string")
    return { ...row, text, problem: `The image_prompt of segment ${index + 1} must be text.` };
  return { ...row, text: text.trim(), prompt: prompt?.trim() ?? "" };
}

/** Engines say where in characters or in lines; a person is shown the line. */
function jsonProblem(text: string, said: string): { line: number; problem: string } {
  const place = /position (\d+)/.exec(said);
  const named = /line (\d+)/.exec(said);
  const line = named ? Number(named[1]) - 1 : place ? text.slice(0, Number(place[1])).split("\n").length - 1 : 0;
  return { line, problem: `This is not valid JSON; look at line ${line + 1}.` };
}

function readMarkdown(text: string): Omit<Script, "wordsIn"> {
  const rows: Row[] = [];
  const all = paragraphs(text);
  const unused = tableWords(all);
  let title = "";
  let picture = "";
  for (const paragraph of all) {
    const heading = /^#{1,6}\s+(.*)$/.exec(paragraph.text);
    const quote = /^>\s*(?:prompt:)?\s*(.+)$/i.exec(paragraph.text);
    const image = /^!\[([^\]]*)\]\(.*\)$/.exec(paragraph.text);
    const last = rows.at(-1);
    if (isTableLine(paragraph.text)) continue;
    if (heading && !title && rows.length === 0) title = plain(heading[1] ?? "");
    else if (heading) unused.push(plain(heading[1] ?? ""));
    else if (quote && last && !last.prompt) last.prompt = plain(quote[1] ?? "");
    else if (quote) unused.push(plain(quote[1] ?? ""));
    else if (image && picture) unused.push(plain(image[1] ?? ""));
    else if (image) picture = plain(image[1] ?? "");
    else if (!isRule(paragraph.text) && !/^(\*\s*){3,}$/.test(paragraph.text)) {
      // A picture stands above the words that it belongs to.
      rows.push({ ...paragraph, text: plain(paragraph.text), prompt: picture });
      picture = "";
    }
  }
  const last = rows.at(-1);
  if (picture && last && !last.prompt) last.prompt = picture;
  else if (picture) unused.push(picture);
  return { title, rows, unused };
}

const plain = (text: string) =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(\*\*|__)(.+?)\1/g, "$2")
    .replace(/(?<![\w*])[*_](\S(?:.*?\S)?)[*_](?![\w*])/g, "$1")
    .replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, "")
    .replace(/`/g, "")
    .trim();
