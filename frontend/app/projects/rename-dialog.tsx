import { useState } from "react";
import { renameProject } from "@/lib/api";
import { reasonOf } from "@/lib/api-error";
import type { Project } from "@/lib/types";
import { keys, queries, refreshProject } from "../queries";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { recordStep } from "../undo";

export function RenameDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const [title, setTitle] = useState(project.title);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    const wanted = title.trim();
    if (!wanted) return setProblem("Give the story a title.");
    if (wanted === project.title) return onClose();
    try {
      await renameProject(project.id, wanted);
      queries.setQueryData<Project>(keys.project(project.id), (value) => value && { ...value, title: wanted });
      recordStep(project.id, {
        words: `Renamed to “${wanted}”`,
        undo: () => renameProject(project.id, project.title),
        redo: () => renameProject(project.id, wanted),
      });
      void refreshProject(project.id);
      onClose();
    } catch (reason) {
      setProblem(reasonOf(reason));
    }
  }

  return (
    <Dialog
      title="Rename the project"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" onClick={() => void save()}>
            Rename
          </Button>
        </>
      }
    >
      <div className="content">
        <label htmlFor="new-title" className="lab">
          Title
        </label>
        <span className="field">
          <input
            id="new-title"
            value={title}
            maxLength={200}
            aria-invalid={problem !== null}
            aria-describedby="new-title-problem"
            onChange={(event) => setTitle(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && void save()}
          />
        </span>
        <p id="new-title-problem" className="error-line" role="alert">
          {problem}
        </p>
      </div>
    </Dialog>
  );
}
