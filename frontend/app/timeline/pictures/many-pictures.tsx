// Many pictures on their way: one notice with a bar and Cancel, and one step to undo.

import { toast as sonner } from "sonner";
import { create } from "zustand";
import type { Segment } from "@/lib/types";
import { plural } from "@/lib/words";
import { raiseNotices, toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { wayBackOf } from "../../undo-commands";
import { segmentsOf } from "../page/segment-commands";
import { bringPicture, useSendings } from "./pictures";

interface Sending {
  done: number;
  total: number;
  stop: () => void;
}

const useManySending = create<{ now: Sending | null }>(() => ({ now: null }));

const NOTICE = "many-pictures";
/** The server checks one picture while the next one is on its way. */
const AT_ONCE = 2;

export interface Pair {
  segment: Segment;
  file: File;
}

/** Each to its segment; those refused stand on their cards with the reason. */
export async function sendPictures(project: number, pairs: Pair[]): Promise<void> {
  const waiting = [...pairs];
  const sent: Segment[] = [];
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    for (const { segment } of pairs) useSendings.getState()[segment.id]?.stop();
  };
  const tell = (done: number) => useManySending.setState({ now: { done, total: pairs.length, stop } });
  tell(0);
  raiseNotices();
  sonner.custom(() => <Progress />, { id: NOTICE, duration: Number.POSITIVE_INFINITY });
  async function lane(): Promise<void> {
    for (let next = waiting.shift(); next && !isStopped; next = waiting.shift()) {
      if (await bringPicture(next.segment, next.file)) sent.push(next.segment);
      tell(pairs.length - waiting.length);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  useManySending.setState({ now: null });
  sonner.dismiss(NOTICE);
  await note(project, sent, pairs.length, isStopped);
}

async function note(project: number, sent: Segment[], wanted: number, isStopped: boolean): Promise<void> {
  const words =
    isStopped || sent.length < wanted
      ? `${sent.length} of ${plural(wanted, "picture")} added`
      : `${plural(wanted, "picture")} added`;
  if (sent.length > 0) {
    const ids = sent.map((it) => it.id);
    const had = sent.flatMap((it) => (it.image_file ? [it.id] : []));
    try {
      recordStep(project, { words, commands: [{ do: "pictures", to: await wayBackOf(project, ids, had) }] });
    } catch (problem) {
      toastProblem(`${words}, but they cannot be taken back in one step`, problem);
    }
  }
  const refused = segmentsOf(project).find((it) => useSendings.getState()[it.id]?.reason);
  if (refused && !isStopped)
    toast(`${plural(wanted - sent.length, "picture")} could not be added; the cards say why.`, undefined, {
      isError: true,
    });
  else if (sent.length === 0) toast("No picture was added");
}

function Progress() {
  const now = useManySending((it) => it.now);
  if (!now) return null;
  return (
    <div className="toast many">
      <span className="num">
        Adding pictures, {now.done} of {now.total}
      </span>
      <button type="button" onClick={now.stop}>
        Cancel
      </button>
      <div
        className="bar"
        role="progressbar"
        aria-label="Adding pictures"
        aria-valuenow={now.done}
        aria-valuemin={0}
        aria-valuemax={now.total}
      >
        <i style={{ width: `${(now.done / now.total) * 100}%` }} />
      </div>
    </div>
  );
}
