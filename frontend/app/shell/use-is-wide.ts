import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 900px)";

const subscribe = (onChange: () => void) => {
  const media = matchMedia(WIDE);
  media.addEventListener("change", onChange);
  return () => media.removeEventListener("change", onChange);
};

/** Whether there is room for the preview beside the list. */
export const useIsWide = () => useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches);
