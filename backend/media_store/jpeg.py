"""A walk over the markers of a JPEG (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from typing import NamedTuple

from media_store.errors import CUT_OFF, DAMAGED, TOO_MANY_PARTS, InvalidPicture

# Pillow joins EXIF segments one by one and copies them each time. A file of 20 MB holds 320 segments of full size.
MAX_SEGMENTS = 500
# A decoder goes over all pixels once for each scan, even for a scan of few bytes. Programs write about ten scans.
MAX_SCANS = 100
# Pillow skips bytes between segments one by one.
MAX_JUNK_BYTES = 65_536

# Any marker except stuffed bytes, fill bytes and restart markers (B.1.1).
MARKER = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
EOI, SOS, APP1 = 0xD9, 0xDA, 0xE1
END = bytes((0xFF, EOI))
_APP0, _APP2, _APP14 = 0xE0, 0xE2, 0xEE
_APPLICATION_OR_COMMENT = frozenset({*range(0xE0, 0xF0), 0xFE})
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Huffman-coded and not progressive: baseline and extended sequential (table B.1).
_SEQUENTIAL = frozenset({0xC0, 0xC1})
_SEGMENTS = _FRAMES | {0xC4, 0xCC, *range(0xDA, 0xE0)} | _APPLICATION_OR_COMMENT


class Structure(NamedTuple):
    """The result of a walk over a JPEG.

    ``size`` is (width, height) in pixels. ``has_no_metadata`` is true when the file holds nothing that
    ``without_metadata`` would remove. ``header_bytes`` is the length of the header that decides whether the picture
    can be decoded; 0 means that the decoder has to read the whole file.

    In a sequential JPEG of one scan the header ends where the coded data of the scan begin. libjpeg raises no error
    within that data: an unknown code causes a warning, and bits that are missing before the marker that ends the scan
    count as zero (libjpeg-turbo, jdhuff.c). Therefore Pillow loads such a picture if and only if Pillow loads the
    header followed by an EOI marker and the walk has found the EOI marker of the file. A comparison of 60,000 damaged
    files found no difference (docs/how-fast.md). Decoding the scan would be most of the cost of an upload.
    """

    size: tuple[int, int]
    header_bytes: int
    has_no_metadata: bool


def structure_of(data: bytes) -> Structure:
    """Walk over the markers to the end of the first image, and ignore the bytes after it. Raises ``InvalidPicture``."""
    size, frame, scans, parts, junk, position, header_bytes, has_no_metadata = (0, 0), (0, 0), 0, 0, 0, 2, 0, True
    while marker := MARKER.search(data, position):
        code, start = data[marker.end() - 1], marker.end()
        if code == EOI and scans:
            # Only if the EOI marker directly follows the one scan can there be no other bytes before it.
            return Structure(size, header_bytes, has_no_metadata and header_bytes > 0 and start == len(data))
        length = _number(data, start, 2)
        if code not in _SEGMENTS or length < 2:
            raise InvalidPicture(details=DAMAGED)
        if code in _FRAMES:
            size = _number(data, start + 5, 2), _number(data, start + 3, 2)
            # With two frames, the code -1 makes Pillow decode the whole file.
            frame = (code, _number(data, start + 7, 1)) if frame == (0, 0) else (code, -1)
        has_no_metadata = (
            has_no_metadata and marker.start() == position and is_needed(code, data[start + 2 : start + length])
        )
        junk += 0 if scans else marker.start() - position
        scans += code == SOS
        parts += code != SOS
        if scans > MAX_SCANS or parts > MAX_SEGMENTS or junk > MAX_JUNK_BYTES:
            raise InvalidPicture(details=TOO_MANY_PARTS)
        position = start + length
        has_all = code == SOS and scans == 1 and frame[0] in _SEQUENTIAL and frame[1] == _number(data, start + 2, 1)
        # A segment after the scan resets it to 0: then Pillow decodes the whole file.
        header_bytes = position if has_all else 0
    raise InvalidPicture(details=CUT_OFF)


def is_needed(code: int, payload: bytes) -> bool:
    """Return whether a segment affects how the pixels look: all but comments and application data.

    Of the application data, JFIF, the ICC profile and Adobe's colour transform do so.
    """
    return (
        code not in _APPLICATION_OR_COMMENT
        or (code == _APP0 and payload.startswith(b"JFIF\0"))
        or (code == _APP2 and payload.startswith(b"ICC_PROFILE\0"))
        or (code == _APP14 and payload.startswith(b"Adobe"))
    )


def _number(data: bytes, position: int, length: int) -> int:
    return int.from_bytes(data[position : position + length], "big")
