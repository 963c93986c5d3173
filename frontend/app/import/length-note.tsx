import { Scissors } from "lucide-react";
import { clock, wordCount } from "@/lib/words";
import type { useImport } from "./import-state";
import { spokenS } from "./import-words";
import { LONG_WORDS } from "./read-prose";

type State = Pick<
  ReturnType<typeof useImport>,
  "script" | "mostWords" | "setMostWords" | "keepsTitle" | "setKeepsTitle"
>;

const USUAL_WORDS = 35;

/** Where a segment would stand on one picture for long, a way to cut all such; then how long they shall be. */
export function LengthNote({ state }: { state: State }) {
  const { script, mostWords, setMostWords } = state;
  if (mostWords !== null) return <LengthSlider words={mostWords} onChange={setMostWords} />;
  const index = script.rows.findIndex((row) => !row.problem && wordCount(row.text) > LONG_WORDS);
  const row = script.rows[index];
  if (!row) return null;
  const others = script.rows.filter((row) => !row.problem && wordCount(row.text) > LONG_WORDS).length - 1;
  return (
    <div className="note warn mt-2">
      <Scissors aria-hidden className="s" />
      <div>
        Segment {index + 1} is about {clock(spokenS(row.text))} long on one picture
        {others > 0 && `, and ${others} more ${others === 1 ? "is" : "are"} long`}.{" "}
        <button type="button" className="link text-inherit!" onClick={() => setMostWords(USUAL_WORDS)}>
          Cut after sentences
        </button>
      </div>
    </div>
  );
}

function LengthSlider({ words, onChange }: { words: number; onChange: (words: number | null) => void }) {
  return (
    <div className="length-slider">
      <label className="contents">
        <span className="num">About {words} words each</span>
        <input
          type="range"
          min={10}
          max={100}
          step={5}
          value={words}
          aria-valuetext={`About ${words} words each`}
          onChange={(event) => onChange(Number(event.target.value))}
        />
      </label>
      <button type="button" className="link" onClick={() => onChange(null)}>
        Do not cut
      </button>
    </div>
  );
}

/** The first line was taken for the title; it can be spoken as well. */
export function TitleNote({ state }: { state: State }) {
  const { script, keepsTitle, setKeepsTitle } = state;
  if (!script.isTitleGuessed) return null;
  return (
    <label className="title-note">
      <input type="checkbox" checked={keepsTitle} onChange={(event) => setKeepsTitle(event.target.checked)} />
      <span>The first line, “{script.title}”, is the title. Make it the first segment too.</span>
    </label>
  );
}
