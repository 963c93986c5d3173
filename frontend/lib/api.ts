// The only file that knows axios: a function for each thing the server can do. Each returns data or throws ApiError.

import axios, { type AxiosRequestConfig, type AxiosResponse } from "axios";
import { ApiError, apiErrorOf } from "./api-error";
import type {
  AuditAct,
  BundleImported,
  CardLook,
  Envelope,
  Framing,
  FramingChange,
  Halves,
  ImportPayload,
  ImportSegmentsPayload,
  Item,
  ItemPayload,
  Manifest,
  Merged,
  NarrateAllPayload,
  NarrateAllStarted,
  NarrationStarted,
  PictureRemoved,
  PictureSize,
  Pictures,
  PictureUploaded,
  Project,
  ProjectDetail,
  ProjectSettings,
  ProjectStatus,
  Readiness,
  RenderedVideo,
  RenderPayload,
  RenderStarted,
  Reordered,
  Restored,
  Revised,
  RevisionPayload,
  Segment,
  SegmentChange,
  SegmentChoices,
  SegmentSettings,
  SegmentSettingsChange,
  SegmentsChanged,
  Session,
  Settings,
  SettingsChange,
  Storage,
  Swapped,
  Task,
  Times,
  TrashEntry,
  UpdateSegmentPayload,
  Voice,
  Words,
} from "./types";

export { ApiError };

export const api = axios.create({
  baseURL: "/api",
  timeout: 30_000,
  xsrfCookieName: "storyflow_csrf",
  xsrfHeaderName: "X-CSRFToken",
  withXSRFToken: true,
});

api.interceptors.response.use(undefined, async (problem: unknown) => {
  await readRefusal(problem);
  throw apiErrorOf(problem);
});

/** Where a file was asked for, a refusal comes as one too. */
async function readRefusal(problem: unknown): Promise<void> {
  if (!axios.isAxiosError(problem) || !(problem.response?.data instanceof Blob)) return;
  const text = await problem.response.data.text();
  try {
    problem.response.data = JSON.parse(text);
  } catch {
    problem.response.data = text;
  }
}

