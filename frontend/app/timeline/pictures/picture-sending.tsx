import { TriangleAlert, X } from "lucide-react";
import type { Segment } from "@/lib/types";
import { Button, IconButton } from "../../ui/button";
import { forgetSending, type Sending, sendPicture } from "./pictures";

export function UnderWay({ segment, sending }: { segment: Segment; sending: Sending }) {
  const percent = Math.round(sending.share * 100);
  return (
    <>
      <img src={sending.url} alt="" className="opacity-40" />
      <div className="load">
        <IconButton label="Cancel upload" onClick={sending.stop}>
          <X aria-hidden className="s" />
        </IconButton>
        <span className="num">{percent < 100 ? `Uploading, ${percent}%` : "Checking…"}</span>
        <div
          className="bar"
          role="progressbar"
          aria-label={`Uploading ${sending.file.name} for segment ${segment.sequence_index + 1}`}
          aria-valuenow={percent}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      </div>
    </>
  );
}

export function Refused({ segment, sending, onChoose }: { segment: Segment; sending: Sending; onChoose: () => void }) {
  return (
    <div className="error-line" role="alert">
      <TriangleAlert aria-hidden className="s" />
      <div>
        {sending.reason}
        <div className="flex flex-wrap gap-2 mt-1">
          <Button size="small" onClick={() => void sendPicture(segment, sending.file)}>
            Try again
          </Button>
          <Button
            size="small"
            kind="quiet"
            onClick={() => {
              forgetSending(segment.id);
              onChoose();
            }}
          >
            Choose another
          </Button>
        </div>
      </div>
    </div>
  );
}
