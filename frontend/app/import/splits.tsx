import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { plural, wordCount } from "@/lib/words";
import type { Row } from "./read-script";

/** The segments to be, however many; only those in view are in the page. */
export function Splits({ rows, onGo }: { rows: Row[]; onGo: (line: number) => void }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 78,
    overscan: 6,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="splits" ref={scroller} tabIndex={0} role="region" aria-label="Segments to be">
      {rows.length === 0 && <p className="nothing">The split appears here as you paste.</p>}
      <ol style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-setsize={rows.length}
                aria-posinset={item.index + 1}
                className={row.problem ? "bad" : ""}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <b className="num">{item.index + 1}</b>
                {row.problem ? <Problem row={row} onGo={onGo} /> : <Good row={row} />}
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

const Good = ({ row }: { row: Row }) => (
  <>
    <div className="min-w-0">
      <p>{row.text}</p>
      <small>{row.prompt ? `Prompt: ${row.prompt}` : "No image prompt"}</small>
    </div>
    <span className="w">{plural(wordCount(row.text), "word")}</span>
  </>
);

const Problem = ({ row, onGo }: { row: Row; onGo: (line: number) => void }) => (
  <>
    <div className="min-w-0">
      <b className="block">{row.problem}</b>
      {row.text && <small className="text-inherit!">{row.text}</small>}
    </div>
    <button type="button" className="link text-inherit! self-start" onClick={() => onGo(row.line)}>
      Go to it
    </button>
  </>
);
