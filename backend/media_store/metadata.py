"""Removal of metadata from pictures: location, serial numbers, previews, comments.

Coded pixels, ICC profile and orientation stay. Only the container is changed, nothing is decoded, so that the coded
pixels keep their bytes. Data after the end of the picture (a second image, an archive, a page) is removed too.
"""

from __future__ import annotations

import struct
import zlib
from typing import Literal

from media_store import jpeg
from media_store.pictures import content_type_of

_ORIENTATION_TAG = 0x0112
_LONG = 4  # the TIFF type of four bytes; the usual type of this tag is SHORT

# The chunks that affect how the pixels look, and the frames of an animation (PNG, third edition).
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_HAS_EXIF, _WEBP_HAS_XMP = 0x08, 0x04


def without_metadata(data: bytes) -> bytes:
    """Return the picture without its metadata; the same bytes if it has none, or is no JPEG, PNG or WebP."""
    match content_type_of(data[:12]):
        case "image/jpeg":
            return _clean_jpeg(data)
        case "image/png":
            return _clean_png(data)
        case "image/webp":
            return _clean_webp(data)
    return data


def exif_orientation(exif: bytes) -> int:
    """Return the orientation, 1 to 8, of raw EXIF: tag 0x0112 of the first directory (TIFF 6.0, section 2), else 1.

    Only this tag is read. An EXIF parser copies the value of every tag, and the values of hostile tags overlap.
    """
    tiff = exif.removeprefix(b"Exif\0\0")
    order: Literal["little", "big"] = "little" if tiff.startswith(b"II") else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(tiff[at : at + length], order)

    tags = number(4, 4) + 2
    for tag in range(tags, min(tags + 12 * number(tags - 2, 2), len(tiff) - 11), 12):
        if number(tag, 2) == _ORIENTATION_TAG:
            value = number(tag + 8, 4 if number(tag + 2, 2) == _LONG else 2)
            return value if 1 <= value <= 8 else 1
    return 1


def _only_orientation(orientation: int) -> bytes:
    """Return EXIF with no other tag: a little-endian TIFF with one directory of one tag."""
    return struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, _ORIENTATION_TAG, 3, 1, orientation, 0, 0)


def _clean_jpeg(data: bytes) -> bytes:
    kept, orientation, position = [data[:2]], 1, 2
    while marker := jpeg.MARKER.search(data, position):
        code, start = data[marker.end() - 1], marker.end()
        if code == jpeg.EOI:
            kept.append(data[marker.start() : start])
            break
        end = start + int.from_bytes(data[start : start + 2], "big")
        payload = data[start + 2 : end]
        if code == jpeg.APP1 and payload.startswith(b"Exif\0\0"):
            orientation = exif_orientation(payload)
        if code == jpeg.SOS:
            following = jpeg.MARKER.search(data, end)
            end = following.start() if following else len(data)
        if jpeg.is_needed(code, payload):
            kept.append(data[marker.start() : end])
        position = end
    if orientation != 1:
        exif = b"Exif\0\0" + _only_orientation(orientation)
        has_jfif = len(kept) > 1 and kept[1].startswith(b"\xff\xe0")
        kept.insert(2 if has_jfif else 1, b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif)
    return b"".join(kept)


def _clean_png(data: bytes) -> bytes:
    kept, orientation, position = [data[:8]], 1, 8
    while position + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if kind == b"eXIf":
            orientation = exif_orientation(data[position + 8 : end - 4])
        if kind in _PNG_KEPT:
            kept.append(data[position:end])
        position = end
        if kind == b"IEND":
            break
    if orientation != 1:
        body = b"eXIf" + _only_orientation(orientation)
        kept.insert(2, struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    return b"".join(kept)


def _clean_webp(data: bytes) -> bytes:
    stop = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    kept: list[bytes] = []
    orientation, position = 1, 12
    while position + 8 <= stop:
        kind, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length
        if kind == b"EXIF":
            orientation = exif_orientation(data[position + 8 : end])
        if kind in _WEBP_KEPT:
            kept.append(data[position:end] + bytes(length % 2))
        position = end + length % 2
    if orientation != 1:
        exif = _only_orientation(orientation)
        kept.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
    body = b"".join(_with_flags(chunk, has_exif=orientation != 1) for chunk in kept)
    return data[:4] + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _with_flags(chunk: bytes, *, has_exif: bool) -> bytes:
    """Return the chunk; in the extended header, set the EXIF flag to ``has_exif`` and clear the XMP flag."""
    if not chunk.startswith(b"VP8X"):
        return chunk
    flags = chunk[8] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP) | (_WEBP_HAS_EXIF if has_exif else 0)
    return chunk[:8] + bytes([flags]) + chunk[9:]
