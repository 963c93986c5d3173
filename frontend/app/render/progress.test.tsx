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
    show(<Progress project={project()} status={status(58, "drawing")} isNarrating={false} />);
    expect(screen.getByText("Drawing segment 2 of 2")).toBeVisible();
    expect(screen.getByRole("progressbar", { name: "Rendering" })).toHaveAttribute("aria-valuenow", "58");
    expect(document.title).toBe("58% · Orrin Point");
  });

  it("never goes back when two answers overtake each other", () => {
    const { rerender } = render(<Progress project={project()} status={status(58, "drawing")} isNarrating={false} />, {
      wrapper: Around,
    });
    rerender(<Progress project={project()} status={status(41, "drawing")} isNarrating={false} />);
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
