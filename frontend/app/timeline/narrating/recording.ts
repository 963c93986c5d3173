// The microphone: one recording at a time, for one segment, whatever card is drawn meanwhile.

import { create } from "zustand";
import type { Segment } from "@/lib/types";
import { toast } from "../../ui/toasts";
import { segmentsOf } from "../page/segment-commands";
import { sayLocked } from "../pictures/pictures";
import { stop as stopPlaying } from "./player";
import { sendSound } from "./sounds";

interface Recording {
  segment: number | null;
  /** Until the browser has asked for the microphone. */
  isAsking: boolean;
  startedAt: number;
}

const NOTHING: Recording = { segment: null, isAsking: false, startedAt: 0 };
/** The server takes half an hour. */
const MOST_MS = 29.5 * 60_000;

export const useRecording = create<Recording>(() => NOTHING);

let recorder: MediaRecorder | null = null;
let analyser: AnalyserNode | null = null;
let release: () => void = () => undefined;

/** How loud it is now, 0 to 1: the peak of a twentieth of a second. */
export function level(): number {
  if (!analyser) return 0;
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

export async function startRecording(segment: Segment): Promise<void> {
  const why = refusal(segment);
  if (why === null || useRecording.getState().segment !== null) return;
  if (why) return toast(why, undefined, { isError: true });
  stopPlaying();
  useRecording.setState({ segment: segment.id, isAsking: true });
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: true } });
  } catch (problem) {
    useRecording.setState(NOTHING);
    return toast(notHeard(problem), undefined, { isError: true });
  }
  if (useRecording.getState().segment !== segment.id) {
    for (const track of stream.getTracks()) track.stop();
    return;
  }
  listen(stream, segment);
  useRecording.setState({ isAsking: false, startedAt: Date.now() });
}

/** Empty when it can begin, null when what hinders was said already. */
function refusal(segment: Segment): string | null {
  if (segment.is_locked) {
    sayLocked(segment);
    return null;
  }
  if (typeof MediaRecorder === "undefined" || !navigator.mediaDevices)
    return "This browser records only pages of this computer or over HTTPS.";
  return "";
}

function notHeard(problem: unknown): string {
  const name = problem instanceof DOMException ? problem.name : "";
  if (name === "NotAllowedError")
    return "The browser may not use the microphone. Allow it beside the address, then try again.";
  if (name === "NotFoundError") return "No microphone was found.";
  return "The microphone cannot be used. Another program may have it.";
}

function listen(stream: MediaStream, segment: Segment): void {
  const context = new AudioContext();
  analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  context.createMediaStreamSource(stream).connect(analyser);
  const parts: Blob[] = [];
  const mine = new MediaRecorder(stream);
  recorder = mine;
  mine.ondataavailable = ({ data }) => parts.push(data);
  // A microphone that is pulled out ends it: what was said till then is kept.
  mine.onstop = () => {
    const isWanted = useRecording.getState().segment === segment.id;
    release();
    if (isWanted) void send(segment, new Blob(parts, { type: mine.mimeType }));
  };
  const timer = setTimeout(stopRecording, MOST_MS);
  release = () => {
    clearTimeout(timer);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
    [recorder, analyser] = [null, null];
    useRecording.setState(NOTHING);
  };
  mine.start(1_000);
}

async function send(segment: Segment, sound: Blob): Promise<void> {
  const kind = /mp4/.test(sound.type) ? "m4a" : /ogg/.test(sound.type) ? "ogg" : "webm";
  const now = segmentsOf(segment.project).find((other) => other.id === segment.id) ?? segment;
  await sendSound(now, new File([sound], `recording.${kind}`, { type: sound.type }));
}

export function stopRecording(): void {
  recorder?.stop();
}

/** Nothing of it is kept. */
export function cancelRecording(): void {
  useRecording.setState(NOTHING);
  if (recorder?.state === "recording") recorder.stop();
}
