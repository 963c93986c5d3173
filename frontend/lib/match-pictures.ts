// Decides from file names alone which picture belongs to which segment; as backend/api/picture_matching.py does.

const PICTURE = /\.(jpe?g|png|webp|jfif|jpe|jif|pjpeg|pjp)\s*$/i;
const PLACE = /^\s*(?:\p{L}+[\s_.-]*)?0*(\d{1,9})(?!\d)/u;

export interface Match<Named> {
  /** Position in the story, from 0. */
  index: number;
  file: Named;
}

/**
 * By number where all names agree on one, else in natural order from `first` on; numbers count only when every picture
 * has one, no two the same, none beyond the story.
 */
export function matchPictures<Named extends { name: string }>(
  files: Named[],
  segmentCount: number,
  free: number[],
): { matches: Match<Named>[]; unmatched: Named[]; byNumber: boolean } {
  const pictures = files.filter(({ name }) => !name.startsWith(".") && PICTURE.test(name)).sort(naturally);
  const places = pictures.map(({ name }) => Number(PLACE.exec(name)?.[1] ?? 0));
  const isNumbering =
    new Set(places).size === places.length && places.every((place) => place >= 1 && place <= segmentCount);
  const targets = isNumbering ? places.map((place) => place - 1) : free;
  const matches = pictures.flatMap((file, order) => {
    const index = targets[order];
    return index === undefined ? [] : [{ index, file }];
  });
  return { matches, unmatched: pictures.slice(matches.length), byNumber: isNumbering };
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const naturally = (one: { name: string }, other: { name: string }) => collator.compare(one.name, other.name);
