// Settings are saved one by one, at once; the same controls stand for every story and for a single one.

import { useState } from "react";
import { updateSettings } from "@/lib/api";
import type { Settings, SettingsChange } from "@/lib/types";
import { keys, queries, useProjectSettings } from "../queries";
import { chooseForProject } from "../render/choosing";
import { tellOtherTabs } from "../shell/tabs";
import { toastProblem } from "../ui/toasts";

export interface Saving {
  save: (change: SettingsChange) => Promise<void>;
  /** The one that was saved a moment ago. */
  saved: string | null;
  /** In a project: those that are not as in Settings. */
  own?: ReadonlySet<string>;
}

const SAVED_FOR_MS = 1_500;

/** Saves one setting at once; puts it back and says why when it was refused. */
export function useSaving(): Saving {
  const [saved, note] = useSaved();
  async function save(change: SettingsChange) {
    const before = queries.getQueryData<Settings>(keys.settings);
    queries.setQueryData<Settings>(keys.settings, (value) => value && ({ ...value, ...change } as Settings));
    try {
      queries.setQueryData(keys.settings, await updateSettings(change));
    } catch (problem) {
      queries.setQueryData(keys.settings, before);
      return toastProblem("Not saved", problem);
    }
    void queries.invalidateQueries({ queryKey: ["words"] });
    void queries.invalidateQueries({ queryKey: ["readiness"] });
    void queries.invalidateQueries({ queryKey: ["settings"], exact: false });
    tellOtherTabs({ other: "settings" });
    note(change);
  }
  return { save, saved };
}

/** The same for one project, whose choices hide those of Settings. */
export function useProjectSaving(project: number): Saving {
  const [saved, note] = useSaved();
  const own = useProjectSettings(project).data?.own ?? {};
  async function save(change: SettingsChange) {
    if (await chooseForProject(project, change)) note(change);
  }
  return { save, saved, own: new Set(Object.keys(own)) };
}

function useSaved(): [string | null, (change: SettingsChange) => void] {
  const [saved, setSaved] = useState<string | null>(null);
  function note(change: SettingsChange) {
    const name = Object.keys(change)[0] ?? null;
    setSaved(name);
    setTimeout(() => setSaved((text) => (text === name ? null : text)), SAVED_FOR_MS);
  }
  return [saved, note];
}
