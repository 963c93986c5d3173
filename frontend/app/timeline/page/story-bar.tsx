import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import type { ProjectDetail } from "@/lib/types";
import { FindBar } from "./find-bar";
import { resetFinding, useFinding } from "./finding";
import { SavedState } from "./story-head";
import { StoryTools } from "./story-tools";

/** Filters and tools; when the title is scrolled away they stay, with what is not saved. */
export function StoryBar({ project, children }: { project: ProjectDetail; children: ReactNode }) {
  const isFinding = useFinding((state) => state.isOpen);
  const mark = useRef<HTMLDivElement>(null);
  const isStuck = useIsGone(mark);
  useEffect(() => resetFinding, []);
  return (
    <>
      <div ref={mark} aria-hidden />
      <div className={`story-bar ${isStuck ? "stuck" : ""}`}>
        <div className="story-bar-row">
          {children}
          {isStuck && <SavedState onlyTrouble />}
          <StoryTools project={project} />
        </div>
        {isFinding && <FindBar project={project} />}
      </div>
    </>
  );
}

const TOP_BAR_PX = 56;

/** Whether the place has scrolled under the bar at the top. */
function useIsGone(mark: RefObject<HTMLElement | null>): boolean {
  const [isGone, setGone] = useState(false);
  useEffect(() => {
    if (!mark.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(
      ([entry]) =>
        setGone(entry !== undefined && !entry.isIntersecting && entry.boundingClientRect.top < TOP_BAR_PX + 1),
      { rootMargin: `-${TOP_BAR_PX}px 0px 0px` },
    );
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [mark]);
  return isGone;
}
