// About how long a voice takes to read a text: the formula of backend/narration/reading_time.py, so that a length follows
// the typing. reading-time.test.ts compares both.

import type { Pace } from "./types";

export interface Reading {
  speed: number;
  sentencePauseS: number;
  paragraphPauseS: number;
}

export interface Counts {
  letters: number;
  digits: number;
  words: number;
  marks: number;
  sentences: number;
  /** Ends of sentences with more behind them. */
  gaps: number;
  /** Ends of paragraphs with more behind them. */
  breaks: number;
  /** Silence that is written in the text. */
  silenceS: number;
}

const PAUSE =
  /\[pause\s+([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*s?\]|<break\s+time=["']?([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s)["']?\s*\/?>/gi;
const LINK = /\[([^[\]\n]{1,80})\]\(\/[^/\n]{1,160}\/\)/g;
const TAG = /<\/?[a-z][^<>\n]{0,80}>/gi;
const ROUND = /(?<=[0-9]),000(?![0-9])/g;
const PARAGRAPH = /\n[^\S\n]*\n\s*/;
const SAID = /[\p{L}\p{Nd}]/u;
const MARKED = /[,;:—–]["'”’)\]»」』）》】〉*_]*$/u;
const ENDED = /[.!?…。！？｡]["'”’)\]»」』）》】〉*_]*$/u;
const CLOSERS = /["'”’)\]»」』）》】〉*_]+$/u;
const ENDS = /[.!?…。！？｡]+$/u;
const SHORTENED = new Set(["mr", "mrs", "ms", "dr", "st", "prof", "e.g", "i.e", "vs", "no"]);
const MAX_PAUSE_S = 10;

/** 0 for a text in which nothing is said. */
export function readingTimeS(text: string, pace: Pace, reading: Reading): number {
  const found = countsOf(text);
  if (!found.words) return 0;
  const spokenS =
    found.letters * pace.letter +
    found.digits * pace.digit +
    found.words * pace.word +
    found.marks * pace.mark +
    found.sentences * pace.sentence;
  const stretch = reading.speed > 1 ? reading.speed ** -pace.hurry : 1 / reading.speed;
  return (
    spokenS * stretch + found.gaps * reading.sentencePauseS + found.breaks * reading.paragraphPauseS + found.silenceS
  );
}

export function countsOf(text: string): Counts {
  const plain = text.replace(PAUSE, " ").replace(LINK, "$1").replace(TAG, "");
  const words = plain.split(/\s+/).filter((word) => SAID.test(word));
  const paragraphs = plain.split(PARAGRAPH).filter((part) => SAID.test(part));
  const sentences = paragraphs.reduce((sum, part) => sum + sentencesOf(part), 0);
  return {
    letters: count(plain, /\p{L}/gu),
    digits: count(plain.replace(ROUND, "0"), /\p{Nd}/gu),
    words: words.length,
    marks: words.filter((word) => MARKED.test(word)).length,
    sentences,
    gaps: Math.max(0, sentences - paragraphs.length),
    breaks: Math.max(0, paragraphs.length - 1),
    silenceS: silenceOf(text),
  };
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

function silenceOf(text: string): number {
  let seconds = 0;
  for (const [, amount, time, unit] of text.matchAll(PAUSE))
    seconds += Math.min(MAX_PAUSE_S, Number(amount ?? time) / (unit?.toLowerCase() === "ms" ? 1000 : 1));
  return seconds;
}

/** Those that end within it, and the one that it ends with. */
function sentencesOf(paragraph: string): number {
  let ended = 0;
  let isOpen = false;
  for (const word of paragraph.split(/\s+/)) {
    isOpen ||= SAID.test(word);
    const bare = word.replace(CLOSERS, "").replace(ENDS, "").toLowerCase();
    if (!isOpen || !ENDED.test(word) || SHORTENED.has(bare)) continue;
    ended += 1;
    isOpen = false;
  }
  return ended + (isOpen ? 1 : 0);
}
