// One voice at a time: the narration that plays, and where it is; those who show it listen without React.

import { create } from "zustand";
import type { Segment } from "@/lib/types";
import { toast } from "../../ui/toasts";

interface Playing {
  id: number | null;
  isPlaying: boolean;
}

export const usePlayer = create<Playing>(() => ({ id: null, isPlaying: false }));

type Listener = (seconds: number) => void;
const listeners = new Set<Listener>();
let audio: HTMLAudioElement | undefined;
let frame = 0;
let queue: Segment[] = [];

function sound(): HTMLAudioElement {
  if (!audio) {
    audio = new Audio();
    audio.preload = "auto";
    audio.addEventListener("ended", playNext);
    audio.addEventListener("error", () => {
      if (!usePlayer.getState().isPlaying) return;
      stop();
      toast("This narration cannot be played.", undefined, { isError: true });
    });
  }
  return audio;
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  const now = sound().currentTime;
  for (const listener of listeners) listener(now);
  if (usePlayer.getState().isPlaying) frame = requestAnimationFrame(tell);
}

/** `further`: what is played when this one is over. */
export function play(segment: Segment, further: Segment[] = [], from?: number): void {
  if (!segment.audio_file) return;
  queue = further;
  const it = sound();
  const isSame = usePlayer.getState().id === segment.id && it.src.endsWith(segment.audio_file);
  if (!isSame) it.src = `${segment.audio_file}?v=${encodeURIComponent(segment.updated_at)}`;
  if (from !== undefined) it.currentTime = from;
  else if (!isSame || it.ended) it.currentTime = 0;
  usePlayer.setState({ id: segment.id, isPlaying: true });
  void it.play().catch(() => undefined);
  cancelAnimationFrame(frame);
  tell();
}

export function pause(): void {
  sound().pause();
  usePlayer.setState({ isPlaying: false });
}

export function stop(): void {
  queue = [];
  sound().pause();
  usePlayer.setState({ id: null, isPlaying: false });
}

export function toggle(segment: Segment, further: Segment[] = []): void {
  const { id, isPlaying } = usePlayer.getState();
  if (id === segment.id && isPlaying) pause();
  else play(segment, further);
}

export function seek(segment: Segment, seconds: number): void {
  if (usePlayer.getState().id === segment.id) {
    sound().currentTime = seconds;
    tell();
  } else play(segment, [], seconds);
}

export const playedS = () => sound().currentTime;

function playNext(): void {
  const next = queue.find((segment) => segment.audio_file);
  if (next) play(next, queue.slice(queue.indexOf(next) + 1));
  else stop();
}
