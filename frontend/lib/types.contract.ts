// Holds lib/types.ts to the server's OpenAPI description: a difference fails `tsc`. `make schema` renews schema.gen.d.ts.

import type { components } from "./schema.gen";
import type * as mine from "./types";

type Mutable<T> = T extends (infer Element)[]
  ? Mutable<Element>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
    : T;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;
type Same<Mine, Name extends keyof components["schemas"]> = Equal<Mutable<Mine>, Mutable<components["schemas"][Name]>>;
export type Checks = [
  Expect<Same<mine.AuditAct, "Audit">>,
  Expect<Same<mine.BundleImported, "BundleImported">>,
  Expect<Same<mine.Focuses, "Focuses">>,
  Expect<Same<mine.FocusesChange, "FocusesChangeRequest">>,
  Expect<Same<mine.Framing, "Framing">>,
  Expect<Same<mine.FramingChange, "PatchedFramingChangeRequest">>,
  Expect<Same<mine.Halves, "Halves">>,
  Expect<Same<mine.HeldMotions, "HeldMotions">>,
  Expect<Same<mine.ImportPayload, "StoryRequest">>,
  Expect<Same<mine.ImportSegmentsPayload, "ScriptRequest">>,
  Expect<Same<mine.Item, "Item">>,
  Expect<Same<mine.ItemPayload, "ItemRequest">>,
  Expect<Same<Partial<mine.ItemPayload>, "PatchedItemRequest">>,
  Expect<Same<mine.Merged, "Merged">>,
  Expect<Same<mine.Manifest, "Manifest">>,
  Expect<Same<mine.ManifestRender, "ManifestRender">>,
  Expect<Same<mine.ManifestSegment, "ManifestSegment">>,
  Expect<Equal<Required<mine.NarrateAllPayload>, Required<components["schemas"]["NarrateAllRequest"]>>>,
  Expect<Same<mine.NarrateAllStarted, "ProjectNarrationStarted">>,
  Expect<Same<mine.NarratedSegment, "NarratedSegment">>,
  Expect<Same<mine.NarrationStarted, "SegmentNarrationStarted">>,
  Expect<Same<mine.LibraryPicture, "LibraryPicture">>,
  Expect<Same<mine.Pace, "Pace">>,
  Expect<Same<mine.Pictures, "Pictures">>,
  Expect<Same<mine.PictureRemoved, "PictureRemoved">>,
  Expect<Same<mine.PictureSize, "PictureSize">>,
  Expect<Same<mine.PictureUploaded, "PictureUploaded">>,
  Expect<Same<mine.Project, "Project">>,
  Expect<Same<mine.ProjectDetail, "ProjectDetail">>,
  Expect<Same<mine.ProjectSettings, "ProjectSettings">>,
  Expect<Same<mine.ProjectVideo, "ProjectVideo">>,
  Expect<Same<mine.ProjectStatus, "ProjectStatus">>,
  Expect<Same<mine.Readiness, "Readiness">>,
  Expect<Same<mine.RenderedVideo, "Render">>,
  Expect<Same<mine.RenderProgress, "RenderProgress">>,
  Expect<Same<mine.RenderStarted, "RenderStarted">>,
  Expect<Equal<Required<mine.RenderPayload>, Required<components["schemas"]["RenderWishRequest"]>>>,
  Expect<Same<mine.SizeProgress, "SizeProgress">>,
  Expect<Same<mine.ReorderPayload, "OrderRequest">>,
  Expect<Same<mine.Reordered, "Ordered">>,
  Expect<Same<mine.Restored, "Restored">>,
  Expect<Same<mine.Revised, "Revised">>,
  Expect<Same<mine.RevisionPayload, "RevisionRequest">>,
  Expect<Same<mine.ScriptSegment, "ScriptSegmentRequest">>,
  Expect<Same<mine.Segment, "Segment">>,
  Expect<Same<mine.SegmentChange, "SegmentChangeRequest">>,
  Expect<Same<mine.SegmentChoices, "SegmentChoices">>,
  Expect<Same<mine.SegmentCondition, "SegmentConditionRequest">>,
  Expect<Same<mine.SegmentPosition, "SegmentPosition">>,
  // `undo` is described as objects with whatever was changed.
  Expect<Equal<Omit<mine.SegmentsChanged, "undo">, Omit<Mutable<components["schemas"]["SegmentsChanged"]>, "undo">>>,
  Expect<Same<mine.SegmentSettings, "SegmentSettings">>,
  Expect<Same<mine.SegmentSettingsChange, "PatchedSegmentSettingsChangeRequest">>,
  Expect<Same<mine.Session, "Session">>,
  Expect<Same<mine.SessionUser, "SessionUser">>,
  Expect<Same<mine.Settings, "Settings">>,
  Expect<Same<mine.SettingsChange, "PatchedSettingsChangeRequest">>,
  Expect<Same<mine.SpokenWord, "WordTime">>,
  Expect<Same<mine.Storage, "Storage">>,
  Expect<Same<mine.Swapped, "Swapped">>,
  Expect<Same<mine.Task, "Task">>,
  Expect<Same<mine.TaskProblem, "SegmentFailure">>,
  Expect<Same<mine.TaskProgress, "TaskProgress">>,
  Expect<Same<mine.Times, "Times">>,
  Expect<Same<mine.TrashEntry, "TrashEntry">>,
  Expect<Same<mine.UpdateSegmentPayload, "PatchedSegmentUpdateRequest">>,
  Expect<Same<mine.Voice, "Voice">>,
  Expect<Same<mine.Words, "Words">>,
];
