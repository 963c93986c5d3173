"""File names that people chose, made safe for our disk, our URLs and our columns."""

from __future__ import annotations

import posixpath
import re
import unicodedata

from media_store.errors import InvalidPicture
from media_store.pictures import EXTENSIONS, content_type_of

MAX_STEM = 60
# JPEGs too: browsers on Windows save them as .jfif, cameras and older programs as the others.
OTHER_EXTENSIONS = (".jfif", ".jpe", ".jif", ".pjpeg", ".pjp")
_NAMELESS = ("blob", "image")
_ENDING_OF = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_RUN = re.compile(r"[^A-Za-z0-9.-]+")
_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")


def safe_picture_name(original: str, *, max_length: int = 60) -> str:
    """``C:\\pictures\\Café №1.JPG`` → ``Cafe_No1.jpg``: ASCII, no folders, no leading dot or dash, ending kept.

    Raises ``InvalidPicture`` when the name does not end like a picture.
    """
    base = re.split(r"[/\\]", original)[-1]
    ending = next((ending for ending in EXTENSIONS if base[-len(ending) :].lower() == ending), None)
    if ending is None:
        raise InvalidPicture(details=f"The file's name must end in one of {', '.join(EXTENSIONS)}.")
    return _shortened(_ascii(base[: -len(ending)]), max_length - len(ending)) + ending


def picture_name(original: str, head: bytes) -> str:
    """The name under which a picture came, with one of ``EXTENSIONS`` where it only has another form of one.

    ``photo.jfif`` and ``photo.jpe`` are ``photo.jpg``, spaces at the end go, and what browsers call a picture that has
    no name gets the ending of its content, whose first 12 bytes are ``head``. Every other name stays as it is.
    """
    base = original.rstrip()
    alias = next((ending for ending in OTHER_EXTENSIONS if base.lower().endswith(ending)), None)
    if alias:
        return base[: -len(alias)] + ".jpg"
    kind = content_type_of(head)
    if base.lower() in _NAMELESS and kind:
        return base + _ENDING_OF[kind]
    return base


def readable_name(name: str) -> str:
    """A name of this disk as text: one that is not UTF-8 is most often in Windows-1252, of an older system.

    Python keeps its bytes as half characters, which can be neither stored nor printed.
    """
    try:
        raw = name.encode("utf-8", "surrogateescape")
        return raw.decode("utf-8")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def safe_stem(title: str, *, fallback: str = "story") -> str:
    """``Half a Fig!`` → ``Half_a_Fig_``: at most sixty ASCII letters that any system takes for a file's name."""
    short = _ascii(title)[:MAX_STEM].rstrip(".")
    return short if _LETTER_OR_DIGIT.search(short) else fallback


def with_suffix_token(name: str, token: str, *, max_length: int) -> str:
    """``projects/1/images/5_forest.jpg`` → ``projects/1/images/5_forest_1a2b3c4d.jpg``.

    Only the base name changes, its stem shortened so that the whole string has at most ``max_length`` characters.
    """
    folder, base = posixpath.split(name)
    stem, ending = posixpath.splitext(base)
    room = min(MAX_STEM, max_length - len(name) + len(stem)) - len(token) - 1
    return posixpath.join(folder, f"{_shortened(stem, room)}_{token}{ending}")


def _ascii(stem: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(char))
    # Underscores that the person wrote stay as they are.
    return _RUN.sub(lambda run: "_" if run[0].strip("_") else run[0], letters).lstrip(".-")


def _shortened(stem: str, room: int) -> str:
    """At most ``room`` characters that say something; no dot at the end, which Windows would drop."""
    room = min(MAX_STEM, room)
    if room < 1:
        raise ValueError("no room is left for a file name")
    short = stem[:room].rstrip(".")
    return short if _LETTER_OR_DIGIT.search(short) else "image"[:room]
