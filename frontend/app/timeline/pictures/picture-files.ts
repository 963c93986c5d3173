// Which files are pictures, by what a browser and their names say; the server looks at the bytes.

export const PICTURES = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp,.jfif,.jpe";

export const isPicture = (file: File): boolean =>
  file.type.startsWith("image/") || /\.(jpe?g|png|webp|jfif|jpe|jif|pjpeg|pjp)\s*$/i.test(file.name);

const OTHER_KINDS: [offset: number, beginning: string, name: string][] = [
  [0, "GIF8", "a GIF"],
  [0, "BM", "a BMP"],
  [0, "II*\0", "a TIFF"],
  [0, "MM\0*", "a TIFF"],
  [0, "%PDF", "a PDF"],
  [0, "8BPS", "a Photoshop document"],
  [4, "ftypavi", "an AVIF"],
  [4, "ftyphei", "a HEIC photo"],
  [4, "ftypmif1", "a HEIC photo"],
];

/** For what is plainly of another kind, before it is sent; null for all else, of which the server knows more. */
export async function refusalOf(file: File): Promise<string | null> {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const known = OTHER_KINDS.find(([offset, beginning]) => head.startsWith(beginning, offset));
  return known ? `That is ${known[2]}. JPEG, PNG and WebP can be used.` : null;
}

export const picturesIn = (transfer: DataTransfer | null): File[] => [...(transfer?.files ?? [])].filter(isPicture);
