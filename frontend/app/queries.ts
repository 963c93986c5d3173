// What the server holds, as this tab knows it.

import { QueryCache, QueryClient, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { ProjectDetail, Segment } from "@/lib/types";
import { noteTrouble } from "./shell/server";

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noteTrouble }),
  defaultOptions: {
    // The server is this computer: it answers also where the browser believes to be offline.
    queries: { networkMode: "always", retry: false, staleTime: 5_000, gcTime: 30 * 60_000 },
    mutations: { networkMode: "always", retry: false, onError: noteTrouble },
  },
});

export const keys = {
  projects: ["projects"] as const,
  project: (id: number) => ["project", id] as const,
  readiness: (id: number) => ["readiness", id] as const,
  status: (id: number) => ["status", id] as const,
  tasks: (id: number) => ["tasks", id] as const,
  renders: (id: number) => ["renders", id] as const,
  projectSettings: (id: number) => ["settings", id] as const,
  choices: (id: number) => ["choices", id] as const,
  words: (id: number) => ["words", id] as const,
  framing: (id: number) => ["framing", id] as const,
  settings: ["settings"] as const,
  voices: ["voices"] as const,
  storage: ["storage"] as const,
  trash: ["trash"] as const,
  items: ["items"] as const,
  pictures: ["pictures"] as const,
};

const POLL_MS = 15_000;

export const useProjects = () =>
  useQuery({ queryKey: keys.projects, queryFn: api.getProjects, refetchInterval: POLL_MS });

export const useProject = (id: number) =>
  useQuery({
    queryKey: keys.project(id),
    queryFn: () => api.getProject(id),
    enabled: id > 0,
    refetchInterval: (query) => (isGone(query.state.error) ? false : POLL_MS),
  });

export const useReadiness = (id: number, version: string) =>
  useQuery({
    queryKey: [...keys.readiness(id), version],
    queryFn: () => api.getReadiness(id),
    placeholderData: (before) => before,
  });

export const useProjectStatus = (id: number, isBusy = false) =>
  useQuery({
    queryKey: keys.status(id),
    queryFn: () => api.getProjectStatus(id),
    refetchInterval: (query) => (isBusy || query.state.data?.progress ? 1_000 : POLL_MS),
  });

/** What is being done for the project, in whichever tab it was asked for. */
export const useProjectTasks = (id: number) =>
  useQuery({
    queryKey: keys.tasks(id),
    queryFn: () => api.getProjectTasks(id),
    refetchInterval: POLL_MS,
    staleTime: 0,
  });

/** Whether a video is up to date is told with it, so it is asked again for every `version` of the story. */
export const useRenders = (id: number, version = "") =>
  useQuery({
    queryKey: [...keys.renders(id), version],
    queryFn: () => api.getRenders(id),
    placeholderData: (before) => before,
  });

/** Another one whenever a segment is changed, added, moved or gone, as far as this tab knows. */
export function versionOf({ segments }: ProjectDetail): string {
  let [sum, newest] = [segments.length, ""];
  segments.forEach((segment, index) => {
    sum = (sum * 31 + segment.id * (index + 1)) % 2_147_483_647;
    if (segment.updated_at > newest) newest = segment.updated_at;
  });
  return `${sum}-${newest}`;
}

export const useProjectSettings = (id: number) =>
  useQuery({ queryKey: keys.projectSettings(id), queryFn: () => api.getProjectSettings(id) });

/** What segments of the story have otherwise than it; only of those that have anything. */
export const useSegmentChoices = (id: number) =>
  useQuery({ queryKey: keys.choices(id), queryFn: () => api.getSegmentChoices(id), staleTime: 15_000 });

export const useSettings = () => useQuery({ queryKey: keys.settings, queryFn: api.getSettings });
export const useVoices = () => useQuery({ queryKey: keys.voices, queryFn: api.getVoices, staleTime: 60_000 });
export const useStorage = () => useQuery({ queryKey: keys.storage, queryFn: api.getStorage });
export const useTrash = () =>
  useQuery({ queryKey: keys.trash, queryFn: () => api.getTrash(), refetchInterval: POLL_MS });
export const useProjectTrash = (project: number) =>
  useQuery({ queryKey: [...keys.trash, project], queryFn: () => api.getTrash(project) });
export const useItems = (options: Partial<UseQueryOptions> = {}) =>
  useQuery({ queryKey: keys.items, queryFn: api.getItems, enabled: options.enabled !== false });

/** Under the file's own name, so that it is asked for once for a picture. */
export const usePictureSize = (segment: Segment, isWanted = true) =>
  useQuery({
    queryKey: ["picture-size", segment.image_file],
    queryFn: () => api.getPictureSize(segment.id),
    enabled: isWanted && segment.image_file !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** When each word of a narration is said; asked again whenever segment or voice changed. */
export const useWords = (segment: Segment, isWanted = true) =>
  useQuery({
    queryKey: [...keys.words(segment.id), segment.audio_file, segment.updated_at],
    queryFn: () => api.getWords(segment.id),
    enabled: isWanted && segment.audio_file !== null,
    placeholderData: (before) => before,
    staleTime: 60_000,
  });

export const isGone = (problem: unknown) => problem instanceof ApiError && problem.status === 404;

export const knownProject = (id: number) => queries.getQueryData<ProjectDetail>(keys.project(id));

/** Show a segment as an answer has it, without asking for the others again. */
export function putSegment(segment: Segment): void {
  queries.setQueryData<ProjectDetail>(
    keys.project(segment.project),
    (project) =>
      project && { ...project, segments: project.segments.map((other) => (other.id === segment.id ? segment : other)) },
  );
}

export function putSegments(projectId: number, change: (segments: Segment[]) => Segment[]): void {
  queries.setQueryData<ProjectDetail>(
    keys.project(projectId),
    (project) => project && { ...project, segments: change(project.segments) },
  );
}

export async function refreshProject(id: number): Promise<void> {
  await Promise.all([
    queries.invalidateQueries({ queryKey: keys.project(id) }),
    queries.invalidateQueries({ queryKey: keys.readiness(id) }),
    queries.invalidateQueries({ queryKey: keys.renders(id) }),
    queries.invalidateQueries({ queryKey: keys.choices(id) }),
    queries.invalidateQueries({ queryKey: keys.projects }),
    queries.invalidateQueries({ queryKey: keys.trash }),
    queries.invalidateQueries({ queryKey: keys.tasks(id) }),
  ]);
}
