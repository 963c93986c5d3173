import { Check } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Settings } from "@/lib/types";
import type { Saving } from "./saving";

interface OptionProps {
  /** The setting it is about. */
  of: keyof Settings;
  saving: Saving;
  name: string;
  hint: string;
  children: ReactNode;
}

export const Option = ({ of, saving, name, hint, children }: OptionProps) => (
  <Row
    name={name}
    hint={hint}
    isSaved={saving.saved === of}
    extra={<AsInSettings of={of} saving={saving} name={name} />}
  >
    {children}
  </Row>
);

/** In a project: takes its own choice back. */
export function AsInSettings({ of, saving, name }: { of: keyof Settings; saving: Saving; name: string }) {
  if (!saving.own?.has(of)) return null;
  return (
    <button
      type="button"
      className="link text-[13px]"
      aria-label={`${name} as in Settings`}
      onClick={() => void saving.save({ [of]: null })}
    >
      As in Settings
    </button>
  );
}

interface RowProps {
  name: string;
  hint: string;
  isSaved?: boolean;
  extra?: ReactNode;
  children: ReactNode;
}

export const Row = ({ name, hint, isSaved, extra, children }: RowProps) => (
  <div className="opt">
    <div className="grow">
      <b>{name}</b>
      <p>{hint}</p>
      {extra}
    </div>
    <span className="w-4 text-ok" role="status">
      {isSaved && <Check aria-label="Saved" className="s" />}
    </span>
    {children}
  </div>
);

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
