import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";

interface ChoiceRowProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string; icon?: ReactNode }[];
  onChange: (value: Value) => void;
}

export function ChoiceRow<Value extends string>({ label, value, options, onChange }: ChoiceRowProps<Value>) {
  return (
    <RadioGroup.Root
      className="seg3"
      aria-label={label}
      value={value}
      onValueChange={(value) => onChange(value as Value)}
      orientation="horizontal"
    >
      {options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value}>
          {option.icon}
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

interface SwitchProps {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export const Switch = ({ label, isOn, onChange }: SwitchProps) => (
  <button
    type="button"
    role="switch"
    className="switch"
    aria-checked={isOn}
    aria-label={label}
    onClick={() => onChange(!isOn)}
  />
);

interface FilterProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string; count: number }[];
  onChange: (value: Value) => void;
  className?: string;
}

/** One that would show nothing is not offered. */
export function FilterChips<Value extends string>({ label, value, options, onChange, className }: FilterProps<Value>) {
  return (
    <fieldset className={`filters ${className ?? ""}`} aria-label={label}>
      {options
        .filter((option, index) => index === 0 || option.count > 0 || option.value === value)
        .map((option) => (
          <button
            key={option.value}
            type="button"
            aria-pressed={option.value === value}
            onClick={() => onChange(option.value)}
          >
            {option.label} <b className="num">{option.count}</b>
          </button>
        ))}
    </fieldset>
  );
}
