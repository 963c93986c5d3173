// Which segment a person has scrolled to, so that the preview shows what they look at.

import { useEffect } from "react";
import { usePlayer } from "../narrating/player";
import { setView, useView } from "../page/view";

const CALM_MS = 120;
/** The bars at the top, in pixels. */
const UNDER_BARS = 110;

export function useSeen(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onScroll = () => {
      clearTimeout(timer);
      timer = setTimeout(note, CALM_MS);
    };
    const stop = useView.subscribe((now, before) => {
      if (now.currentId !== before.currentId && now.seenId !== null) setView({ seenId: null });
    });
    addEventListener("scroll", onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      stop();
      removeEventListener("scroll", onScroll);
    };
  }, []);
}

/** Not while something is heard: the preview would fall silent. */
function note(): void {
  if (usePlayer.getState().isPlaying) return;
  const { currentId, seenId } = useView.getState();
  const seen = isInView(document.getElementById(`s-${currentId}`)) ? null : firstInView();
  if (seen !== seenId) setView({ seenId: seen });
}

function isInView(card: Element | null): boolean {
  if (!card) return false;
  const { top, bottom } = card.getBoundingClientRect();
  return bottom > UNDER_BARS + 40 && top < innerHeight - 160;
}

function firstInView(): number | null {
  const cards = [...document.querySelectorAll("li.seg")].map((element) => ({
    card: element,
    place: element.getBoundingClientRect(),
  }));
  cards.sort((one, other) => one.place.top - other.place.top);
  // The first of which more than a strip is left below the bars.
  const found = cards.find(({ place }) => place.bottom > UNDER_BARS + Math.min(90, place.height / 2));
  return found ? Number(found.card.id.slice(2)) : null;
}
