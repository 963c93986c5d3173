import type { Fit } from "@/lib/types";

export const FITS: Record<Fit, string> = {
  cover: "Fill the frame",
  contain: "Whole, on black",
  "contain-blur": "Whole, on a blur",
};
