import { Check, ChevronLeft, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { ProjectDetail } from "@/lib/types";
import { clock, plural, wordCount } from "@/lib/words";
import { isUnsaved, useDrafts } from "../saving/drafts";
import type { StoryTimes } from "./lengths";
import { StoryTitle } from "./story-title";

export function StoryHead({ project, times }: { project: ProjectDetail; times: StoryTimes }) {
  const { segments } = project;
  const { timeline, known } = times;
  const words = segments.reduce((sum, segment) => sum + wordCount(segment.text_content), 0);
  return (
    <header className="story-head">
      <div className="grow min-w-0 basis-60">
        <Link className="back" href="/">
          <ChevronLeft aria-hidden className="s" />
          Projects
        </Link>
        <StoryTitle project={project} />
        <p className="meta num">
          <span>{plural(segments.length, "segment")}</span>
          {segments.length > 0 && (
            <>
              <span>
                {known < segments.length && "about "}
                {clock(timeline.frames / timeline.fps)}
              </span>
              <span>{plural(words, "word")}</span>
            </>
          )}
          <SavedState />
        </p>
      </div>
    </header>
  );
}

/** The whole story's state in two words; which text it is about stands beside that text. */
export function SavedState({ onlyTrouble = false }: { onlyTrouble?: boolean }) {
  const isSaving = useDrafts((drafts) => Object.values(drafts).some((draft) => draft && isUnsaved(draft)));
  const isStuck = useDrafts((drafts) =>
    Object.values(drafts).some((draft) => draft && ["retrying", "failed", "conflict"].includes(draft.state)),
  );
  if (isStuck)
    return (
      <span className="text-warn">
        <TriangleAlert aria-hidden className="s" />
        Not everything is saved
      </span>
    );
  if (onlyTrouble) return null;
  return isSaving ? (
    <span>Saving…</span>
  ) : (
    <span>
      <Check aria-hidden className="s" />
      All changes saved
    </span>
  );
}
