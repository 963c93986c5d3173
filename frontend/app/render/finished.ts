// When a render ends: the page waits for its videos before it says anything else, and shows them.

import { useCallback, useEffect, useState } from "react";
import type { ProjectStatus, RenderedVideo } from "@/lib/types";
import { refreshRender, useRendering } from "./rendering";

interface Finished {
  /** The job is over, its videos are being asked for. */
  isSettling: boolean;
  /** Those that were made while this page looked on, in the order they were asked for. */
  videos: RenderedVideo[];
  forget: () => void;
}

export function useFinished(
  project: number,
  status: ProjectStatus | undefined,
  renders: RenderedVideo[] | undefined,
): Finished {
  const asked = useRendering((all) => all.tasks[project]);
  const [watched, setWatched] = useState<string | null>(null);
  const [settled, setSettled] = useState<string | null>(null);
  const task = status?.task_id ?? null;
  const isBusy = status?.status === "PROCESSING";
  useEffect(() => {
    // A short render is over before the page has once seen it at work.
    if (task && (isBusy || task === asked)) setWatched(task);
  }, [task, isBusy, asked]);
  const isOver = task !== null && task === watched && !isBusy;
  useEffect(() => {
    if (isOver && settled !== task) void refreshRender(project).finally(() => setSettled(task));
  }, [isOver, settled, task, project]);
  const forget = useCallback(() => {
    useRendering.setState(({ tasks }) => ({ tasks: { ...tasks, [project]: undefined } }));
    setWatched(null);
  }, [project]);
  const isSettled = isOver && settled === task;
  const videos = isSettled ? (renders ?? []).filter((video) => video.batch === task).reverse() : [];
  return { isSettling: isOver && !isSettled, videos, forget };
}
