import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import { updateSettings } from "@/lib/api";
import type { Settings, SettingsChange } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { sayProblem } from "../ui/toasts";

interface OptionProps {
  name: string;
  hint: string;
  isSaved?: boolean;
  children: ReactNode;
}

export const Option = ({ name, hint, isSaved, children }: OptionProps) => (
  <div className="opt">
    <div className="grow">
      <b>{name}</b>
      <p>{hint}</p>
    </div>
    <span className="w-4 text-ok" role="status">
      {isSaved && <Check aria-label="Saved" className="s" />}
    </span>
    {children}
  </div>
);

/** Saves one setting at once; puts it back and says why when it was refused. */
export function useSaving() {
  const [saved, setSaved] = useState<string | null>(null);
  async function save(change: SettingsChange) {
    const before = queries.getQueryData<Settings>(keys.settings);
    queries.setQueryData<Settings>(keys.settings, (it) => it && ({ ...it, ...change } as Settings));
    try {
      queries.setQueryData(keys.settings, await updateSettings(change));
    } catch (problem) {
      queries.setQueryData(keys.settings, before);
      return sayProblem("Not saved", problem);
    }
    void queries.invalidateQueries({ queryKey: ["words"] });
    void queries.invalidateQueries({ queryKey: ["readiness"] });
    void queries.invalidateQueries({ queryKey: ["settings"], exact: false });
    tellOtherTabs({ other: "settings" });
    const name = Object.keys(change)[0] ?? null;
    setSaved(name);
    setTimeout(() => setSaved((it) => (it === name ? null : it)), 1_500);
  }
  return { save, saved };
}

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  shown: (value: number) => string;
  onSave: (value: number) => void;
}

/** Saved when it is let go, shown while it is moved. */
export function Slider({ label, value, min, max, step, shown, onSave }: SliderProps) {
  const [moved, setMoved] = useState<number | null>(null);
  const now = moved ?? value;
  const settle = () => {
    if (moved !== null && moved !== value) onSave(moved);
    setMoved(null);
  };
  return (
    <span className="flex items-center gap-3">
      <input
        type="range"
        className="range"
        aria-label={label}
        aria-valuetext={shown(now)}
        min={min}
        max={max}
        step={step}
        value={now}
        onChange={(event) => setMoved(Number(event.target.value))}
        onPointerUp={settle}
        onKeyUp={settle}
        onBlur={settle}
      />
      <span className="num w-12 text-right">{shown(now)}</span>
    </span>
  );
}
