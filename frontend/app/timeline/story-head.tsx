import { Check, ChevronLeft, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { ProjectDetail } from "@/lib/types";
import { clock, plural, wordCount } from "@/lib/words";
import { isUnsaved, useDrafts } from "./drafts";
import type { StoryTimes } from "./lengths";
import { StoryTitle } from "./story-title";

export function StoryHead({ project, times }: { project: ProjectDetail; times: StoryTimes }) {
  const { segments } = project;
  const { line, known } = times;
  const words = segments.reduce((sum, it) => sum + wordCount(it.text_content), 0);
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
                {clock(line.frames / line.fps)}
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
  const isSaving = useDrafts((drafts) => Object.values(drafts).some((it) => it && isUnsaved(it)));
  const isStuck = useDrafts((drafts) =>
    Object.values(drafts).some((it) => it && ["retrying", "failed", "conflict"].includes(it.state)),
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
