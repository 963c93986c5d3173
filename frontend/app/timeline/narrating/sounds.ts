// A person's own recording on its way to a segment, as a file or from the microphone.

import * as api from "@/lib/api";
import { ApiError } from "@/lib/api-error";
import type { Segment } from "@/lib/types";
import { putSegment, queries } from "../../queries";
import { toast, toastProblem } from "../../ui/toasts";
import { recordStep } from "../../undo";
import { newestSound } from "../../undo-commands";
import { numberOf } from "../page/segment-commands";
import { sayLocked } from "../pictures/pictures";
import { saveAll } from "../saving/saving";
import { useNarrating } from "./narrating-state";

export const SOUNDS = "audio/*,.wav,.mp3,.flac,.m4a,.aac,.aif,.aiff,.ogg,.opus,.oga,.webm";
const MAX_BYTES = 200 * 1024 * 1024;

export const isSound = (file: File): boolean =>
  file.type.startsWith("audio/") || /\.(wav|mp3|flac|m4a|aac|aiff?|ogg|oga|opus|weba?)\s*$/i.test(file.name);

/** Its words are found in the sound by the text that the server has. */
export async function sendSound(segment: Segment, file: File): Promise<boolean> {
  const { id, project } = segment;
  if (segment.is_locked) {
    sayLocked(segment);
    return false;
  }
  const number = numberOf(segment);
  if (file.size > MAX_BYTES) {
    toast(`That sound is ${Math.round(file.size / 1024 / 1024)} MB. Recordings up to 200 MB can be used.`, undefined, {
      isError: true,
    });
    return false;
  }
  const show = (words: string | null) =>
    useNarrating.setState(({ bySegment }) => ({
      bySegment: { ...bySegment, [id]: words ? { state: "busy", words, task: "" } : undefined },
    }));
  show("Sending your recording…");
  try {
    await saveAll();
    const onProgress = (share: number) =>
      show(share < 1 ? `Sending, ${Math.round(share * 100)}%` : "Finding its words…");
    putSegment(await api.uploadSegmentAudio(id, file, { onProgress }));
    void queries.invalidateQueries({ queryKey: ["words"] });
    const entry = segment.audio_file ? await newestSound(project, id) : null;
    recordStep(project, {
      words: `Your recording is the narration of segment ${number}`,
      commands: [{ do: "sound", segment: id, entry }],
    });
    return true;
  } catch (problem) {
    if (!(problem instanceof ApiError && problem.isCancelled)) toastProblem("The recording was not used", problem);
    return false;
  } finally {
    show(null);
  }
}
