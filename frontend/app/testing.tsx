// What component tests share: a segment, a project, and a page around what is shown.

import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import type { ProjectDetail, Segment } from "@/lib/types";
import { keys, queries } from "./queries";

export function aSegment(change: Partial<Segment> = {}): Segment {
  return {
    id: 3,
    project: 1,
    sequence_index: 0,
    text_content: "The ferry came.",
    image_prompt: "A ferry",
    image_file: null,
    audio_file: null,
    audio_duration: null,
    is_locked: false,
    created_at: "2026-11-21T12:00:00Z",
    updated_at: "2026-11-21T12:00:00Z",
    ...change,
  };
}

/** Known to the tab as if the server had sent it. */
export function aProject(segments: Segment[]): ProjectDetail {
  const project: ProjectDetail = {
    id: 1,
    title: "Orrin Point",
    status: "DRAFT",
    created_at: "2026-11-21T12:00:00Z",
    updated_at: "2026-11-21T12:00:00Z",
    segment_count: segments.length,
    picture_count: segments.filter((segment) => segment.image_file).length,
    narration_s: 0,
    cover: null,
    video: null,
    segments,
  };
  queries.setQueryData(keys.project(1), project);
  return project;
}

export const Around = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queries}>
    <Tooltip.Provider>{children}</Tooltip.Provider>
  </QueryClientProvider>
);

export const show = (children: ReactNode) => render(children, { wrapper: Around });
