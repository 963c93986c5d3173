import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Segment } from "@/lib/types";
import { useAppearance } from "../../shell/appearance";
import type { StoryTimes } from "../page/lengths";
import { focusSoon } from "../page/segment-commands";
import { noteOrder, setView, useView } from "../page/view";
import { useDrops } from "./dragging";
import { useSeen } from "./seen";
import { SegmentCard } from "./segment-card";

interface ListProps {
  project: number;
  all: Segment[];
  /** Those that the filter lets through. */
  shown: Segment[];
  times: StoryTimes;
}

/** The cards in view and a few beyond; the one with the focus stays, so that scrolling never takes a field away. */
export function SegmentList({ project, all, shown, times }: ListProps) {
  const { timeline, known } = times;
  const list = useRef<HTMLOListElement>(null);
  const [offset, setOffset] = useState(0);
  useDrops(project);
  useSeen();
  const isCompact = useAppearance((state) => state.rows === "compact");
  const isWhole = shown.length === all.length;
  const numbers = new Map(all.map((segment, index) => [segment.id, index + 1]));

  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), []);

  const virtual = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => (isCompact ? 84 : window.innerWidth < 640 ? 480 : 168),
    overscan: 4,
    // The bars above and below lie over the list.
    scrollPaddingStart: 128,
    scrollPaddingEnd: 120,
    scrollMargin: offset,
    getItemKey: (index) => shown[index]?.id ?? index,
    rangeExtractor: useCallback(
      (range: Parameters<typeof defaultRangeExtractor>[0]) => {
        const rows = defaultRangeExtractor(range);
        const kept = shown.findIndex((segment) => segment.id === useView.getState().currentId);
        return kept >= 0 && !rows.includes(kept) ? [...rows, kept].sort((a, b) => a - b) : rows;
      },
      [shown],
    ),
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured in other rows is not so tall now
  useEffect(() => virtual.measure(), [isCompact]);

  useEffect(() => {
    const show = (id: number) => {
      const index = shown.findIndex((segment) => segment.id === id);
      if (index < 0) return;
      virtual.scrollToIndex(index, { align: "auto" });
      setView({ currentId: id });
      focusSoon(id);
    };
    shower = show;
    revealer = (id) => {
      const index = shown.findIndex((segment) => segment.id === id);
      if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
    };
    const wanted = /^#s-(\d+)$/.exec(location.hash)?.[1];
    if (wanted && wanted !== lastHash) {
      lastHash = wanted;
      show(Number(wanted));
    }
    return () => {
      shower = null;
      revealer = null;
    };
  }, [shown, virtual]);

  useEffect(() => noteOrder(shown.map((segment) => segment.id)), [shown]);

  useEffect(() => {
    const known = useView.getState().currentId;
    if (shown[0] && !shown.some((segment) => segment.id === known)) setView({ currentId: shown[0].id });
  }, [shown]);

  return (
    <ol ref={list} className={`segments ${isCompact ? "compact" : ""}`} style={{ height: virtual.getTotalSize() }}>
      {virtual.getVirtualItems().map((item) => {
        const segment = shown[item.index];
        const number = segment ? (numbers.get(segment.id) ?? 0) : 0;
        const shot = timeline.shots[number - 1];
        return (
          segment && (
            <SegmentCard
              key={segment.id}
              segment={segment}
              number={number}
              total={all.length}
              startS={(shot?.start ?? 0) / timeline.fps}
              isAbout={number - 1 > known}
              top={item.start - offset}
              index={item.index}
              measure={virtual.measureElement}
              canMove={isWhole}
            />
          )
        );
      })}
    </ol>
  );
}

let shower: ((id: number) => void) | null = null;
let revealer: ((id: number) => void) | null = null;
let lastHash = "";

/** Bring a segment into view and focus it. */
export const showSegment = (id: number) => shower?.(id);

/** Bring it into view; the focus stays where it is. */
export const revealSegment = (id: number) => revealer?.(id);
