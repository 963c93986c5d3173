// That pictures are looked at otherwise than before; whoever shows them asks again.

import { create } from "zustand";
import { queries } from "../../queries";

export const useFramingNews = create<{ version: number }>(() => ({ version: 0 }));

/** Known framings are dropped, unless `isKnown`: then the tab has the new one already. */
export function noteReframed({ isKnown = false } = {}): void {
  if (!isKnown) queries.removeQueries({ queryKey: ["framing"] });
  useFramingNews.setState(({ version }) => ({ version: version + 1 }));
}
