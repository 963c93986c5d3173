// Whether the server answers: one poll for the whole tab.

import { create } from "zustand";
import { checkHealth } from "@/lib/api";
import { ApiError } from "@/lib/api-error";

export type Health = "connecting" | "up" | "down";

interface Server {
  health: Health;
  /** Set for three seconds after it came back. */
  wasRestored: boolean;
}

export const useServer = create<Server>(() => ({ health: "connecting", wasRestored: false }));

const CALM_MS = 15_000;
const TRIES_MS = [1_000, 2_000, 5_000, 10_000];
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const returns = new Set<() => void>();

/** Called when the server answers again after it was gone. */
export function onReturn(act: () => void): () => void {
  returns.add(act);
  return () => returns.delete(act);
}

export function watchServer(): void {
  void askNow();
  document.addEventListener("visibilitychange", () => !document.hidden && void askNow());
}

export async function askNow(): Promise<void> {
  clearTimeout(timer);
  try {
    await checkHealth();
    const wasGone = useServer.getState().health === "down" || failures > 0;
    failures = 0;
    useServer.setState({ health: "up", wasRestored: wasGone });
    if (wasGone) {
      for (const act of returns) act();
      setTimeout(() => useServer.setState({ wasRestored: false }), 3_000);
    }
  } catch {
    failures += 1;
    useServer.setState({ health: failures > 1 ? "down" : "connecting", wasRestored: false });
  }
  clearTimeout(timer);
  timer = setTimeout(askNow, failures ? TRIES_MS[Math.min(failures, TRIES_MS.length) - 1] : CALM_MS);
}

/** A request got no answer: find out at once whether that was chance. */
export function noteTrouble(problem: unknown): void {
  if (problem instanceof ApiError && problem.isUnreachable && failures === 0) void askNow();
}

const NOT_ANSWERING = "StoryFlow is not answering.";
export const useRefusal = () => useServer((server) => (server.health === "down" ? NOT_ANSWERING : null));
export const refusalNow = () => (useServer.getState().health === "down" ? NOT_ANSWERING : null);
