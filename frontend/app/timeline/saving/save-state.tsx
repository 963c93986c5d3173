import { Check, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import type { Draft } from "./drafts";
import { keepMine, save, takeTheirs } from "./saving";

/** Which of the two is true: the server has it, or this tab keeps it. */
export function SaveState({ draft, number }: { draft: Draft; number: number }) {
  const id = `save-${draft.id}`;
  if (draft.state === "conflict") return <Conflict draft={draft} number={number} />;
  if (draft.state === "failed")
    return (
      <p className="under bad" id={id} role="alert">
        <TriangleAlert aria-hidden className="s" />
        Not saved: {draft.reason?.replace(/\.$/, "")}. Your words are kept here.
        <button type="button" className="link text-inherit!" onClick={() => void save(draft.id, draft.field)}>
          Try now
        </button>
      </p>
    );
  if (draft.state === "retrying")
    return (
      <p className="under warn" id={id}>
        <TriangleAlert aria-hidden className="s" />
        Not saved yet. Trying again.
      </p>
    );
  return (
    <p className="under" id={id}>
      {draft.state === "saved" ? (
        <>
          <Check aria-hidden className="s" />
          Saved
        </>
      ) : (
        <>
          <span className="ring" aria-hidden />
          Saving…
        </>
      )}
      <span className="keys" aria-hidden>
        <span className="kbd">Ctrl</span>
        <span className="kbd">Enter</span>
        next segment&ensp;
        <span className="kbd">Esc</span>
        done
      </span>
    </p>
  );
}

function Conflict({ draft, number }: { draft: Draft; number: number }) {
  const [isOpen, setOpen] = useState(false);
  const close = (act: (draft: Draft) => void) => () => {
    setOpen(false);
    act(draft);
  };
  return (
    <div className="note warn mb-2" id={`save-${draft.id}`} role="alert">
      <TriangleAlert aria-hidden className="s" />
      <span>
        <b>Segment {number} was changed in another tab.</b> Yours is still here.{" "}
        <button type="button" className="link text-inherit!" onClick={() => setOpen(true)}>
          See both
        </button>
      </span>
      <Dialog
        title={`Two texts for segment ${number}`}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        className="dialog w-[min(760px,calc(100%-32px))]!"
        footer={
          <>
            <Button onClick={close(takeTheirs)}>Take theirs</Button>
            <Button kind="primary" onClick={close(keepMine)}>
              Keep mine
            </Button>
          </>
        }
      >
        <div className="content versions">
          <div>
            <h3 className="lab">Yours</h3>
            <p>{draft.text}</p>
          </div>
          <div>
            <h3 className="lab">From the other tab</h3>
            <p>{draft.theirs?.[draft.field]}</p>
          </div>
        </div>
      </Dialog>
    </div>
  );
}
