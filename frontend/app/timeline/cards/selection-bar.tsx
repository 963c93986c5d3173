import { Lock, LockOpen, Mic, SlidersHorizontal, Trash2 } from "lucide-react";
import type { ProjectDetail, Segment } from "@/lib/types";
import { Button } from "../../ui/button";
import { Menu, MenuLine } from "../../ui/menu";
import { cancelAll, narrateChosen } from "../narrating/narrating";
import { useNarrating } from "../narrating/narrating-state";
import { askDelete, setLocked } from "../page/segment-commands";
import { setView, stopSelecting, useView } from "../page/view";
import { FitMenu, MotionMenu, PauseMenu, VoiceMenu } from "./choice-menus";

/** What can be chosen for all of them at once. */
function ChangeMenu({ segments, refusal }: { segments: Segment[]; refusal: string | null }) {
  const inside = (
    <>
      <SlidersHorizontal aria-hidden className="s" />
      Change
    </>
  );
  if (refusal) return <Button refusal={refusal}>{inside}</Button>;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="btn">
          {inside}
        </button>
      }
    >
      <MotionMenu segments={segments} />
      <FitMenu segments={segments} />
      <MenuLine />
      <VoiceMenu segments={segments} />
      <PauseMenu segments={segments} />
    </Menu>
  );
}

/** Stands where the Render bar does while segments are being chosen. */
export function SelectionBar({ project }: { project: ProjectDetail }) {
  const selected = useView((view) => view.selected);
  const chosen = project.segments.filter((segment) => selected.has(segment.id));
  const none = chosen.length === 0 ? "Select a segment first." : null;
  const isLocking = chosen.some((segment) => !segment.is_locked) || chosen.length === 0;
  const isAllLocked = chosen.every((segment) => segment.is_locked);
  const busy = useNarrating((all) => all.byProject[project.id]);
  const isAll = chosen.length === project.segments.length;
  return (
    <section className="render" aria-label="Selection">
      <div className="inner selection">
        <b className="num mr-auto" role="status">
          {chosen.length} selected
        </b>
        <Button
          kind="quiet"
          onClick={() => setView({ selected: new Set(isAll ? [] : project.segments.map((segment) => segment.id)) })}
        >
          {isAll ? "Select none" : "Select all"}
        </Button>
        <Button refusal={none} onClick={() => void setLocked(chosen, isLocking)}>
          {isLocking ? <Lock aria-hidden className="s" /> : <LockOpen aria-hidden className="s" />}
          {isLocking ? "Lock" : "Unlock"}
        </Button>
        {busy ? (
          <Button onClick={() => void cancelAll(project.id)}>
            <i className="ring" aria-hidden />
            <span className="num">
              Stop, {busy.done} of {busy.total}
            </span>
          </Button>
        ) : (
          <Button
            refusal={none ?? (isAllLocked ? "Every one of these is locked." : null)}
            onClick={() => void narrateChosen(project.id, chosen)}
          >
            <Mic aria-hidden className="s" />
            Narrate
          </Button>
        )}
        <ChangeMenu segments={chosen} refusal={none} />
        <Button refusal={none} onClick={() => setView({ moving: chosen.map((segment) => segment.id) })}>
          Move to…
        </Button>
        <Button kind="danger" refusal={none} onClick={() => askDelete(chosen)}>
          <Trash2 aria-hidden className="s" />
          Delete
        </Button>
        <Button kind="primary" onClick={stopSelecting}>
          Done
        </Button>
      </div>
    </section>
  );
}