export interface Upload {
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** A segment with the version that a change may demand. */
export interface Versioned {
  segment: Segment;
  etag: string;
}

/** What became of each row, with the version of the story. */
export interface Comparison {
  revised: Revised;
  etag: string;
}

const data = <T>(response: AxiosResponse<T>): T => response.data;

/** The browser writes the Content-Type of a form itself: only it knows the boundary. */
function sending({ onProgress, signal }: Upload): AxiosRequestConfig {
  return {
    timeout: 0,
    signal,
    onUploadProgress: ({ loaded, total }) => onProgress?.(total ? loaded / total : 0),
  };
}

function form(name: string, file: File): FormData {
  const body = new FormData();
  body.append(name, file);
  return body;
}

// Projects

export const getProjects = () => api.get<Project[]>("/projects/").then(data);
export const getProject = (id: number) => api.get<ProjectDetail>(`/projects/${id}/`).then(data);
export const createProject = (title: string) => api.post<Project>("/projects/", { title }).then(data);
export const renameProject = (id: number, title: string) =>
  api.patch<Project>(`/projects/${id}/`, { title }).then(data);
export const duplicateProject = (id: number) => api.post<ProjectDetail>(`/projects/${id}/duplicate/`).then(data);
export const importProject = (story: ImportPayload) =>
  api.post<ProjectDetail>("/projects/import/", story, { timeout: 120_000 }).then(data);
export const importSegments = (id: number, script: ImportSegmentsPayload) =>
  api.post<Segment[]>(`/projects/${id}/import-segments/`, script, { timeout: 120_000 }).then(data);
export const importExample = () => api.post<ProjectDetail>("/projects/import-example/", {}, { timeout: 0 }).then(data);
export const importBundle = (file: File, upload: Upload = {}) =>
  api.post<BundleImported>("/projects/import-bundle/", form("bundle", file), sending(upload)).then(data);
export const bundleUrl = (id: number) => `/api/projects/${id}/bundle/`;

/** Throws where the file would be an error instead of a bundle. */
export async function checkBundle(id: number): Promise<void> {
  await api.head(bundleUrl(id), { baseURL: "" });
}

/** What importing this script would do; `etag` is the story that it was compared with. */
export const compareScript = (id: number, script: RevisionPayload): Promise<Comparison> =>
  revise(id, { ...script, dry_run: true });
/** Refused with 412 when the story is no longer the one of `ifMatch`. */
export const reviseProject = (id: number, script: RevisionPayload, ifMatch: string): Promise<Comparison> =>
  revise(id, script, { "If-Match": ifMatch });

async function revise(id: number, script: RevisionPayload, headers = {}): Promise<Comparison> {
  const response = await api.post<Revised>(`/projects/${id}/reimport/`, script, { timeout: 120_000, headers });
  return { revised: response.data, etag: String(response.headers.etag ?? "") };
}

export async function deleteProject(id: number): Promise<void> {
  await api.delete(`/projects/${id}/`);
}

// Segments

export const getSegments = (projectId: number) =>
  api.get<Segment[]>("/segments/", { params: { project: projectId } }).then(data);

export const getSegment = (id: number): Promise<Versioned> => api.get<Segment>(`/segments/${id}/`).then(versioned);

/** With `ifMatch` the change is refused with 412 when the segment is another version by now. */
export const updateSegment = (id: number, change: UpdateSegmentPayload): Promise<Segment> =>
  api.patch<Segment>(`/segments/${id}/`, change).then(data);

export const updateSegmentIf = (id: number, change: UpdateSegmentPayload, ifMatch: string): Promise<Versioned> =>
  api.patch<Segment>(`/segments/${id}/`, change, { headers: { "If-Match": ifMatch } }).then(versioned);

/** The same while the page goes away: the browser finishes it without us. Nobody waits for the answer. */
export async function updateSegmentOnLeaving(
  id: number,
  change: UpdateSegmentPayload,
  ifMatch?: string,
): Promise<void> {
  const headers = ifMatch ? { "If-Match": ifMatch } : {};
  const leaving = { adapter: "fetch" as const, fetchOptions: { keepalive: true }, headers };
  await api.patch(`/segments/${id}/`, change, leaving).catch(() => undefined);
}

/** `at` counts characters as code points: `[...text.slice(0, caret)].length`. */
export const splitSegment = (id: number, at: number, ifMatch?: string) =>
  api.post<Halves>(`/segments/${id}/split/`, { at }, matching(ifMatch)).then(data);
/** Into the one before it; without `text` both texts are joined. */
export const mergeSegment = (id: number, text?: string, ifMatch?: string) =>
  api.post<Merged>(`/segments/${id}/merge/`, { text_content: text }, matching(ifMatch)).then(data);
/** The copy stands behind it. */
export const duplicateSegment = (id: number) =>
  api.post<Segment>(`/segments/${id}/duplicate/`, {}, { timeout: 120_000 }).then(data);
/** All in one step; what is locked, or is not as its `if` says, is skipped and named. */
export const changeSegments = (projectId: number, changes: SegmentChange[]) =>
  api.patch<SegmentsChanged>(`/projects/${projectId}/segments/`, { changes }).then(data);
/** Only of segments that have any. */
export const getSegmentChoices = (projectId: number) =>
  api.get<SegmentChoices[]>(`/projects/${projectId}/segments/`).then(data);
export const getSegmentSettings = (id: number) => api.get<SegmentSettings>(`/segments/${id}/settings/`).then(data);
export const updateSegmentSettings = (id: number, change: SegmentSettingsChange) =>
  api.patch<SegmentSettings>(`/segments/${id}/settings/`, change).then(data);

const matching = (ifMatch?: string): AxiosRequestConfig => (ifMatch ? { headers: { "If-Match": ifMatch } } : {});

export async function deleteSegment(id: number): Promise<void> {
  await api.delete(`/segments/${id}/`);
}

export const uploadSegmentImage = (id: number, file: File, upload: Upload = {}) =>
  api.post<PictureUploaded>(`/segments/${id}/upload-image/`, form("image", file), sending(upload)).then(data);
export const applyItemImage = (id: number, itemId: string) =>
  api.post<PictureUploaded>(`/segments/${id}/use-item-image/`, { item_id: itemId }).then(data);
/** Copies the picture of another segment, of any story. */
export const applySegmentImage = (id: number, other: number) =>
  api.post<PictureUploaded>(`/segments/${id}/use-picture/`, { segment: other }).then(data);
export const getPictures = (find: string, first = 0) =>
  api.get<Pictures>("/pictures/", { params: { find, first } }).then(data);
/** Each gets the other's picture; where one has none, the other's moves. */
export const swapSegmentImages = (id: number, otherId: number) =>
  api.post<Swapped>(`/segments/${id}/swap-image/`, { segment: otherId }).then(data);
export const removeSegmentImage = (id: number) =>
  api.delete<PictureRemoved>(`/segments/${id}/remove-image/`).then(data);
export const getPictureSize = (id: number) => api.get<PictureSize>(`/segments/${id}/picture/`).then(data);
export const reorderSegments = (projectId: number, segmentOrder: number[]) =>
  api.post<Reordered>("/segments/reorder/", { project_id: projectId, segment_order: segmentOrder }).then(data);

// A browser keeps a thumbnail for ever under its address: raised together with `RULE` in media_store/thumbnail_cache.py,
// when the same picture gets another thumbnail.
const THUMBNAIL_RULE = 2;
// Raised together with `CARD_VERSION` in rendering/cards.py.
const CARD_RULE = 1;
const thumbnailQuery = (width: number, version: string) =>
  `?w=${width}&v=${THUMBNAIL_RULE}-${encodeURIComponent(version)}`;

/** `version` makes the answer immutable for the browser's cache. */
export const thumbnailUrl = (id: number, width: number, version: string) =>
  `/api/segments/${id}/thumbnail/${thumbnailQuery(width, version)}`;

/**
 * The title card that the film shows where `id` has no picture. `version` has to change with the text and with whether
 * and where subtitles stand: the answer is immutable for the browser's cache.
 */
export const cardUrl = (id: number, size: string, width: number, version: string, look: CardLook) =>
  `/api/segments/${id}/card/?size=${size}&w=${width}&look=${look}&v=${CARD_RULE}-${encodeURIComponent(version)}`;

/** SHA-256 of a file the server keeps, as its ETag tells it; null for what is too large to be hashed. */
export async function fileDigest(url: string): Promise<string | null> {
  const etag = String((await api.head(url, { baseURL: "" })).headers.etag ?? "");
  return /^"([0-9a-f]{64})"$/.exec(etag)?.[1] ?? null;
}

function versioned(response: AxiosResponse<Segment>): Versioned {
  return { segment: response.data, etag: String(response.headers.etag ?? "") };
}

// Narration

export const generateAudio = (id: number) => api.post<NarrationStarted>(`/segments/${id}/generate-audio/`).then(data);
export const generateAllAudio = (projectId: number, choice: NarrateAllPayload = {}) =>
  api.post<NarrateAllStarted>(`/projects/${projectId}/generate-all-audio/`, choice).then(data);
export const uploadSegmentAudio = (id: number, file: File, upload: Upload = {}) =>
  api.post<Segment>(`/segments/${id}/audio/`, form("audio", file), sending(upload)).then(data);
export const removeSegmentAudio = (id: number) => api.delete<Segment>(`/segments/${id}/audio/`).then(data);
export const getWords = (id: number) => api.get<Words>(`/segments/${id}/words/`).then(data);
export const getTask = (taskId: string) => api.get<Task>(`/tasks/${taskId}/status/`).then(data);
export const cancelTask = (taskId: string) => api.post<Task>(`/tasks/${taskId}/cancel/`).then(data);

// Video

export const getFraming = (id: number) => api.get<Framing>(`/segments/${id}/framing/`).then(data);
export const updateFraming = (id: number, change: FramingChange) =>
  api.patch<Framing>(`/segments/${id}/framing/`, change).then(data);
export const renderProject = (id: number, wish: RenderPayload = {}) =>
  api.post<RenderStarted>(`/projects/${id}/render/`, wish).then(data);
export const getProjectStatus = (id: number) => api.get<ProjectStatus>(`/projects/${id}/status/`).then(data);
export const getProjectTasks = (id: number) => api.get<Task[]>(`/projects/${id}/tasks/`).then(data);
export const getReadiness = (id: number) => api.get<Readiness>(`/projects/${id}/readiness/`).then(data);
export const getTimes = (id: number) => api.get<Times>(`/projects/${id}/times/`).then(data);
export const getRenders = (id: number) => api.get<RenderedVideo[]>(`/projects/${id}/renders/`).then(data);

export const getManifest = (projectId: number, batch: string) =>
  api.get<Manifest>(`/projects/${projectId}/manifest/${batch}/`).then(data);

export async function deleteRender(projectId: number, renderId: number): Promise<void> {
  await api.delete(`/projects/${projectId}/renders/${renderId}/`);
}

// Settings

export const getSettings = () => api.get<Settings>("/settings/").then(data);
export const updateSettings = (change: SettingsChange) => api.patch<Settings>("/settings/", change).then(data);
export const getProjectSettings = (id: number) => api.get<ProjectSettings>(`/projects/${id}/settings/`).then(data);
export const updateProjectSettings = (id: number, change: SettingsChange) =>
  api.patch<ProjectSettings>(`/projects/${id}/settings/`, change).then(data);
export const getStorage = () => api.get<Storage>("/storage/").then(data);
/** Null takes the choice back. */
export const keepTrashFor = (days: number | null) => api.patch<Storage>("/storage/", { trash_days: days }).then(data);
/** A few words to listen to. With `mayLeave` a voice on another machine is sent a sentence. */
export const getVoiceSample = (id: string, { mayLeave = false } = {}) =>
  api
    .get<Blob>(`/settings/voices/${encodeURIComponent(id)}/sample/`, {
      params: mayLeave ? { remote: 1 } : {},
      responseType: "blob",
      timeout: 150_000,
    })
    .then(data);
export const getVoices = () => api.get<Voice[]>("/settings/voices/").then(data);

// Trash

export const getTrash = (projectId?: number) =>
  api.get<TrashEntry[]>("/trash/", { params: projectId === undefined ? {} : { project: projectId } }).then(data);
export const restoreFromTrash = (id: number, segmentId?: number) =>
  api.post<Restored>(`/trash/${id}/restore/`, segmentId === undefined ? {} : { segment: segmentId }).then(data);

/** Of the picture in it; `version`, when it was thrown away, makes the answer immutable for the browser's cache. */
export const trashThumbnailUrl = (id: number, width: number, version: string) =>
  `/api/trash/${id}/thumbnail/${thumbnailQuery(width, version)}`;

export async function deleteForGood(id: number): Promise<void> {
  await api.delete(`/trash/${id}/`);
}

// Session and health

export const getSession = () => api.get<Session>("/session/").then(data);
export const signIn = (username: string, password: string) =>
  api.post<Session>("/session/", { username, password }).then(data);

export async function signOut(): Promise<void> {
  await api.delete("/session/");
}

export async function checkHealth(): Promise<void> {
  await api.get("/healthz", { baseURL: "", timeout: 5_000 });
}

// Items: another API, without trailing slashes, with an envelope around each response.

const enveloped = <T>(response: AxiosResponse<Envelope<T>>): T => response.data.data;

export const getItems = () => api.get<Envelope<Item[]>>("/v1/items").then(enveloped);
export const getItem = (id: string) => api.get<Envelope<Item>>(`/v1/items/${id}`).then(enveloped);
export const createItem = (item: ItemPayload) => api.post<Envelope<Item>>("/v1/items", item).then(enveloped);
export const updateItem = (id: string, change: Partial<ItemPayload>) =>
  api.patch<Envelope<Item>>(`/v1/items/${id}`, change).then(enveloped);

export async function deleteItem(id: string): Promise<void> {
  await api.delete(`/v1/items/${id}`);
}

export const uploadItemImage = (id: string, file: File, upload: Upload = {}) =>
  api.post<Envelope<Item>>(`/v1/items/${id}/image`, form("image", file), sending(upload)).then(enveloped);
export const deleteItemImage = (id: string) => api.delete<Envelope<Item>>(`/v1/items/${id}/image`).then(enveloped);
export const getAudit = (query: { limit?: number; before?: number; record?: string } = {}) =>
  api.get<Envelope<AuditAct[]>>("/v1/audit", { params: query }).then(enveloped);
