// What is chosen for one story, saved at once.

import { updateProjectSettings } from "@/lib/api";
import type { ProjectSettings, SettingsChange } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { toastProblem } from "../ui/toasts";

const READ_ALOUD = ["voice", "speed", "sentence_pause_s", "paragraph_pause_s"];

/** Null takes a choice back. A refused one is put back and says why; resolves to whether it was saved. */
export async function chooseForProject(project: number, change: SettingsChange): Promise<boolean> {
  const key = keys.projectSettings(project);
  const before = queries.getQueryData<ProjectSettings>(key);
  const shown = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
  if (before) queries.setQueryData(key, { ...before, values: { ...before.values, ...shown } });
  try {
    queries.setQueryData(key, await updateProjectSettings(project, change));
  } catch (problem) {
    queries.setQueryData(key, before);
    toastProblem("Not saved", problem);
    return false;
  }
  void queries.invalidateQueries({ queryKey: keys.readiness(project) });
  void queries.invalidateQueries({ queryKey: keys.renders(project) });
  if (Object.keys(change).some((name) => READ_ALOUD.includes(name)))
    void queries.invalidateQueries({ queryKey: ["words"] });
  tellOtherTabs({ other: "settings" });
  return true;
}
