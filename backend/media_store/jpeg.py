"""A JPEG from marker to marker (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import NamedTuple

from media_store.errors import CUT_OFF, DAMAGED, TOO_MANY_PARTS, InvalidPicture

# Pillow joins EXIF segments one by one, copying each time. A file of 20 MB holds 320 segments of full size.
MAX_SEGMENTS = 500
# Each scan costs a walk over the whole picture, however few bytes it has; programs write about ten.
MAX_SCANS = 100
# Pillow steps over bytes between segments one by one.
MAX_JUNK_BYTES = 65_536

# A marker that is neither a stuffed byte, nor fill, nor a restart (B.1.1).
MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
EOI, SOS, APP1 = 0xD9, 0xDA, 0xE1
END = bytes((0xFF, EOI))
_APP0, _APP2, _APP14 = 0xE0, 0xE2, 0xEE
_APPLICATION_OR_COMMENT = frozenset({*range(0xE0, 0xF0), 0xFE})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# With Huffman codes, and each block complete where it stands: baseline and extended sequential (table B.1).
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_SEGMENTS = _FRAMES | {0xC4, 0xCC, *range(0xDA, 0xE0)} | _APPLICATION_OR_COMMENT


class Structure(NamedTuple):
    """``size`` is width and height; ``is_bare`` when the file holds nothing but what decides how the pixels look.

    ``deciding`` is how many bytes decide whether the picture can be decoded, 0 for all. In a sequential JPEG of one
    scan they are those before the scan: within it nothing is an error to libjpeg. A code that does not exist gets a
    warning, and what is missing before the marker that ends the scan counts as zero (libjpeg-turbo, jdhuff.c). So
    Pillow loads such a picture exactly when it loads its head with the end of the picture right behind it, and the
    walk has found that end. Reading every coded bit as well would be most of the cost of an upload.
    """

    size: tuple[int, int]
    deciding: int
    is_bare: bool


def structure_of(data: bytes) -> Structure:
    """Walk up to the end of the first image; bytes behind it are let be. Raises ``InvalidPicture``."""
    size, frame, scans, parts, junk, position, deciding, is_bare = (0, 0), (0, 0), 0, 0, 0, 2, 0, True
    while marker := MARKER.search(data, position):
        code, start = data[marker.end() - 1], marker.end()
        if code == EOI and scans:
            # Between a later segment and the end there may be anything; of a scan with its end behind it there is not.
            return Structure(size, deciding, is_bare and deciding > 0 and start == len(data))
        length = _number(data, start, 2)
        if code not in _SEGMENTS or length < 2:
            raise InvalidPicture(details=DAMAGED)
        if code in _FRAMES:
            size = _number(data, start + 5, 2), _number(data, start + 3, 2)
            # Of two frames, Pillow itself is asked what it makes of them.
            frame = (code, _number(data, start + 7, 1)) if frame == (0, 0) else (code, -1)
        is_bare = is_bare and marker.start() == position and is_needed(code, data[start + 2 : start + length])
        junk += 0 if scans else marker.start() - position
        scans += code == SOS
        parts += code != SOS
        if scans > MAX_SCANS or parts > MAX_SEGMENTS or junk > MAX_JUNK_BYTES:
            raise InvalidPicture(details=TOO_MANY_PARTS)
        position = start + length
        has_all = code == SOS and scans == 1 and frame[0] in _SEQUENTIAL and frame[1] == _number(data, start + 2, 1)
        # Whatever else follows the scan is for Pillow to judge.
        deciding = position if has_all else 0
    raise InvalidPicture(details=CUT_OFF)


def is_needed(code: int, payload: bytes) -> bool:
    """Of what programs write, JFIF, the ICC profile, and Adobe's word on the colours decide how the pixels look."""
    return (
        code not in _APPLICATION_OR_COMMENT
        or (code == _APP0 and payload.startswith(b"JFIF\0"))
        or (code == _APP2 and payload.startswith(b"ICC_PROFILE\0"))
        or (code == _APP14 and payload.startswith(b"Adobe"))
    )


def _number(data: bytes, position: int, length: int) -> int:
    return int.from_bytes(data[position : position + length], "big")
