// What this tab changed, told to the others; they ask the server what it is now.

import { keys, queries, refreshProject } from "../queries";
import { noteReframed } from "../timeline/camera/framing-news";
import { onReturn } from "./server";

type News = { project: number } | { other: "items" | "settings" };

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("storyflow");

export function tellOtherTabs(news: News): void {
  channel?.postMessage(news);
}

export function followOtherTabs(): void {
  channel?.addEventListener("message", ({ data }: MessageEvent<News>) => {
    if ("project" in data) {
      void refreshProject(data.project);
      noteReframed();
      void queries.invalidateQueries({ queryKey: keys.status(data.project) });
    } else void queries.invalidateQueries({ queryKey: data.other === "items" ? keys.items : keys.settings });
  });
  onReturn(() => void queries.invalidateQueries());
}
