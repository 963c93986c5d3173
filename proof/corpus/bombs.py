"""Small files that would use much memory or time when decoded."""

from __future__ import annotations

import struct
import zlib

from PIL import Image

from proof.corpus.samples import encoded, sample

MIB = 1024 * 1024


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *, before=b"", after=b"", rows=1):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(rows * (width + 1)))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + before + chunk(b"IDAT", pixels) + after + chunk(b"IEND", b"")


def packed(size_bytes):
    return zlib.compress(bytes(size_bytes), 9)


def riff(*chunks):
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def one_colour_webp(width, height):
    """A lossless WebP of one colour, whose few bytes are the same for every size."""
    body = bytearray(encoded(Image.new("RGB", (16, 16), "red"), "WEBP", lossless=True)[20:])
    bits = int.from_bytes(body[1:5], "little") & ~0xFFFFFFF
    body[1:5] = (bits | (width - 1) | (height - 1) << 14).to_bytes(4, "little")
    return bytes(body)


def canvas(width, height, flags=0):
    return b"VP8X", bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def many_webp_frames(count):
    place = bytes(6) + (999).to_bytes(3, "little") * 2 + (40).to_bytes(3, "little") + b"\0"
    image = one_colour_webp(1000, 1000)
    frame = place + b"VP8L" + struct.pack("<I", len(image)) + image + bytes(len(image) % 2)
    return riff(canvas(1000, 1000, flags=2), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * count)


def many_png_frames(count):
    pixels, frames = zlib.compress(bytes(1000 * 1001)), []
    for number in range(count):
        control = struct.pack(">IIIIIHHBB", max(0, 2 * number - 1), 1000, 1000, 0, 0, 1, 25, 0, 0)
        data = chunk(b"fdAT", struct.pack(">I", 2 * number) + pixels) if number else chunk(b"IDAT", pixels)
        frames.append(chunk(b"fcTL", control) + data)
    first = png(1000, 1000)[:33]
    return first + chunk(b"acTL", struct.pack(">II", count, 0)) + b"".join(frames) + chunk(b"IEND", b"")


def jpeg_with(segments):
    jpeg, after_jfif = sample("JPEG baseline"), 20
    return jpeg[:after_jfif] + segments + jpeg[after_jfif:]


def exif_bomb(tags, size_bytes):
    """Return EXIF in which the value of every tag is the same range of bytes, the whole file."""
    entries = b"".join(struct.pack(">HHII", tag, 7, size_bytes - 8, 8) for tag in range(tags))
    return (b"MM\0*" + struct.pack(">IH", 8, tags) + entries).ljust(size_bytes, b"\0")


def jpeg_with_exif_bomb():
    exif, jpeg = exif_bomb(60_000, 4 * MIB), sample("JPEG baseline")
    parts = [b"Exif\0\0" + exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part for part in parts)
    return jpeg[:2] + segments + jpeg[20:]


def jpeg_of_many_scans():
    jpeg = sample("JPEG progressive")
    last_scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last_scan * 2000 + jpeg[-2:]


BOMBS = {
    "PNG of 50,000 by 50,000": lambda: png(50_000, 50_000),
    "PNG of 8,000 by 8,000": lambda: png(8_000, 8_000, rows=8_000),
    "PNG one pixel too wide": lambda: png(16_385, 1),
    "PNG one pixel too high": lambda: png(1, 16_385, rows=16_385),
    "PNG with a second header": lambda: png(10, 10, before=png(60_000, 60_000)[8:33]),
    "JPEG one pixel too wide": lambda: encoded(Image.new("L", (16_385, 1)), "JPEG"),
    "JPEG of 65,500 by 65,500": lambda: encoded(Image.new("L", (16, 16)), "JPEG").replace(
        b"\x08\0\x10\0\x10", b"\x08\xff\xdc\xff\xdc"
    ),
    "WebP as large as can be": lambda: riff((b"VP8L", one_colour_webp(16_383, 16_383))),
    "WebP of 81 megapixels": lambda: riff(canvas(9_000, 9_000), (b"VP8L", one_colour_webp(9_000, 9_000))),
    "WebP canvas larger than its picture": lambda: riff(canvas(1 << 24, 1 << 24), (b"VP8L", one_colour_webp(9, 9))),
    "zTXt of 64 MB before the pixels": lambda: png(10, 10, before=chunk(b"zTXt", b"a\0\0" + packed(64 * MIB)), rows=10),
    "zTXt of 64 MB after the pixels": lambda: png(10, 10, after=chunk(b"zTXt", b"a\0\0" + packed(64 * MIB)), rows=10),
    "iTXt of 64 MB": lambda: png(10, 10, before=chunk(b"iTXt", b"a\0\1\0\0\0" + packed(64 * MIB)), rows=10),
    "ICC profile of 64 MB": lambda: png(10, 10, before=chunk(b"iCCP", b"a\0\0" + packed(64 * MIB)), rows=10),
    "10,000 ICC profiles": lambda: png(10, 10, before=chunk(b"iCCP", b"a\0\0" + packed(MIB - 1)) * 10_000, rows=10),
    "a million PNG chunks": lambda: png(10, 10, before=chunk(b"teSt", b"") * 1_000_000, rows=10),
    "a million EXIF segments": lambda: jpeg_with(b"\xff\xe1\0\x10Exif\0\0 growing" * 1_000_000),
    "zeros between JPEG segments": lambda: jpeg_with(bytes(20 * MIB)),
    "2,000 JPEG scans": jpeg_of_many_scans,
}
# Pictures all the same: only the first frame is decoded, and Pillow reads no more EXIF than the file has bytes.
DEFUSED = {
    "PNG of 5,000 frames": lambda: many_png_frames(5_000),
    "WebP of 50,000 frames": lambda: many_webp_frames(50_000),
    "JPEG with 240 GB of EXIF": jpeg_with_exif_bomb,
    "PNG with 60 GB of EXIF": lambda: png(10, 10, before=chunk(b"eXIf", exif_bomb(60_000, MIB)), rows=10),
    "WebP with 60 GB of EXIF": lambda: riff(
        canvas(9, 9, flags=8), (b"VP8L", one_colour_webp(9, 9)), (b"EXIF", exif_bomb(60_000, MIB))
    ),
}
