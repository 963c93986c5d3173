"""Matching of pictures to segments by their file names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".jfif", ".jpe", ".jif", ".pjpeg", ".pjp"})

_PIECE = re.compile(r"([^0-9]*)([0-9]*)")
# No story has more segments than nine digits can count, and "20260131120000.jpg" must not be read as a number.
_PLACE = re.compile(r"\s*(?:[^\W\d_]+[\s_.-]*)?0*([0-9]{1,9})(?![0-9])")

NaturalKey = tuple[tuple[tuple[str, int, str], ...], str, str]


@dataclass(frozen=True)
class Matching:
    """``by_segment`` maps a segment's position (from 0) to a file name; ``unmatched`` are the other names."""

    by_segment: dict[int, str]
    unmatched: list[str]


def match_pictures(names: list[str], segment_count: int) -> Matching:
    """Match pictures to segments by the number in the file name, or in natural order of the names.

    ``3-forest.jpg``, ``03 forest.png`` and ``segment_3.webp`` all mean the third segment. Numbers are used only if
    every picture has one, all are different and none exceeds ``segment_count``: an incomplete numbering was more
    likely made by a camera than by a person. Hidden files and names without a picture suffix are ignored.
    """
    pictures = sorted(filter(_is_picture, names), key=natural_key)
    places = [_place(name) for name in pictures]
    is_numbering = len(set(places)) == len(places) and all(1 <= place <= segment_count for place in places)
    if is_numbering:
        return Matching({place - 1: name for place, name in zip(places, pictures, strict=True)}, [])
    return Matching(dict(enumerate(pictures[:segment_count])), pictures[segment_count:])


def natural_key(name: str) -> NaturalKey:
    """Return a sort key that puts ``2.jpg`` before ``10.jpg`` and ignores upper and lower case."""
    path = PurePosixPath(name)
    # Numbers are compared by their length without leading zeros, then by their digits: int() refuses long numbers.
    pieces = ((words.casefold(), digits.lstrip("0")) for words, digits in _PIECE.findall(path.stem))
    # The suffix is separate so that "dog.jpg" precedes "dog2.jpg". The full name decides between "3.jpg" and "03.jpg".
    return tuple((words, len(digits), digits) for words, digits in pieces), path.suffix.casefold(), name


def _is_picture(name: str) -> bool:
    # macOS writes a "._3-forest.jpg" beside the real file on other file systems and in zip files.
    return not name.startswith(".") and PurePosixPath(name.rstrip()).suffix.lower() in PICTURE_SUFFIXES


def _place(name: str) -> int:
    """Return the number that a name starts with, counted from 1; 0 if the name has none."""
    found = _PLACE.match(name)
    return int(found[1]) if found else 0
