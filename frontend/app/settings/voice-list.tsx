import { Play, Square } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { useEffect, useState } from "react";
import type { Voice } from "@/lib/types";
import { plural } from "@/lib/words";
import { useVoices } from "../queries";
import { ENGINES, place } from "../render/film-choices";
import { IconButton } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { playSample, stopSample, useSamples } from "./samples";

interface ListProps {
  value: string;
  onChange: (voice: string) => void;
}

/** Every voice that can speak here, each with a few words to listen to. */
export function VoiceList({ value, onChange }: ListProps) {
  const voices = useVoices().data ?? [];
  const [hasAll, setAll] = useState(false);
  const [asking, setAsking] = useState<Voice | null>(null);
  const usable = voices.filter((voice) => voice.available || voice.id === value);
  const first = usable.filter((voice) => hasAll || voice.engine !== "espeak-ng" || voice.id === value);
  const others = voices.filter((voice) => !voice.available);
  useEffect(() => stopSample, []);
  return (
    <>
      <RadioGroup.Root className="voices" aria-label="Voice" value={value} onValueChange={onChange}>
        {first.map((voice) => (
          <div key={voice.id} className="voice-row">
            <RadioGroup.Item value={voice.id} className="voice">
              <span className="radio" aria-hidden />
              <span className="grow min-w-0">
                <b>{voice.name}</b>
                <span className="d">{about(voice)}</span>
              </span>
            </RadioGroup.Item>
            {voice.available && <Sample voice={voice} onAsk={setAsking} />}
          </div>
        ))}
      </RadioGroup.Root>
      {first.length < usable.length && (
        <p className="opt">
          <button type="button" className="link" onClick={() => setAll(true)}>
            Show {plural(usable.length - first.length, "voice")} in other languages
          </button>
        </p>
      )}
      {others.length > 0 && (
        <p className="opt text-ink-3 text-[13px]">
          {others.length} more {others.length === 1 ? "voice" : "voices"}: {others[0]?.missing}
        </p>
      )}
      <Confirm
        title="Send a sentence to another machine?"
        isOpen={asking !== null}
        keep="Not now"
        act="Send it"
        onKeep={() => setAsking(null)}
        onAct={() => {
          if (asking) void playSample(asking.id, true);
          setAsking(null);
        }}
      >
        {asking?.name} speaks on the server that was named when StoryFlow was started. The sample’s words are sent
        there.
      </Confirm>
    </>
  );
}

function Sample({ voice, onAsk }: { voice: Voice; onAsk: (voice: Voice) => void }) {
  const isMine = useSamples((state) => state.voice === voice.id);
  const isPlaying = useSamples((state) => state.voice === voice.id && state.isPlaying);
  const label = `${isMine ? "Stop" : "Listen to"} ${voice.name}, ${about(voice)}`;
  return (
    <IconButton
      label={label}
      aria-busy={isMine && !isPlaying}
      onClick={() => (isMine ? stopSample() : voice.remote ? onAsk(voice) : void playSample(voice.id))}
    >
      {!isMine ? (
        <Play aria-hidden className="s" />
      ) : isPlaying ? (
        <Square aria-hidden className="s" />
      ) : (
        <i className="ring" aria-hidden />
      )}
    </IconButton>
  );
}

function about(voice: Voice): string {
  const parts = [
    voice.gender === "neutral" ? "" : voice.gender,
    place(voice.language),
    ENGINES[voice.engine] ?? voice.engine,
  ];
  const words = parts.filter(Boolean).join(", ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
