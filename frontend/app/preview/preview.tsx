import type { Timeline } from "@/lib/film";
import type { ProjectDetail, Settings } from "@/lib/types";

export default function Preview(_: { project: ProjectDetail; settings: Settings; line: Timeline }) {
  return null;
}
