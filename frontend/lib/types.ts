// What the server sends and takes; types.contract.ts holds these to its OpenAPI description.

export interface Segment {
  id: number;
  project: number;
  sequence_index: number;
  text_content: string;
  image_prompt: string;
  image_file: string | null;
  audio_file: string | null;
  audio_duration: number | null;
  is_locked: boolean;
  created_at: string;
  updated_at: string;
}

export interface Project {
  id: number;
  title: string;
  status: string;
  created_at: string;
  updated_at: string;
  segment_count: number;
  picture_count: number;
  narration_s: number;
  cover: number | null;
  video: ProjectVideo | null;
}

/** The newest one that is no draft; `is_current` null where it is not known what it took. */
export interface ProjectVideo {
  render: number;
  is_current: boolean | null;
  differs: string[];
  duration_s: number;
}

export interface ProjectDetail extends Project {
  segments: Segment[];
}

export interface UpdateSegmentPayload {
  text_content?: string;
  image_prompt?: string;
  is_locked?: boolean;
}

/** What a split makes of a segment: itself with the first half, and a new one behind it. */
export interface Halves {
  segments: Segment[];
}

export interface Merged {
  /** The one before, with both texts. */
  segment: Segment;
  /** The entry of the trash; restoring it takes the merge back. */
  trash: number;
}

/** Null is no choice: as the story. */
export interface SegmentCondition {
  text_content?: string;
  image_prompt?: string;
  motion?: MotionName | null;
  fit?: Fit | null;
  voice?: string | null;
  pause_s?: number | null;
}

export interface SegmentChange extends SegmentCondition {
  id: number;
  /** What it must be now, or it is skipped. */
  if?: SegmentCondition;
}

export interface SkippedSegment {
  id: number;
  reason: "locked" | "changed";
}

export interface SegmentsChanged {
  segments: Segment[];
  skipped: SkippedSegment[];
  /** These changes take it back, where nothing was changed since. */
  undo: SegmentChange[];
}

/** What one segment has of its own; null where it is as the story. */
export interface SegmentChoices {
  id: number;
  motion: MotionName | null;
  fit: Fit | null;
  voice: string | null;
  pause_s: number | null;
}

export interface SegmentTime {
  id: number;
  /** Of speech; 0 where nothing is said. */
  seconds: number;
  about: boolean;
}

export interface Times {
  /** Whether anything of it is an estimate. */
  about: boolean;
  duration_s: number;
  estimate_s: number;
  segments: SegmentTime[];
}

export interface SegmentValues {
  voice: string;
  pause_s: number;
}

export interface SegmentSettings {
  values: SegmentValues;
  /** Those chosen for this segment. */
  own: Record<string, unknown>;
}

/** Null takes a choice back. */
export interface SegmentSettingsChange {
  voice?: string | null;
  pause_s?: number | null;
}

export interface ReorderPayload {
  project_id: number;
  segment_order: number[];
}

export interface SegmentPosition {
  id: number;
  sequence_index: number;
}

export interface Reordered {
  message: string;
  segments: SegmentPosition[];
}

export interface ScriptSegment {
  text_content: string;
  image_prompt?: string | null;
}

export interface ImportSegmentsPayload {
  format: "json" | "text";
  segments?: ScriptSegment[];
  raw_text?: string;
  after?: number | null;
}

export interface ImportPayload {
  format: "json" | "text";
  segments?: ScriptSegment[];
  raw_text?: string;
  title: string;
}

export interface RevisionPayload {
  format: "json" | "text";
  segments?: ScriptSegment[];
  raw_text?: string;
  dry_run?: boolean;
}

/** `locked` ones differ but may not change, `locked-missing` ones stay. */
export type RevisedKind = "kept" | "changed" | "new" | "missing" | "locked" | "locked-missing";

export interface RevisedRow {
  kind: RevisedKind;
  segment: number | null;
  row: number | null;
}

export interface RevisedCounts {
  kept: number;
  changed: number;
  new: number;
  missing: number;
  locked: number;
  locked_missing: number;
}

export interface Revised {
  rows: RevisedRow[];
  counts: RevisedCounts;
}

export interface BundleImported {
  id: number;
  title: string;
  segments: number;
  /** Settings that cannot be used here, each with the reason. */
  left_out: Record<string, unknown>;
}

export interface PictureUploaded {
  id: number;
  image_file: string;
  message: string;
}

/** In pixels, as a person sees it. */
export interface PictureSize {
  width: number;
  height: number;
}

export interface PictureRemoved {
  id: number;
  image_file: string | null;
  message: string;
}

