import { render, screen } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { ProjectStatus } from "@/lib/types";
import { Around, aProject, aSegment, show } from "../testing";
import { Progress } from "./progress";
import { calmly } from "./rendering";

vi.mock("@/lib/api");

const status = (percentage: number, current_phase: string): ProjectStatus => ({
  project_id: 1,
  status: "PROCESSING",
  task_id: "t",
  progress: { current_segment: 2, total_segments: 2, percentage, current_phase, eta_s: 12, size: null, sizes: [] },
  output_url: null,
  error: null,
});

describe("rendering", () => {
  const project = () => aProject([aSegment(), aSegment({ id: 4 })]);

  it("names the phase and the segment", () => {
    show(<Progress project={project()} status={status(58, "drawing")} />);
    expect(screen.getByText("Drawing segment 2 of 2")).toBeVisible();
    expect(screen.getByRole("progressbar", { name: "Rendering" })).toHaveAttribute("aria-valuenow", "58");
    expect(document.title).toBe("58% · Orrin Point");
  });

  it("says which of several shapes is being drawn, and which are made", () => {
    const busy = status(58, "drawing");
    const sizes = [
      { size: "1920x1080", state: "done", render: 3 },
      { size: "1080x1920", state: "drawing", render: null },
    ] as const;
    const progress = busy.progress && { ...busy.progress, size: "1080x1920", sizes: [...sizes] };
    show(<Progress project={project()} status={{ ...busy, progress }} />);
    expect(screen.getByText("Drawing segment 2 of 2 in 9:16")).toBeVisible();
    expect(screen.getByText("16:9")).toHaveClass("done");
    expect(screen.getByText("9:16")).toHaveClass("on");
  });

  it("never goes back when two answers overtake each other", () => {
    const { rerender } = render(<Progress project={project()} status={status(58, "drawing")} />, {
      wrapper: Around,
    });
    rerender(<Progress project={project()} status={status(41, "drawing")} />);
    expect(screen.getByText("58%")).toBeVisible();
  });
});

it.each([
  [null, 40, 40],
  [12, 10, 10],
  [12, 14, 14],
  [12, 400, 20],
  [12, null, null],
])("after %j seconds left, %j is told as %j", (before, now, told) => {
  expect(calmly(before, now)).toBe(told);
});
