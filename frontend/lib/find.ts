// Words looked for in a text, as people type them: any blank for a blank, any quotation mark for a quotation mark.

export interface Wanted {
  words: string;
  isCase: boolean;
  isWhole: boolean;
}

export interface Place {
  from: number;
  to: number;
}

const ALIKE: Record<string, string> = {
  "'": "['‘’ʼ]",
  "’": "['‘’ʼ]",
  '"': '["“”„«»]',
  "“": '["“”„«»]',
  "”": '["“”„«»]',
};
const PART_OF_WORD = "[\\p{L}\\p{N}\\p{M}_]";

/** Null where there is nothing to look for. */
function patternOf({ words, isCase, isWhole }: Wanted): RegExp | null {
  if (!words.trim()) return null;
  const source = words
    .replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replace(/['’"“”]/g, (mark) => ALIKE[mark] ?? mark)
    .replace(/\s+/g, "\\s+");
  const whole = isWhole ? `(?<!${PART_OF_WORD})${source}(?!${PART_OF_WORD})` : source;
  return new RegExp(whole, isCase ? "gu" : "giu");
}

export function placesIn(text: string, wanted: Wanted): Place[] {
  const pattern = patternOf(wanted);
  if (!pattern) return [];
  return [...text.matchAll(pattern)].flatMap((match) =>
    match[0] ? [{ from: match.index, to: match.index + match[0].length }] : [],
  );
}

/** `by` is taken as it stands: a dollar sign is a dollar sign. */
export function replacedIn(text: string, places: Place[], by: string): string {
  let [end, made] = [0, ""];
  for (const { from, to } of places) {
    made += text.slice(end, from) + by;
    end = to;
  }
  return made + text.slice(end);
}
