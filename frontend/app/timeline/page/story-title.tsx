import { type KeyboardEvent, useRef, useState } from "react";
import { create } from "zustand";
import * as api from "@/lib/api";
import type { ProjectDetail } from "@/lib/types";
import { wrongTitle } from "../../import/import-words";
import { keys, queries, refreshProject } from "../../queries";
import { tellOtherTabs } from "../../shell/tabs";
import { toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";

const useEditing = create<{ isOpen: boolean }>(() => ({ isOpen: false }));

/** After the menu that it was chosen in has given the focus back. */
export const editTitleSoon = () => setTimeout(() => useEditing.setState({ isOpen: true }), 30);

/** The story's title, written in its place. */
export function StoryTitle({ project }: { project: ProjectDetail }) {
  const isOpen = useEditing((state) => state.isOpen);
  if (isOpen) return <TitleField project={project} />;
  return (
    <h1>
      <button type="button" className="title-button" aria-description="Rename" onClick={editTitleSoon}>
        {project.title}
      </button>
    </h1>
  );
}

function TitleField({ project }: { project: ProjectDetail }) {
  const [title, setTitle] = useState(project.title);
  const isOver = useRef(false);
  const problem = wrongTitle(title);

  function end({ isKept, isByKey = false }: { isKept: boolean; isByKey?: boolean }) {
    if (isOver.current || (isKept && problem && isByKey)) return;
    isOver.current = true;
    useEditing.setState({ isOpen: false });
    if (isByKey) setTimeout(() => document.querySelector<HTMLElement>(".title-button")?.focus(), 30);
    if (isKept && !problem && title.trim() !== project.title) void rename(project, title.trim());
  }

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") end({ isKept: true, isByKey: true });
    if (event.key === "Escape") end({ isKept: false, isByKey: true });
  }

  return (
    <h1 className="title-field">
      <input
        // biome-ignore lint/a11y/noAutofocus: it stands where the title was that a person chose to change
        autoFocus
        value={title}
        aria-label="Title of the story"
        aria-invalid={problem !== null}
        aria-describedby="title-problem"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => end({ isKept: true })}
        onKeyDown={onKeyDown}
      />
      <small id="title-problem" role="alert">
        {problem}
      </small>
    </h1>
  );
}

async function rename(project: ProjectDetail, title: string): Promise<void> {
  const put = (now: string) =>
    queries.setQueryData<ProjectDetail>(keys.project(project.id), (value) => value && { ...value, title: now });
  put(title);
  try {
    await api.renameProject(project.id, title);
  } catch (problem) {
    put(project.title);
    return toastProblem("Not renamed", problem);
  }
  recordStep(project.id, {
    words: `Renamed to “${title}”`,
    commands: [{ do: "rename", to: project.title, from: title }],
  });
  tellOtherTabs({ project: project.id });
  void refreshProject(project.id);
}
