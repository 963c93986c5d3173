// Listening to a voice: one sample at a time.

import { create } from "zustand";
import { getVoiceSample } from "@/lib/api";
import { toastProblem } from "../ui/toasts";

interface Samples {
  voice: string | null;
  isPlaying: boolean;
}

export const useSamples = create<Samples>(() => ({ voice: null, isPlaying: false }));

const known = new Map<string, string>();
let sound: HTMLAudioElement | null = null;

export function stopSample(): void {
  sound?.pause();
  sound = null;
  useSamples.setState({ voice: null, isPlaying: false });
}

/** Made at the first time, which takes a second or two; then at once. */
export async function playSample(voice: string, mayLeave = false): Promise<void> {
  stopSample();
  useSamples.setState({ voice, isPlaying: false });
  try {
    const url = known.get(voice) ?? URL.createObjectURL(await getVoiceSample(voice, { mayLeave }));
    known.set(voice, url);
    // Another one, or none, was asked for meanwhile.
    if (useSamples.getState().voice !== voice) return;
    const audio = new Audio(url);
    audio.addEventListener("ended", () => sound === audio && stopSample());
    sound = audio;
    await audio.play();
    if (sound === audio) useSamples.setState({ voice, isPlaying: true });
  } catch (problem) {
    if (useSamples.getState().voice !== voice) return;
    stopSample();
    toastProblem("The voice cannot be heard", problem);
  }
}
