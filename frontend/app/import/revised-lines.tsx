import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowRight, Lock, Pencil, Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import type { RevisedKind } from "@/lib/types";
import type { RevisedLine } from "./revision";

const CHIPS: Record<RevisedKind, { words: string; tone: string; Icon: typeof Plus | null }> = {
  kept: { words: "Kept", tone: "", Icon: null },
  changed: { words: "Changed", tone: "warn", Icon: Pencil },
  new: { words: "New", tone: "ok", Icon: Plus },
  missing: { words: "To Trash", tone: "bad", Icon: Trash2 },
  locked: { words: "Locked, stays", tone: "on", Icon: Lock },
  "locked-missing": { words: "Locked, stays", tone: "on", Icon: Lock },
};

/** The story to be, and among it what leaves it; only lines in view are in the page. */
export function RevisedLines({ lines }: { lines: RevisedLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 78,
    overscan: 6,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="splits revised" ref={scroller} tabIndex={0} role="region" aria-label="The story to be">
      <ol style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-setsize={lines.length}
                aria-posinset={item.index + 1}
                className={line.kind}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Line line={line} />
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

function Line({ line }: { line: RevisedLine }) {
  const { words, tone, Icon } = CHIPS[line.kind];
  return (
    <>
      <b className="num">{line.number ?? "–"}</b>
      <div className="min-w-0">
        <p>{line.text}</p>
        {line.kind === "changed" && line.was !== line.text && <small>Was: {line.was}</small>}
        {line.kind === "changed" && line.was === line.text && <small>New prompt: {line.prompt}</small>}
        {line.kind === "locked" && (
          <small>
            <ArrowRight aria-hidden className="s inline" /> Not used: {line.was}
          </small>
        )}
      </div>
      <span className={`chip ${tone}`}>
        {Icon && <Icon aria-hidden className="s" />}
        {words}
      </span>
    </>
  );
}
