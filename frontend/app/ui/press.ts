/** Call `end` once when the pointer that is pressed now is let go or taken away; before anything on the page is told. */
export function whenPressEnds(end: () => void): void {
  const ended = new AbortController();
  const once = () => {
    ended.abort();
    end();
  };
  for (const type of ["pointerup", "pointercancel"])
    window.addEventListener(type, once, { capture: true, signal: ended.signal });
}
