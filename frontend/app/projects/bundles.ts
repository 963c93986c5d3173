// A project as one file, and what becomes of one.

import * as api from "@/lib/api";
import type { BundleImported, Project } from "@/lib/types";
import { keys, queries } from "../queries";
import { tellOtherTabs } from "../shell/tabs";
import { toast, toastProblem } from "../ui/toasts";

/** Asked first: a browser would save the reason of a refusal as if it were the file. */
export async function exportBundle(project: Pick<Project, "id" | "title">): Promise<void> {
  try {
    await api.checkBundle(project.id);
  } catch (problem) {
    return toastProblem(`“${project.title}” was not exported`, problem);
  }
  const link = document.createElement("a");
  link.href = api.bundleUrl(project.id);
  link.download = "";
  link.click();
  toast(`Your browser is saving “${project.title}”, with pictures, sound and settings`);
}

export function noteImport({ id, title, left_out }: BundleImported): void {
  tellOtherTabs({ project: id });
  void queries.invalidateQueries({ queryKey: keys.projects });
  const names = Object.keys(left_out).map((name) => name.replace(/_s$/, "").replaceAll("_", " "));
  toast(
    names.length
      ? `“${title}” imported. Not on this computer, so left out: ${names.join(", ")}.`
      : `“${title}” imported`,
  );
}

export async function openExample(): Promise<number | null> {
  try {
    const project = await api.importExample();
    tellOtherTabs({ project: project.id });
    void queries.invalidateQueries({ queryKey: keys.projects });
    return project.id;
  } catch (problem) {
    toastProblem("The example was not opened", problem);
    return null;
  }
}

/** By its name, or the first two letters that every ZIP has. */
export async function isBundle(file: File): Promise<boolean> {
  if (/\.zip$/i.test(file.name)) return true;
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
}
