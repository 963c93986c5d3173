import { useSearchParams } from "wouter";
import { useProject } from "../queries";

/** Which segment a picture is being chosen for. */
export function useTarget() {
  const [params] = useSearchParams();
  const [forId, project] = [Number(params.get("for")), Number(params.get("project"))];
  const segments = useProject(project || 0).data?.segments ?? [];
  const index = segments.findIndex((segment) => segment.id === forId);
  return forId ? { segment: segments[index], number: index + 1, project } : null;
}
