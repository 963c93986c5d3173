"""Decides from file names alone which picture belongs to which segment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".jfif", ".jpe", ".jif", ".pjpeg", ".pjp"})

_PIECE = re.compile(r"([^0-9]*)([0-9]*)")
# Nine digits are more segments than any story has, and keep "20260131120000.jpg" from being taken for a place.
_PLACE = re.compile(r"\s*(?:[^\W\d_]+[\s_.-]*)?0*([0-9]{1,9})(?![0-9])")

NaturalKey = tuple[tuple[tuple[str, int, str], ...], str, str]


@dataclass(frozen=True)
class Matching:
    """``by_segment`` maps a segment's position, counted from 0, to a file name; ``unmatched`` found no segment."""

    by_segment: dict[int, str]
    unmatched: list[str]


def match_pictures(names: list[str], segment_count: int) -> Matching:
    """Give each segment its picture by number where the names agree on one, else in natural order.

    ``3-forest.jpg``, ``03 forest.png`` and ``segment_3.webp`` all say third segment. Numbers count only when every
    picture has one, no two the same, none beyond the story: half a numbering is more likely a camera's than a
    person's. Names that are not pictures, and hidden files, are passed over.
    """
    pictures = sorted(filter(_is_picture, names), key=natural_key)
    places = [_place(name) for name in pictures]
    is_numbering = len(set(places)) == len(places) and all(1 <= place <= segment_count for place in places)
    if is_numbering:
        return Matching({place - 1: name for place, name in zip(places, pictures, strict=True)}, [])
    return Matching(dict(enumerate(pictures[:segment_count])), pictures[segment_count:])


def natural_key(name: str) -> NaturalKey:
    """Return a sort key under which ``2.jpg`` comes before ``10.jpg`` and capitals do not matter."""
    path = PurePosixPath(name)
    # A number is compared by its length without leading zeros, then by its digits: int() refuses very long ones.
    pieces = ((words.casefold(), digits.lstrip("0")) for words, digits in _PIECE.findall(path.stem))
    # The suffix stands apart so that "dog.jpg" precedes "dog2.jpg"; the name itself settles "3.jpg" against "03.jpg".
    return tuple((words, len(digits), digits) for words, digits in pieces), path.suffix.casefold(), name


def _is_picture(name: str) -> bool:
    # macOS leaves a "._3-forest.jpg" beside the real one on foreign disks and in zip files.
    return not name.startswith(".") and PurePosixPath(name.rstrip()).suffix.lower() in PICTURE_SUFFIXES


def _place(name: str) -> int:
    """Return the number a name starts with, counted from 1 as people do; 0 when it has none."""
    found = _PLACE.match(name)
    return int(found[1]) if found else 0
