"""Conversion of file names that people chose into names that are safe on disk, in URLs and in columns."""

from __future__ import annotations

import posixpath
import re
import unicodedata

from media_store.errors import InvalidPicture
from media_store.pictures import EXTENSIONS, content_type_of

MAX_STEM = 60
# Further extensions of JPEGs: browsers on Windows write .jfif, cameras and older programs the others.
OTHER_EXTENSIONS = (".jfif", ".jpe", ".jif", ".pjpeg", ".pjp")
_NAMELESS = ("blob", "image")
_ENDING_OF = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_RUN = re.compile(r"[^A-Za-z0-9.-]+")
_LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")


def safe_picture_name(original: str, *, max_length: int = 60) -> str:
    """Return a safe name: ``C:\\pictures\\Café №1.JPG`` → ``Cafe_No1.jpg``.

    The result is ASCII without folders and without a leading dot or dash, has at most ``max_length`` characters, and
    keeps the extension. Raises ``InvalidPicture`` if the extension is not in ``EXTENSIONS``.
    """
    base = re.split(r"[/\\]", original)[-1]
    ending = next((ending for ending in EXTENSIONS if base[-len(ending) :].lower() == ending), None)
    if ending is None:
        raise InvalidPicture(details=f"The file's name must end in one of {', '.join(EXTENSIONS)}.")
    return _shortened(_ascii(base[: -len(ending)]), max_length - len(ending)) + ending


def picture_name(original: str, head: bytes) -> str:
    """Return the name of an uploaded picture with an extension in ``EXTENSIONS``, where that is possible.

    ``photo.jfif`` and ``photo.jpe`` become ``photo.jpg``. Spaces at the end are removed. The names that browsers give
    to a picture without a name get the extension of the content, whose first 12 bytes are ``head``. Any other name
    is returned as it is.
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
    """Return a file name of this disk as text; a name that is not UTF-8 is decoded as Windows-1252.

    Python represents bytes that are not UTF-8 as surrogates, which can be neither stored nor printed.
    """
    try:
        raw = name.encode("utf-8", "surrogateescape")
        return raw.decode("utf-8")
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace").decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def safe_stem(title: str, *, fallback: str = "story") -> str:
    """Return a file name stem for a title: ``Half a Fig!`` → ``Half_a_Fig_``, at most sixty ASCII characters.

    Returns ``fallback`` if the title has no ASCII letter or digit.
    """
    short = _ascii(title)[:MAX_STEM].rstrip(".")
    return short if _LETTER_OR_DIGIT.search(short) else fallback


def with_suffix_token(name: str, token: str, *, max_length: int) -> str:
    """Append a token to the stem: ``projects/1/images/5_forest.jpg`` → ``projects/1/images/5_forest_1a2b3c4d.jpg``.

    The stem is shortened so that the result has at most ``max_length`` characters. Raises ``ValueError`` if that is
    not possible.
    """
    folder, base = posixpath.split(name)
    stem, ending = posixpath.splitext(base)
    stem_length = min(MAX_STEM, max_length - len(name) + len(stem)) - len(token) - 1
    return posixpath.join(folder, f"{_shortened(stem, stem_length)}_{token}{ending}")


def _ascii(stem: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(char))
    # Runs of underscores in the original name stay as they are.
    return _RUN.sub(lambda run: "_" if run[0].strip("_") else run[0], letters).lstrip(".-")


def _shortened(stem: str, max_length: int) -> str:
    """Return at most ``max_length`` characters of the stem, or of "image" if it has no letter or digit.

    The result has no dot at the end, because Windows would remove it. Raises ``ValueError`` below one character.
    """
    max_length = min(MAX_STEM, max_length)
    if max_length < 1:
        raise ValueError("no room is left for a file name")
    short = stem[:max_length].rstrip(".")
    return short if _LETTER_OR_DIGIT.search(short) else "image"[:max_length]
