// The text of a file in the encodings that people save stories in; the same rules as backend/api/text_decoding.py.

/** Null where it is none of them. */
export async function textOf(file: Blob): Promise<string | null> {
  return decoded(new Uint8Array(await file.arrayBuffer()));
}

export function decoded(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return as("utf-16le", bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return as("utf-16be", bytes);
  if (bytes.includes(0)) return plainUtf16(bytes);
  return as("utf-8", bytes) ?? western(bytes);
}

function as(encoding: string, bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** Without a mark at its start, by where the zeros of its Latin letters stand. */
function plainUtf16(bytes: Uint8Array): string | null {
  const zeros = [0, 0];
  bytes.forEach((byte, place) => {
    if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const half = bytes.length / 2;
  if (odd > half / 2 && even < half / 100 + 1) return as("utf-16le", bytes);
  if (even > half / 2 && odd < half / 100 + 1) return as("utf-16be", bytes);
  return null;
}

/** Windows-1252, where letters beyond ASCII are few and stand alone, as in the languages that it was made for. */
function western(bytes: Uint8Array): string | null {
  let high = 0;
  let letters = 0;
  let run = 0;
  for (const byte of bytes) {
    if ([0x81, 0x8d, 0x8f, 0x90, 0x9d, 0x7f].includes(byte)) return null;
    if (byte < 32 && ![9, 10, 12, 13].includes(byte)) return null;
    const isHigh = byte >= 0xc0;
    run = isHigh ? run + 1 : 0;
    if (run > 2) return null;
    if (isHigh) high += 1;
    if (isHigh || (byte | 32) >= 97) letters += (byte | 32) <= 122 || isHigh ? 1 : 0;
  }
  return high <= letters / 3 ? new TextDecoder("windows-1252").decode(bytes) : null;
}
