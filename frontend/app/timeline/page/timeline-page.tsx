import { lazy, Suspense, useEffect, useMemo } from "react";
import type { ProjectDetail, Segment, Settings } from "@/lib/types";
import { isGone, keys, queries, useProject, useProjectSettings, useReadiness } from "../../queries";
import { RenderBar } from "../../render/render-bar";
import { Page } from "../../shell/page";
import { useIsWide } from "../../shell/use-is-wide";
import { Button } from "../../ui/button";
import { FilterChips } from "../../ui/choices";
import { EmptyState, FailedState, Later } from "../../ui/states";
import { NewSegment } from "../cards/adding";
import { SegmentList } from "../cards/segment-list";
import { SelectionBar } from "../cards/selection-bar";
import { useTimelineKeys } from "../keys/keys";
import { useOthersNarrations } from "../narrating/following";
import { PageDrop } from "../pictures/drop-signs";
import { useFileDrops } from "../pictures/file-drops";
import { Dialogs } from "./dialogs";
import { useStoryTimes } from "./lengths";
import { StoryBar } from "./story-bar";
import { StoryHead } from "./story-head";
import { StoryTools } from "./story-tools";
import { type Filter, resetView, setView, useView } from "./view";

const Preview = lazy(() => import("../../preview/preview"));
const ImportDialog = lazy(() => import("../../import/import-dialog"));
const ReviseDialog = lazy(() => import("../../import/revise-dialog"));

export function TimelinePage({ id }: { id: number }) {
  const project = useProject(id);
  useEffect(() => resetView, []);
  if (project.data) return <Timeline project={project.data} />;
  const known = queries.getQueryData<{ id: number; title: string }[]>(keys.projects)?.find((value) => value.id === id);
  return (
    <Page title={known?.title ?? "Project"}>
      {project.isError ? (
        <FailedState
          title={isGone(project.error) ? "This story does not exist" : "This story could not be opened"}
          safe={isGone(project.error) ? "It may have been deleted; deleted things wait in Trash." : ""}
          problem={isGone(project.error) ? "" : project.error}
          onRetry={() => void project.refetch()}
        />
      ) : (
        <>
          <h1>{known?.title}</h1>
          <Later>
            {[1, 2, 3, 4].map((number) => (
              <div key={number} className="skeleton h-39 mt-3 rounded-[14px]" />
            ))}
          </Later>
        </>
      )}
    </Page>
  );
}

function Timeline({ project }: { project: ProjectDetail }) {
  const { id, segments } = project;
  const settings = useProjectSettings(id).data?.values;
  const readiness = useReadiness(id, project.updated_at).data;
  const { filter, isSelecting, isImporting, isRevising, script } = useView();
  const isWide = useIsWide();
  const times = useStoryTimes(project, settings ?? FALLBACK);
  const { timeline } = times;
  const stale = useMemo(() => new Set(readiness?.stale_audio), [readiness]);
  const counts = (name: Filter) => segments.filter((segment) => passes(segment, name, stale)).length;
  const shown = useMemo(() => segments.filter((segment) => passes(segment, filter, stale)), [segments, filter, stale]);
  useTimelineKeys(id, shown);
  useOthersNarrations(id);
  useFileDrops(id);

  return (
    <Page title={project.title} className="tl">
      <p id="live" className="sr-only" aria-live="assertive" />
      <PageDrop />
      <section aria-label="Story" className="min-w-0">
        <StoryHead project={project} times={times} />
        {segments.length === 0 && <StoryTools project={project} />}
        {segments.length === 0 ? (
          <EmptyStory project={id} />
        ) : (
          <>
            <StoryBar project={project}>
              <FilterChips<Filter>
                label="Show"
                value={filter}
                onChange={(filter) => setView({ filter: filter })}
                options={[
                  { value: "all", label: "All", count: segments.length },
                  { value: "picture", label: "Needs a picture", count: counts("picture") },
                  { value: "stale", label: "Narration out of date", count: counts("stale") },
                  { value: "locked", label: "Locked", count: counts("locked") },
                ]}
              />
            </StoryBar>
            {filter !== "all" && (
              <p className="showing">
                Showing {shown.length} of {segments.length}
                <button type="button" className="link" onClick={() => setView({ filter: "all" })}>
                  Show all
                </button>
              </p>
            )}
            <SegmentList project={id} all={segments} shown={shown} times={times} />
          </>
        )}
      </section>
      {isWide && settings && segments.length > 0 && (
        <aside className="side" aria-label="Preview">
          <Suspense fallback={null}>
            <Preview project={project} settings={settings} timeline={timeline} />
          </Suspense>
        </aside>
      )}
      {isSelecting ? <SelectionBar project={project} /> : <RenderBar project={project} settings={settings} />}
      <Dialogs project={project} settings={settings} timeline={timeline} isWide={isWide} />
      {isRevising && (
        <Suspense>
          <ReviseDialog project={project} onClose={() => setView({ isRevising: false })} />
        </Suspense>
      )}
      {isImporting && (
        <Suspense>
          <ImportDialog
            isOpen
            projectId={id}
            file={script}
            onClose={() => setView({ isImporting: false, script: null })}
          />
        </Suspense>
      )}
    </Page>
  );
}

function EmptyStory({ project }: { project: number }) {
  const isWriting = useView((view) => view.adding !== null);
  if (isWriting) return <NewSegment project={project} after={null} />;
  return (
    <EmptyState
      title="This story has no segments"
      actions={
        <>
          <Button kind="primary" onClick={() => setView({ isImporting: true })}>
            Import segments
          </Button>
          <Button onClick={() => setView({ adding: { after: null } })}>Write the first one</Button>
        </>
      }
    >
      Import a script to fill it, or write it here.
    </EmptyState>
  );
}

function passes(segment: Segment, filter: Filter, stale: ReadonlySet<number>): boolean {
  if (filter === "picture") return segment.image_file === null;
  if (filter === "stale") return stale.has(segment.id);
  return filter === "locked" ? segment.is_locked : true;
}

/** Until the settings are here, lengths by their defaults. */
const FALLBACK = {
  size: "1920x1080",
  fps: 30,
  transition_s: 0.5,
  segment_pause_s: 0.4,
  silent_scene_s: 4,
  subtitles: true,
  speed: 1,
  sentence_pause_s: 0.25,
  paragraph_pause_s: 0.6,
} as Settings;
