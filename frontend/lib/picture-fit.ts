// Whether a picture has enough pixels for the film, and what of it the frame leaves out.

import type { Fit, PictureSize } from "./types";

export interface PictureFacts {
  words: string;
  /** "Soft at 1080p", or null where it is sharp enough. */
  soft: string | null;
}

interface Frame {
  width: number;
  height: number;
  fit: Fit;
}

/** Pixels of the picture for one of the frame: below it the eye sees that it was enlarged. */
const SHARP_STEP = 0.55;
/** Less than this share is not worth a word. */
const NOTICED = 0.015;

export function factsOf({ width, height }: PictureSize, frame: Frame): PictureFacts {
  const [across, down] = [width / frame.width, height / frame.height];
  const isFilled = frame.fit === "cover";
  const step = isFilled ? Math.min(across, down) : Math.max(across, down);
  const soft = step < SHARP_STEP ? `Soft at ${Math.min(frame.width, frame.height)}p` : null;
  const size = `${width.toLocaleString("en")} × ${height.toLocaleString("en")}`;
  const words = soft ? `${size}, ${soft.toLowerCase()}` : `${size}, ${fitWords(across, down, frame)}`;
  return { words: soft ? `${words}${cropWords(across, down, frame)}` : words, soft };
}

function fitWords(across: number, down: number, frame: Frame): string {
  const lost = 1 - Math.min(across, down) / Math.max(across, down);
  if (lost < NOTICED) return `fills ${ratioOf(frame)} without cropping`;
  if (frame.fit !== "cover") return "whole, with borders";
  return `${percent(lost)} cropped ${sides(across, down)} for ${ratioOf(frame)}`;
}

function cropWords(across: number, down: number, frame: Frame): string {
  const lost = 1 - Math.min(across, down) / Math.max(across, down);
  return frame.fit === "cover" && lost >= NOTICED ? `, ${percent(lost)} cropped ${sides(across, down)}` : "";
}

const percent = (share: number) => `${Math.round(share * 100)}%`;
const sides = (across: number, down: number) => (across > down ? "left and right" : "above and below");

const RATIOS = { "16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1, "4:3": 4 / 3, "4:5": 4 / 5, "3:4": 3 / 4 };

function ratioOf({ width, height }: Frame): string {
  const known = Object.entries(RATIOS).find(([, ratio]) => Math.abs(width / height - ratio) < 0.01);
  return known?.[0] ?? "the frame";
}
