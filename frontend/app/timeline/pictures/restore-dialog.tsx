import { useState } from "react";
import { trashThumbnailUrl } from "@/lib/api";
import type { Segment, TrashEntry } from "@/lib/types";
import { plural, when } from "@/lib/words";
import { useProjectTrash } from "../../queries";
import { Dialog } from "../../ui/dialog";
import { FailedState, Later } from "../../ui/states";
import { numberOf } from "../page/segment-commands";
import { pictureOf, restorePicture } from "./pictures";

interface RestoreProps {
  segment: Segment;
  onClose: () => void;
}

/** The pictures that this segment had before, as long as they wait in Trash. */
export default function RestoreDialog({ segment, onClose }: RestoreProps) {
  const trash = useProjectTrash(segment.project);
  const [busy, setBusy] = useState<number | null>(null);
  const entries = trash.data?.filter(pictureOf(segment)) ?? [];

  async function restore(entry: TrashEntry) {
    if (busy !== null) return;
    setBusy(entry.id);
    if (await restorePicture(segment, entry)) onClose();
    else setBusy(null);
  }

  return (
    <Dialog title={`Earlier pictures of segment ${numberOf(segment)}`} isOpen onClose={onClose}>
      <div className="content">
        {trash.isError ? (
          <FailedState
            title="Trash could not be read"
            problem={trash.error}
            safe="Nothing was changed."
            onRetry={() => void trash.refetch()}
          />
        ) : trash.isPending ? (
          <Later>
            <div className="skeleton h-40 rounded-[10px]" />
          </Later>
        ) : entries.length === 0 ? (
          <p className="text-ink-2">
            No earlier picture of this segment is in Trash. What you replace or remove waits there.
          </p>
        ) : (
          <>
            <p className="text-ink-2 mb-3">
              {segment.image_file
                ? "The one it has now goes to Trash in its place."
                : "Choose the one that is to come back."}
            </p>
            <ul className="earlier" aria-busy={busy !== null}>
              {entries.map((entry) => (
                <li key={entry.id}>
                  <Earlier entry={entry} isBusy={busy === entry.id} onRestore={() => void restore(entry)} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

interface EarlierProps {
  entry: TrashEntry;
  isBusy: boolean;
  onRestore: () => void;
}

function Earlier({ entry, isBusy, onRestore }: EarlierProps) {
  const [isBroken, setBroken] = useState(false);
  const done = `${entry.why === "removed" ? "Removed" : "Replaced"} ${when(entry.deleted_at)}`;
  const days = Math.max(0, Math.ceil((Date.parse(entry.expires_at) - Date.now()) / 86_400_000));
  return (
    <button type="button" onClick={onRestore}>
      <span className="th">
        {isBroken ? (
          "This picture cannot be shown."
        ) : (
          <img
            src={trashThumbnailUrl(entry.id, 480, entry.deleted_at)}
            alt=""
            width={480}
            height={270}
            decoding="async"
            onError={() => setBroken(true)}
          />
        )}
      </span>
      <b>
        <span className="sr-only">Restore the picture: </span>
        {isBusy ? "Restoring…" : done}
      </b>
      <span className="d num">{plural(days, "day")} left</span>
    </button>
  );
}
