import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { textOf } from "@/lib/text-of";
import { isBundle } from "../projects/bundles";
import { guessKind, type Kind, readScript } from "./read-script";

export const MAX_TITLE = 200;
const MAX_BYTES = 10 * 1024 * 1024;
const NEW_STORY = "storyflow.import";

interface Kept {
  title: string;
  source: string;
}

function kept(place: string): Kept {
  try {
    return { title: "", source: "", ...JSON.parse(sessionStorage.getItem(place) ?? "{}") };
  } catch {
    return { title: "", source: "" };
  }
}

export const forgetImport = (place = NEW_STORY) => sessionStorage.removeItem(place);

interface Options {
  /** Where the tab keeps it. */
  place?: string;
  /** What there is to begin with. */
  start?: string;
  /** A short first line is the title and no segment. */
  takesTitle?: boolean;
  /** Takes a file that is no script but a whole project. */
  onBundle?: ((file: File) => void) | undefined;
}

/** What is being imported; kept in the tab until it is, so that closing loses nothing. */
export function useImport(
  file: File | null | undefined,
  { place = NEW_STORY, start = "", takesTitle = false, onBundle }: Options = {},
) {
  const [before] = useState(() => kept(place));
  const [wasRestored, setRestored] = useState(before.source !== "" && !file);
  const [source, setSource] = useState(before.source || start);
  const [typedTitle, setTitle] = useState<string | null>(before.title || null);
  const [fileTitle, setFileTitle] = useState("");
  const [chosenKind, setKind] = useState<Kind | null>(null);
  const settled = useDeferredValue(useSettled(source));
  const kind = chosenKind ?? guessKind(settled);
  const [keepsTitle, setKeepsTitle] = useState(false);
  const [mostWords, setMostWords] = useState<number | null>(null);
  const script = useMemo(
    () => readScript(settled, kind, { takesTitle, keepsTitle, mostWords }),
    [settled, kind, takesTitle, keepsTitle, mostWords],
  );
  const title = typedTitle ?? (script.title || fileTitle);

  useEffect(() => {
    try {
      const isBegun = source !== "" && source !== start;
      if (isBegun) sessionStorage.setItem(place, JSON.stringify({ title: typedTitle ?? "", source }));
      else forgetImport(place);
    } catch {
      // Too large for the tab's storage: it stays in the open dialog.
    }
  }, [source, typedTitle, place, start]);

  const bundleTaker = useRef(onBundle);
  bundleTaker.current = onBundle;

  const take = useCallback(async (taken: File): Promise<string | null> => {
    if (await isBundle(taken)) {
      bundleTaker.current?.(taken);
      return bundleTaker.current ? null : "That is a bundle, a whole project. It can be imported from Projects.";
    }
    if (taken.size > MAX_BYTES)
      return `That file is ${Math.round(taken.size / 1024 / 1024)} MB. Stories up to 10 MB can be imported.`;
    const text = await textOf(taken);
    if (text === null) return notText(taken);
    setMostWords(null);
    setKeepsTitle(false);
    setSource(text);
    setKind(/\.(md|markdown)$/i.test(taken.name) && guessKind(text) !== "blocks" ? "markdown" : null);
    setFileTitle(taken.name.replace(/\.\w+$/, "").replace(/[-_]+/g, " "));
    setRestored(false);
    return null;
  }, []);

  useEffect(() => {
    if (file) void take(file);
  }, [file, take]);

  function startAgain() {
    setSource(start);
    setTitle(null);
    setRestored(false);
  }

  const length = { mostWords, setMostWords, keepsTitle, setKeepsTitle };
  return { ...length, title, source, kind, script, wasRestored, setTitle, setSource, setKind, take, startAgain };
}

/** What it is, and the way to have it read. */
function notText({ name, type }: File): string {
  if (/^(image|video|audio)\//.test(type))
    return `“${name}” is no text. Pictures and sound are added to a story's cards.`;
  if (/\.(docx?|odt|rtf|pages|pdf)$/i.test(name))
    return `“${name}” is a document with layout. Copy its text here, or save it as plain text (.txt).`;
  return `“${name}” is not text that can be read. Save it as UTF-8, or copy its text here.`;
}

/** The value once it has not changed for 150 ms; at once when it was empty. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settled ? 150 : 0);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return settled;
}
