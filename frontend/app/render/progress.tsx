import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import type { ProjectDetail, ProjectStatus, SizeProgress } from "@/lib/types";
import { about } from "@/lib/words";
import { Button } from "../ui/button";
import { calmly, stopRender, useRendering } from "./rendering";
import { ratioOf } from "./shapes";

const PHASES = ["Narrate", "Draw", "Join", "Check"];
const PHASE_OF: Record<string, number> = { waiting: 0, narrating: 0, drawing: 1, sound: 2, assembling: 2, done: 3 };
const WAIT_FOR_TIME_MS = 3_000;

interface ProgressProps {
  project: ProjectDetail;
  status: ProjectStatus | undefined;
}

export function Progress({ project, status }: ProgressProps) {
  const isStopping = useRendering((all) => all.stopping[project.id]) === true;
  const most = useRef(0);
  const left = useRef<number | null>(null);
  const begun = useRef(Date.now());
  const progress = status?.progress;
  const share = progress?.percentage ?? 0;
  // It never goes back, also when two answers overtake each other.
  most.current = Math.max(most.current, share);
  left.current = calmly(left.current, Date.now() - begun.current > WAIT_FOR_TIME_MS ? (progress?.eta_s ?? null) : null);
  const percent = Math.round(most.current);
  const phase = PHASE_OF[progress?.current_phase ?? "waiting"] ?? 0;
  const total = project.segments.length;
  const title = isStopping ? "Stopping…" : titleOf(phase, progress, total);

  useEffect(() => {
    const before = document.title;
    document.title = `${percent}% · ${project.title}`;
    return () => {
      document.title = before;
    };
  }, [percent, project.title]);

  return (
    <section className="render busy" aria-label="Render">
      <div className="inner">
        <div className="prog-top">
          <span className="pct num">{percent}%</span>
          <div className="grow min-w-0">
            <b role="status">{title}</b>
            <p className="text-ink-2">
              {left.current !== null && `${about(left.current)} left. `}
              You can keep editing, or close the page: changes go into the next video.
            </p>
          </div>
          <Button
            refusal={isStopping ? "Stopping…" : null}
            onClick={() => void stopRender(project.id, status?.task_id ?? null)}
          >
            Cancel
          </Button>
        </div>
        <Cells project={project} share={most.current} current={progress?.current_segment ?? 0} phase={phase} />
        <ol className="phases">
          {PHASES.map((name, index) => (
            <li key={name} className={index < phase ? "done" : index === phase ? "on" : "todo"}>
              {index < phase && <Check aria-hidden className="s" />}
              {index === phase && <span className="ring" aria-hidden />}
              {name}
            </li>
          ))}
          {progress && progress.sizes.length > 1 && <Sizes sizes={progress.sizes} />}
        </ol>
      </div>
    </section>
  );
}

/** Which of several shapes are made already. */
function Sizes({ sizes }: { sizes: SizeProgress[] }) {
  return sizes.map(({ size, state }) => (
    <li key={size} className={state === "done" ? "done" : state === "drawing" ? "on" : "todo"}>
      {state === "done" && <Check aria-hidden className="s" />}
      {state === "drawing" && <span className="ring" aria-hidden />}
      {ratioOf(size)}
      <span className="sr-only">{state}</span>
    </li>
  ));
}

function titleOf(phase: number, progress: ProjectStatus["progress"] | undefined, total: number): string {
  const segment = `${Math.max(1, progress?.current_segment ?? 1)} of ${total}`;
  if (!progress) return "Beginning…";
  if (progress.current_phase === "waiting") return "Waiting to render";
  if (phase === 0) return `Narrating segment ${segment}`;
  const shape = progress.size && progress.sizes.length > 1 ? ` in ${ratioOf(progress.size)}` : "";
  if (phase === 1) return `Drawing segment ${segment}${shape}`;
  return phase === 2 ? "Joining picture and sound" : "Checking the video";
}

const MOST_CELLS = 120;

/** The bar is made of the segments, as long as each is. */
function Cells({
  project,
  share,
  current,
  phase,
}: {
  project: ProjectDetail;
  share: number;
  current: number;
  phase: number;
}) {
  const { segments } = project;
  const isFew = segments.length <= MOST_CELLS;
  return (
    <div
      className="cells"
      role="progressbar"
      aria-label="Rendering"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share)}
    >
      {isFew ? (
        segments.map((segment, index) => (
          <i key={segment.id} style={{ flex: `${segment.audio_duration ?? 4} 0 0` }}>
            <i
              style={{
                width:
                  phase > 1 || (phase === 1 && index + 1 < current)
                    ? "100%"
                    : index + 1 === current && phase === 1
                      ? "50%"
                      : 0,
              }}
            />
          </i>
        ))
      ) : (
        <i style={{ flex: 1 }}>
          <i style={{ width: `${share}%` }} />
        </i>
      )}
    </div>
  );
}
