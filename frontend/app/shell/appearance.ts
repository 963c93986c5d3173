// What a person chose for this browser; public/theme.js applies it before the first paint.

import { create } from "zustand";

export interface Appearance {
  theme: "" | "light" | "dark";
  reading: "small" | "" | "large";
  motion: "" | "less";
  singleKeys: boolean;
  /** How much of each segment the timeline shows. */
  rows: "" | "compact";
}

const PLACE = "storyflow.appearance";
const DEFAULT: Appearance = { theme: "", reading: "", motion: "", singleKeys: true, rows: "" };

function read(): Appearance {
  try {
    return { ...DEFAULT, ...JSON.parse(localStorage.getItem(PLACE) ?? "{}") };
  } catch {
    return DEFAULT;
  }
}

export const useAppearance = create<Appearance>(read);

export function chooseAppearance(change: Partial<Appearance>): void {
  useAppearance.setState(change);
  const chosen = useAppearance.getState();
  for (const name of ["theme", "reading", "motion"] as const) {
    if (chosen[name]) document.documentElement.dataset[name] = chosen[name];
    else delete document.documentElement.dataset[name];
  }
  try {
    localStorage.setItem(PLACE, JSON.stringify(chosen));
  } catch {
    // Without storage it holds for this page.
  }
}

export const isDark = () =>
  useAppearance.getState().theme
    ? useAppearance.getState().theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;

export const hasLessMotion = () =>
  useAppearance.getState().motion === "less" || matchMedia("(prefers-reduced-motion: reduce)").matches;
