"""Pictures damaged in one place, and pictures with content that must not be stored."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from PIL import ExifTags, Image

from proof.corpus.bombs import canvas, chunk, jpeg_with, one_colour_webp, png, riff
from proof.corpus.samples import a_scene, encoded, sample

CUT_OFF, DAMAGED, MANY_PARTS = "cut off", "damaged", "too many parts"


def segment(code: int, body: bytes) -> bytes:
    """A JPEG segment."""
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def scene_of(mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.frombytes("I;16", (60, 40), bytes(range(240)) * 20)
    return a_scene().quantize(32) if mode == "P" else a_scene().convert(mode)


def _png_of(depth: int, colour: int, interlace: int, raw: bytes, size: tuple[int, int] = (8, 8)) -> bytes:
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, interlace)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def deep_png() -> bytes:
    return _png_of(16, 2, 0, (b"\0" + bytes(range(48))) * 8)


def interlaced_png() -> bytes:
    """Adam7: an 8 by 8 grey picture is sent in seven passes of these widths and heights."""
    passes = ((1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4))
    return _png_of(8, 0, 1, b"".join((b"\0" + bytes(range(width))) * height for width, height in passes))


def scripts(script: bytes) -> dict[str, bytes]:
    """Return pictures with a script in place of metadata or after their end, by a description."""
    webp = (b"VP8L", one_colour_webp(9, 9))
    return {
        "a JPEG's comment": jpeg_with(segment(0xFE, script)),
        "a JPEG's EXIF": jpeg_with(segment(0xE1, b"Exif\0\0" + script)),
        "a JPEG's XMP": jpeg_with(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + script)),
        "a JPEG's Photoshop part": jpeg_with(segment(0xED, b"Photoshop 3.0\0" + script)),
        "a JPEG between its segments": jpeg_with(script),
        "a PNG's text": png(9, 9, before=chunk(b"tEXt", b"Comment\0" + script), rows=9),
        "a PNG's long text": png(9, 9, before=chunk(b"iTXt", b"Comment\0\0\0\0\0" + script), rows=9),
        "a PNG's text behind its pixels": png(9, 9, after=chunk(b"tEXt", b"Comment\0" + script), rows=9),
        "a PNG's EXIF": png(9, 9, before=chunk(b"eXIf", script), rows=9),
        "a PNG's private part": png(9, 9, before=chunk(b"prVt", script), rows=9),
        "a WebP's EXIF": riff(canvas(9, 9, flags=8), webp, (b"EXIF", script)),
        "a WebP's XMP": riff(canvas(9, 9, flags=4), webp, (b"XMP ", script)),
        "a WebP's private part": riff(canvas(9, 9), webp, (b"prvt", script)),
    }


def _directory(tag: int, kind: int, count: int, value: int) -> bytes:
    return b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", tag, kind, count, value) + bytes(4)


BROKEN_EXIF: dict[str, bytes] = {
    "is not EXIF": b"nothing of the kind",
    "is empty": b"",
    "ends within its head": b"II*\0\x08",
    "points behind its end": b"II*\0" + struct.pack("<I", 1 << 31),
    "points at itself": b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIII", 0x8769, 4, 1, 8, 8),
    "has four billion values": _directory(0x010F, 2, 0xFFFFFFFF, 8),
    "has an orientation of 200": _directory(0x0112, 3, 1, 200),
    "has a type that does not exist": _directory(0x0112, 99, 1, 1),
    "has 65,535 tags and no room for them": b"MM\0*\0\0\0\x08\xff\xff",
}
BROKEN_ICC: dict[str, bytes] = {
    "is not one": b"nothing of the kind",
    "is empty": b"",
    "says it is 4 GB long": b"\xff\xff\xff\xff" + bytes(124),
    "is 128 zeros": bytes(128),
}


def _png_without(kind: bytes) -> bytes:
    whole, kept, position = sample("PNG"), [sample("PNG")[:8]], 8
    while position < len(whole):
        end = position + 12 + int.from_bytes(whole[position : position + 4], "big")
        if whole[position + 4 : position + 8] != kind:
            kept.append(whole[position:end])
        position = end
    return b"".join(kept)


def _jpeg_without(code: int) -> bytes:
    whole = sample("JPEG baseline")
    at = whole.index(bytes([0xFF, code]))
    return whole[:at] + whole[at + 2 + int.from_bytes(whole[at + 2 : at + 4], "big") :]


def _jpeg_scan_replaced(by: bytes) -> bytes:
    whole = sample("JPEG baseline")
    at = whole.index(b"\xff\xda") + 14
    return whole[:at] + by + b"\xff\xd9"


def _webp_saying(size_bytes: int) -> bytes:
    whole = sample("WebP lossy")
    return whole[:4] + struct.pack("<I", size_bytes) + whole[8:]


def _webp_with_a_swollen_frame() -> bytes:
    """An animation whose last frame reaches into the EXIF behind it: decoders show the frames before it, but find none
    any more once the rest was dropped from what is stored.
    """
    frames, exif = [a_scene((40, 30), seed) for seed in (1, 2)], Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    whole = bytearray(encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:], exif=exif))
    at = whole.rindex(b"ANMF") + 4
    whole[at : at + 4] = struct.pack("<I", int.from_bytes(whole[at : at + 4], "little") + 12)
    return bytes(whole)


# What → (the file, part of the sentence that refuses it, or None). Where pixels are merely missing, all decoders
# fill up with what they have.
DAMAGED: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "PNG whose header's checksum is wrong": (lambda: _flipped(sample("PNG"), 30), DAMAGED),
    "PNG whose pixels' checksum is wrong": (lambda: _flipped(sample("PNG"), len(sample("PNG")) // 2), DAMAGED),
    "PNG without a header": (lambda: _png_without(b"IHDR"), DAMAGED),
    "PNG without pixels": (lambda: _png_without(b"IDAT"), DAMAGED),
    "PNG without an end": (lambda: _png_without(b"IEND"), CUT_OFF),
    "PNG with its end first": (lambda: sample("PNG")[:8] + chunk(b"IEND", b"") + sample("PNG")[8:], DAMAGED),
    "PNG whose pixels are garbage": (lambda: png(9, 9, before=chunk(b"IDAT", b"garbage" * 9)), DAMAGED),
    "PNG with too few rows": (lambda: png(9, 9, rows=2), None),
    "PNG of 3 bits": (lambda: _png_of(3, 0, 0, bytes(72)), DAMAGED),
    "PNG of colour type 5": (lambda: _png_of(8, 5, 0, bytes(72)), DAMAGED),
    "PNG with a chunk of 4 GB": (lambda: sample("PNG")[:33] + b"\xff\xff\xff\xff" + sample("PNG")[37:], CUT_OFF),
    "JPEG without a frame": (lambda: _jpeg_without(0xC0), DAMAGED),
    "JPEG of only zeros after its head": (lambda: sample("JPEG baseline")[:20] + bytes(4000), CUT_OFF),
    "JPEG of only a head and an end": (lambda: sample("JPEG baseline")[:20] + b"\xff\xd9", DAMAGED),
    "JPEG with a segment of length 0": (lambda: jpeg_with(b"\xff\xe1\0\0"), DAMAGED),
    "JPEG with a segment longer than the file": (lambda: jpeg_with(b"\xff\xe1\xff\xff"), CUT_OFF),
    "JPEG with a marker that does not exist": (lambda: jpeg_with(b"\xff\x4f\0\2"), DAMAGED),
    "JPEG without pixels": (lambda: _jpeg_scan_replaced(b""), None),
    "WebP that says it is longer": (lambda: _webp_saying(1 << 20), CUT_OFF),
    "WebP that says it is empty": (lambda: _webp_saying(4), DAMAGED),
    "WebP with a frame that reaches into the next part": (_webp_with_a_swollen_frame, DAMAGED),
    "WebP of 600,000 parts": (lambda: riff(canvas(9, 9), *[(b"prvt", b"")] * 600_000), MANY_PARTS),
    "WebP of only a head": (lambda: riff((b"VP8X", bytes(10))), DAMAGED),
    "WebP whose pixels are garbage": (lambda: riff((b"VP8L", b"\x2f" + b"garbage" * 30)), DAMAGED),
    "WebP of an unknown kind": (lambda: riff((b"VP9 ", bytes(100))), DAMAGED),
    "WebP with a canvas of another size": (
        lambda: riff(canvas(100, 100), (b"VP8L", one_colour_webp(9, 9))),
        DAMAGED,
    ),
}