export interface Swapped {
  segments: Segment[];
  message: string;
}

export interface SessionUser {
  name: string;
  is_administrator: boolean;
}

export interface Session {
  accounts: boolean;
  user: SessionUser | null;
}

export type TrashKind = "image" | "segment" | "project" | "recording" | "video" | "item" | "item-image" | "file";

export interface TrashEntry {
  id: number;
  what: TrashKind;
  title: string;
  why: string;
  project: number | null;
  segment: number | null;
  item: string | null;
  has_picture: boolean;
  size_bytes: number;
  deleted_at: string;
  expires_at: string;
}

export interface Restored {
  id: number;
  what: string;
  project: number | null;
  segment: number | null;
  item: string | null;
  message: string;
}

// Narration and rendering.

export interface SpokenWord {
  text: string;
  start: number;
  end: number;
  char: number;
  length: number;
}

export interface Words {
  duration: number | null;
  timing: "exact" | "aligned" | "estimated";
  voice: string;
  stale: boolean;
  stale_reason: string | null;
  words: SpokenWord[];
}

export type Fit = "cover" | "contain" | "contain-blur";
export type MotionName =
  | "auto"
  | "zoom-in"
  | "zoom-out"
  | "pan-left"
  | "pan-right"
  | "pan-up"
  | "pan-down"
  | "drift"
  | "still";

/** From the left and the top, 0 to 1, for each shape that a film can have. */
export interface Focuses {
  "16:9": number[];
  "9:16": number[];
  "1:1": number[];
}

export interface HeldMotions {
  "16:9": "zoom-in" | "zoom-out" | null;
  "9:16": "zoom-in" | "zoom-out" | null;
  "1:1": "zoom-in" | "zoom-out" | null;
}

export interface FocusesChange {
  "16:9"?: number[] | null;
  "9:16"?: number[] | null;
  "1:1"?: number[] | null;
}

export interface Framing {
  /** For every shape that has none of its own. */
  focus: number[];
  /** What a film of each shape uses now. */
  focuses: Focuses;
  /** Those that people chose for a shape. */
  own_focuses: Record<string, number[]>;
  /** What the motion "auto" becomes, where a pan would leave a face. */
  held_motions: HeldMotions;
  /** Where most stands out in the picture. */
  suggested: number[] | null;
  motion: MotionName;
  fit: Fit | null;
}

export interface FramingChange {
  focus?: number[] | null;
  focuses?: FocusesChange | null;
  motion?: MotionName | null;
  fit?: Fit | null;
}

export interface NarrationStarted {
  task_id: string;
  segment_id: number;
  status: string;
  message: string;
}

export interface NarrateAllPayload {
  skip_locked?: boolean;
  force_regenerate?: boolean;
  /** Only these; null means all of the project. */
  segments?: number[] | null;
}

export interface NarrateAllStarted {
  task_id: string;
  project_id: number;
  status: string;
  total_segments: number;
  segments_to_process: number;
  message: string;
}

export type TaskState = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";

export interface TaskProgress {
  current: number;
  total: number;
  current_segment_id: number | null;
  percentage: number;
  phase: string | null;
  eta_s: number | null;
}

export interface NarratedSegment {
  segment_id: number;
  audio_url: string;
  duration: number;
}

export interface TaskProblem {
  segment_id: number | null;
  error: string;
}

export interface Task {
  task_id: string;
  kind: "narrate" | "render";
  project_id: number;
  /** Those that are narrated. */
  segment_ids: number[];
  status: TaskState;
  progress: TaskProgress;
  completed_segments: NarratedSegment[];
  errors: TaskProblem[];
  error: string | null;
  created_at: string;
  finished_at: string | null;
}

export interface RenderPayload {
  /** Such as "1080x1920"; without it the project's own. */
  sizes?: string[];
  /** Narrate what is not narrated, and let title cards stand for missing pictures. */
  fill?: boolean;
  draft?: boolean;
}

export interface RenderStarted {
  task_id: string;
  project_id: number;
  status: string;
  total_segments: number;
  sizes: string[];
  message: string;
}

export interface SizeProgress {
  size: string;
  state: "waiting" | "drawing" | "done";
  render: number | null;
}

export interface RenderProgress {
  current_segment: number;
  total_segments: number;
  percentage: number;
  current_phase: string;
  eta_s: number | null;
  /** The one that is being made. */
  size: string | null;
  sizes: SizeProgress[];
}

export interface ProjectStatus {
  project_id: number;
  status: "DRAFT" | "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED" | "CANCELLED";
  task_id: string | null;
  progress: RenderProgress | null;
  output_url: string | null;
  error: string | null;
}

