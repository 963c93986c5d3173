import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { guessKind, type Kind, readScript } from "./read-script";

export const MAX_TITLE = 200;
const MAX_BYTES = 10 * 1024 * 1024;
const PLACE = "storyflow.import";

interface Kept {
  title: string;
  source: string;
}

function kept(): Kept {
  try {
    return { title: "", source: "", ...JSON.parse(sessionStorage.getItem(PLACE) ?? "{}") };
  } catch {
    return { title: "", source: "" };
  }
}

export const forgetImport = () => sessionStorage.removeItem(PLACE);

/** What is being imported; kept in the tab until it is, so that closing loses nothing. */
export function useImport(file: File | null | undefined) {
  const [before] = useState(kept);
  const [isBack, setBack] = useState(before.source !== "" && !file);
  const [source, setSource] = useState(before.source);
  const [typedTitle, setTitle] = useState<string | null>(before.title || null);
  const [fileTitle, setFileTitle] = useState("");
  const [chosenKind, setKind] = useState<Kind | null>(null);
  const settled = useDeferredValue(useSettled(source));
  const kind = chosenKind ?? guessKind(settled);
  const script = useMemo(() => readScript(settled, kind), [settled, kind]);
  const title = typedTitle ?? (script.title || fileTitle);

  useEffect(() => {
    try {
      if (source) sessionStorage.setItem(PLACE, JSON.stringify({ title: typedTitle ?? "", source }));
      else forgetImport();
    } catch {
      // Too large for the tab's storage: it stays in the open dialog.
    }
  }, [source, typedTitle]);

  const take = useCallback(async (taken: File): Promise<string | null> => {
    if (taken.size > MAX_BYTES)
      return `That file is ${Math.round(taken.size / 1024 / 1024)} MB. Stories up to 10 MB can be imported.`;
    const text = await taken.text();
    if (text.includes("\0") || text.includes("\ufffd")) return "That file is not text, Markdown or JSON.";
    setSource(text);
    setKind(/\.(md|markdown)$/i.test(taken.name) && guessKind(text) !== "blocks" ? "markdown" : null);
    setFileTitle(taken.name.replace(/\.\w+$/, "").replace(/[-_]+/g, " "));
    setBack(false);
    return null;
  }, []);

  useEffect(() => {
    if (file) void take(file);
  }, [file, take]);

  function startEmpty() {
    setSource("");
    setTitle(null);
    setBack(false);
  }

  return { title, source, kind, script, isBack, setTitle, setSource, setKind, take, startEmpty };
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
