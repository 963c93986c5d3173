import { ChevronUp, Layers2, Mic, Zap } from "lucide-react";
import { Link } from "wouter";
import type { Readiness, RenderedVideo } from "@/lib/types";
import { useRefusal } from "../shell/server";
import { narrateAll } from "../timeline/narrating/narrating";
import { Button, IconButton } from "../ui/button";
import { Menu, MenuItem, MenuLine } from "../ui/menu";
import { startRender, useRendering } from "./rendering";
import { ratioOf, SHAPES, sizeIn } from "./shapes";

interface ActsProps {
  project: number;
  /** The story's own. */
  size: string;
  video: RenderedVideo | undefined;
  renders: RenderedVideo[];
  readiness: Readiness | undefined;
  status: string | undefined;
}

/** Render in the story's own shape by one button, in several or as a draft by the menu beside it. */
export function RenderActs({ project, size, video, renders, readiness, status }: ActsProps) {
  const refusal = useRefusal();
  const isAsked = useRendering((all) => all.asked[project]) === true;
  const isCurrent = video?.is_current === true && status !== "FAILED";
  const newest = video ?? renders[0];
  const why = refusal ?? (isAsked ? "Beginning…" : null);
  return (
    <>
      {newest && (
        <Link
          className={`btn ${isCurrent ? "primary big" : ""}`}
          href={`/projects/${project}/video${video ? `#v-${video.id}` : ""}`}
        >
          Watch
        </Link>
      )}
      {!isCurrent && (
        <Button
          kind="quiet"
          className="wide-only"
          refusal={why}
          onClick={() => void startRender(project, { draft: true })}
        >
          Draft
        </Button>
      )}
      <Button
        kind={isCurrent ? "plain" : "primary"}
        size={isCurrent ? undefined : "big"}
        refusal={why}
        onClick={() => void startRender(project)}
      >
        {labelOf(status, isCurrent, !video && renders.length > 0 ? size : null)}
      </Button>
      <Menu
        trigger={
          <IconButton label="More ways to render">
            <ChevronUp aria-hidden />
          </IconButton>
        }
      >
        {TOGETHER.map((shapes) => (
          <MenuItem
            key={shapes.length}
            icon={<Layers2 className="s" />}
            isDisabled={why !== null}
            onSelect={() => void startRender(project, { sizes: shapes.map((shape) => sizeIn(shape, size)) })}
          >
            {wordsOf(shapes.map((shape) => shape.ratio))}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem
          icon={<Zap className="s" />}
          isDisabled={why !== null}
          onSelect={() => void startRender(project, { draft: true })}
        >
          Draft, a quick look
        </MenuItem>
        {readiness && readiness.stale_audio.length + readiness.missing_audio.length > 0 && (
          <MenuItem icon={<Mic className="s" />} isDisabled={why !== null} onSelect={() => void narrateAll(project)}>
            Only narrate
          </MenuItem>
        )}
      </Menu>
    </>
  );
}

const TOGETHER = [SHAPES.slice(0, 2), SHAPES.slice()];

/** "Render 16:9 and 9:16". */
export const wordsOf = (ratios: string[]) => `Render ${ratios.slice(0, -1).join(", ")} and ${ratios.at(-1)}`;

function labelOf(status: string | undefined, isCurrent: boolean, other: string | null): string {
  if (status === "CANCELLED" || status === "FAILED") return "Carry on";
  if (isCurrent) return "Render again";
  return other ? `Render ${ratioOf(other)}` : "Render video";
}