export interface Readiness {
  ready: boolean;
  missing_images: number[];
  missing_audio: number[];
  stale_audio: number[];
  /** Whether `duration_s` is an estimate. */
  about: boolean;
  duration_s: number;
  estimate_s: number;
}

export interface RenderedVideo {
  id: number;
  /** What was asked for; a draft of it is smaller. */
  size: string;
  /** The run that made it, the same for the sizes made together. */
  batch: string | null;
  /** Null where it is not known what it took. */
  is_current: boolean | null;
  /** How the project differs from it, in words: "2 segments", "the crossfade". */
  differs: string[];
  changed_segments: number[];
  /** Its first frame. */
  poster_url: string;
  /** Segments drawn as title cards. */
  cards: number[];
  silent: number[];
  notes: string[];
  video_url: string;
  srt_url: string | null;
  vtt_url: string | null;
  width: number;
  height: number;
  fps: number;
  frames: number;
  duration_s: number;
  size_bytes: number;
  is_draft: boolean;
  took_s: number;
  created_at: string;
}

export interface ManifestSegment {
  id: number;
  /** Where it begins, from 0. */
  first_frame: number;
  is_card: boolean;
  is_silent: boolean;
}

export interface ManifestRender {
  id: number;
  size: string;
  width: number;
  height: number;
  is_draft: boolean;
  video_url: string;
  srt_url: string | null;
  vtt_url: string | null;
  size_bytes: number;
  sha256: string;
  created_at: string;
}

/** What one run made: every size has the same frames, cuts and sound. */
export interface Manifest {
  project: number;
  title: string;
  batch: string;
  fps: number;
  frames: number;
  duration_s: number;
  sound_sha256: string;
  segments: ManifestSegment[];
  renders: ManifestRender[];
}

export type FrameRate = 10 | 12 | 15 | 16 | 20 | 24 | 25 | 30 | 32 | 40 | 48 | 50 | 60;

export type CardLook = "night" | "paper" | "colour";

export interface Settings {
  voice: string;
  speed: number;
  sentence_pause_s: number;
  paragraph_pause_s: number;
  segment_pause_s: number;
  silent_scene_s: number;
  size: string;
  fps: FrameRate;
  quality: number;
  fit: Fit;
  motion: MotionName;
  zoom: number;
  transition_s: number;
  subtitles: boolean;
  subtitle_style: "outline" | "box";
  subtitle_size: "small" | "medium" | "large";
  subtitle_place: "bottom" | "middle" | "top";
  subtitle_words: number;
  card_look: CardLook;
}

/** Null takes a choice back. */
export type SettingsChange = { [Name in keyof Settings]?: Settings[Name] | null };

export interface ProjectSettings {
  values: Settings;
  /** Those chosen for this project. */
  own: Record<string, unknown>;
}

export interface Storage {
  folder: string;
  used_bytes: number;
  files_bytes: number;
  trash_bytes: number;
  cache_bytes: number;
  database_bytes: number;
  free_bytes: number;
  trash_count: number;
  /** How long what is thrown away now waits. */
  trash_days: number;
  trash_days_default: number;
}

/** Seconds that a voice takes for each thing that is counted in a text: see reading-time.ts. */
export interface Pace {
  letter: number;
  digit: number;
  word: number;
  mark: number;
  sentence: number;
  hurry: number;
}

export interface Voice {
  id: string;
  name: string;
  engine: string;
  language: string;
  gender: string;
  available: boolean;
  missing: string | null;
  /** What it says is sent to another machine. */
  remote: boolean;
  /** How fast it reads, for estimates. */
  pace: Pace;
}

// The item catalogue.

export type ItemStatus = "Available" | "Lent" | "Maintenance";

export interface Item {
  id: string;
  name: string;
  description: string | null;
  category: string;
  status: ItemStatus;
  imageUrl: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface ItemPayload {
  name: string;
  description?: string | null;
  category: string;
  status?: ItemStatus;
}

export interface AuditAct {
  id: number;
  at: string;
  act: string;
  by: string;
  kind: string;
  record: string;
  fileName: string;
  place: string;
  sizeBytes: number | null;
  sha256: string;
  note: string;
}

export interface Envelope<Data> {
  data: Data;
  error: string | null;
  message: string;
}

/** A picture of any story, to be used again. */
export interface LibraryPicture {
  segment: number;
  project: number;
  title: string;
  sequence_index: number;
  image_prompt: string;
  updated_at: string;
}

export interface Pictures {
  count: number;
  pictures: LibraryPicture[];
}
