import { lazy, Suspense, useState } from "react";
import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { TrashEntry } from "@/lib/types";
import { bytes } from "@/lib/words";
import { keys, queries, useTrash } from "../queries";
import { Page } from "../shell/page";
import { useRefusal } from "../shell/server";
import { Button } from "../ui/button";
import { FilterChips } from "../ui/choices";
import { Confirm } from "../ui/dialog";
import { EmptyState, FailedState, Later } from "../ui/states";
import { toast, toastProblem } from "../ui/toasts";
import { type Kind, kindOf } from "./kinds";
import { TrashRow } from "./trash-row";

const RestoreDialog = lazy(() => import("./restore-dialog"));

export default function TrashPage() {
  const trash = useTrash();
  const refusal = useRefusal();
  const [filter, setFilter] = useState<Kind>("all");
  const [ending, setEnding] = useState<TrashEntry[] | null>(null);
  const [moving, setMoving] = useState<TrashEntry | null>(null);
  const entries = trash.data ?? [];
  const count = (kind: Kind) => entries.filter((entry) => kindOf(entry).kind === kind).length;
  // The last of a kind may go while only that kind is shown.
  const shownKind = filter === "all" || count(filter) > 0 ? filter : "all";
  const shown = entries.filter((entry) => shownKind === "all" || kindOf(entry).kind === shownKind);

  return (
    <Page title="Trash" className="page narrow">
      <div className="page-head">
        <div className="grow">
          <h1>Trash</h1>
          <p className="lede">Everything you delete or replace waits here for as long as Settings says.</p>
        </div>
        {entries.length > 0 && (
          <Button refusal={refusal} onClick={() => setEnding(entries)}>
            Empty trash…
          </Button>
        )}
      </div>
      {trash.isError && !trash.data ? (
        <FailedState title="Trash could not be read" problem={trash.error} onRetry={() => void trash.refetch()} />
      ) : !trash.data ? (
        <Later>
          <div className="skeleton h-60" />
        </Later>
      ) : entries.length === 0 ? (
        <EmptyState title="Trash is empty">
          What you delete or replace waits here for 30 days, or as long as Settings says.
        </EmptyState>
      ) : (
        <>
          <FilterChips<Kind>
            className="flat"
            label="Show"
            value={shownKind}
            onChange={setFilter}
            options={[
              { value: "all", label: "All", count: entries.length },
              { value: "pictures", label: "Pictures", count: count("pictures") },
              { value: "segments", label: "Segments", count: count("segments") },
              { value: "projects", label: "Projects", count: count("projects") },
              { value: "items", label: "Items", count: count("items") },
              { value: "others", label: "Sound and video", count: count("others") },
            ]}
          />
          <ul className="rows bin">
            {shown.map((entry) => (
              <TrashRow
                key={entry.id}
                entry={entry}
                onEnd={() => setEnding([entry])}
                onElsewhere={() => setMoving(entry)}
              />
            ))}
          </ul>
        </>
      )}
      <Confirm
        title={ending?.length === 1 ? "Delete this for good?" : `Delete ${ending?.length ?? 0} things for good?`}
        isOpen={ending !== null}
        keep={ending?.length === 1 ? "Keep it" : "Keep them"}
        act="Delete for good"
        onKeep={() => setEnding(null)}
        onAct={() => {
          setEnding(null);
          if (ending) void end(ending);
        }}
      >
        {freed(ending ?? [])}This cannot be undone.
      </Confirm>
      {moving && (
        <Suspense>
          <RestoreDialog entry={moving} onClose={() => setMoving(null)} />
        </Suspense>
      )}
    </Page>
  );
}

function freed(doomed: TrashEntry[]): string {
  const size = doomed.reduce((sum, entry) => sum + entry.size_bytes, 0);
  return size > 0 ? `${bytes(size)} are freed. ` : "";
}

async function end(doomed: TrashEntry[]): Promise<void> {
  let gone = 0;
  try {
    for (const { id } of doomed) {
      await endOne(id);
      gone += 1;
    }
    toast(gone === 1 ? "Deleted for good" : `${gone} things deleted for good`);
  } catch (problem) {
    toastProblem(gone ? `${gone} of ${doomed.length} deleted for good` : "Not deleted", problem);
  }
  void queries.invalidateQueries({ queryKey: keys.trash });
}

/** What another tab restored or deleted meanwhile is not there any more, and that is no failure. */
async function endOne(id: number): Promise<void> {
  try {
    await api.deleteForGood(id);
  } catch (problem) {
    if (!(problem instanceof ApiError && problem.status === 404)) throw problem;
  }
}
