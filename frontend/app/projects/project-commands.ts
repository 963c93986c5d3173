import * as api from "@/lib/api";
import type { Project } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { toast, toastProblem } from "../ui/toasts";
import { restoreNewest } from "../undo";

/** At once; the toast and the trash are the ways back. */
export async function deleteProject(project: Project): Promise<boolean> {
  const before = queries.getQueryData<Project[]>(keys.projects);
  queries.setQueryData<Project[]>(keys.projects, (all) => all?.filter((other) => other.id !== project.id));
  try {
    await api.deleteProject(project.id);
  } catch (problem) {
    queries.setQueryData(keys.projects, before);
    toastProblem(`“${project.title}” was not deleted`, problem);
    return false;
  }
  changed(project.id);
  const undo = () => restoreNewest((entry) => entry.what === "project" && entry.project === project.id);
  toast(`“${project.title}” moved to Trash`, {
    label: "Undo",
    onClick: () =>
      void undo()
        .then(() => changed(project.id))
        .catch((problem) => toastProblem("Cannot undo", problem)),
  });
  return true;
}

export async function duplicateProject(project: Project): Promise<void> {
  try {
    const copy = await api.duplicateProject(project.id);
    changed(copy.id);
    toast(`“${copy.title}” is a copy with its own pictures and narration`);
  } catch (problem) {
    toastProblem(`“${project.title}” was not duplicated`, problem);
  }
}

function changed(project: number): void {
  tellOtherTabs({ project });
  void queries.invalidateQueries({ queryKey: keys.projects });
  void queries.invalidateQueries({ queryKey: keys.trash });
}
