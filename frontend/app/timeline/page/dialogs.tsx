import { lazy, Suspense, useState } from "react";
import type { Timeline } from "@/lib/film";
import type { ProjectDetail, Settings } from "@/lib/types";
import { plural } from "@/lib/words";
import { Button } from "../../ui/button";
import { Confirm, Dialog } from "../../ui/dialog";
import { KeysSheet } from "../keys/keys-sheet";
import { PicturesDialog } from "../pictures/pictures-dialog";
import { deleteSegments, focusSoon, moveSegments } from "./segment-commands";
import { setView, useView } from "./view";

const Preview = lazy(() => import("../../preview/preview"));
const FramingDialog = lazy(() => import("../camera/framing-dialog"));
const SwapDialog = lazy(() => import("../pictures/swap-dialog"));
const RestoreDialog = lazy(() => import("../pictures/restore-dialog"));

interface DialogsProps {
  project: ProjectDetail;
  settings: Settings | undefined;
  timeline: Timeline;
  isWide: boolean;
}

export function Dialogs({ project, settings, timeline, isWide }: DialogsProps) {
  const { moving, files, asking, deletingLocked, isKeysOpen, isPreviewOpen } = useView();
  const asked = project.segments.find((segment) => segment.id === asking?.segment);
  const locked = project.segments.find((segment) => segment.id === deletingLocked);
  const keep = () => setView({ deletingLocked: null });
  return (
    <>
      {moving && <MoveDialog key={String(moving)} project={project} ids={moving} />}
      {files && <PicturesDialog project={project} files={files} />}
      {asked && (
        <Suspense fallback={null}>
          {asking?.what === "restore" && <RestoreDialog segment={asked} onClose={() => setView({ asking: null })} />}
          {asking?.what === "framing" && settings && (
            <FramingDialog
              segment={asked}
              project={project}
              settings={settings}
              timeline={timeline}
              onClose={() => setView({ asking: null })}
            />
          )}
          {asking?.what === "swap" && (
            <SwapDialog segment={asked} segments={project.segments} onClose={() => setView({ asking: null })} />
          )}
        </Suspense>
      )}
      <KeysSheet isOpen={isKeysOpen} onClose={() => setView({ isKeysOpen: false })} />
      <Confirm
        title={`Segment ${project.segments.findIndex((segment) => segment.id === deletingLocked) + 1} is locked. Delete it anyway?`}
        isOpen={locked !== undefined}
        keep="Keep it"
        act="Delete"
        onKeep={keep}
        onAct={() => {
          keep();
          if (locked) void deleteSegments([locked]);
        }}
      >
        It can be brought back from Trash.
      </Confirm>
      {!isWide && settings && (
        <Dialog
          title="Preview"
          isOpen={isPreviewOpen}
          onClose={() => setView({ isPreviewOpen: false })}
          className="dialog preview-sheet"
        >
          <div className="content">
            <Suspense fallback={null}>
              <Preview project={project} settings={settings} timeline={timeline} />
            </Suspense>
          </div>
        </Dialog>
      )}
    </>
  );
}

function MoveDialog({ project, ids }: { project: ProjectDetail; ids: number[] }) {
  const total = project.segments.length;
  const first = project.segments.findIndex((segment) => segment.id === ids[0]) + 1;
  const [place, setPlace] = useState(String(first));
  const wanted = Number(place);
  const isGood = Number.isInteger(wanted) && wanted >= 1 && wanted <= total;
  const close = () => setView({ moving: null });

  function move() {
    if (!isGood) return;
    moveSegments(project.id, ids, Math.min(wanted, total - ids.length + 1));
    close();
    focusSoon(ids[0]);
  }

  return (
    <Dialog
      title={ids.length === 1 ? `Move segment ${first} to` : `Move ${plural(ids.length, "segment")} to`}
      isOpen
      onClose={close}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" refusal={isGood ? null : `Choose a number from 1 to ${total}.`} onClick={move}>
            Move
          </Button>
        </>
      }
    >
      <div className="content flex items-center gap-3">
        <span className="field w-24!">
          <input
            type="number"
            min={1}
            max={total}
            value={place}
            aria-label="New number"
            onChange={(event) => setPlace(event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && move()}
          />
        </span>
        of {total}
      </div>
    </Dialog>
  );
}
