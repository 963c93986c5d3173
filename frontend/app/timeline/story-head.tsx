import { Check, ChevronLeft, TriangleAlert } from "lucide-react";
import { Link } from "wouter";
import type { Timeline } from "@/lib/film";
import type { ProjectDetail } from "@/lib/types";
import { clock, plural, wordCount } from "@/lib/words";
import { isUnsaved, useDrafts } from "./drafts";
import { StoryTitle } from "./story-title";

export function StoryHead({ project, line }: { project: ProjectDetail; line: Timeline }) {
  const { segments } = project;
  const words = segments.reduce((sum, it) => sum + wordCount(it.text_content), 0);
  const isWhole = segments.every((it) => it.audio_file);
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
                {clock(line.frames / line.fps)}
                {!isWhole && " so far"}
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
