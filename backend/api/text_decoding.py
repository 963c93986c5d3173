"""Decoding of text files in common encodings. ``frontend/lib/text-of.ts`` has the same rules."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # Before UTF-16: the UTF-32 mark begins with the UTF-16 mark.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{3}")
_MAX_HIGH_SHARE = 1 / 3  # share of all letters


def decode_text(raw: bytes) -> str | None:
    """Return the decoded text, or None if the encoding is not known.

    Known encodings are UTF-8, UTF-16 with a byte order mark or with mostly Latin letters, UTF-32 with a byte order
    mark, and Windows-1252.
    """
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decode_as(encoding, raw)
    if b"\0" in raw:
        return _decode_utf16(raw)
    text = _decode_as("utf-8", raw)
    return text if text is not None else _decode_western(raw)


def _decode_as(encoding: str, raw: bytes) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_utf16(raw: bytes) -> str | None:
    """Decode text without a byte order mark. The positions of zero bytes in Latin letters show the byte order.

    A file with single NUL bytes is decoded as UTF-8.
    """
    half = len(raw) / 2
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if odd > half / 2 and even < half / 100 + 1:
        return _decode_as("utf-16-le", raw)
    if even > half / 2 and odd < half / 100 + 1:
        return _decode_as("utf-16-be", raw)
    return _decode_as("utf-8", raw)


def _decode_western(raw: bytes) -> str | None:
    """Decode Windows-1252 if non-ASCII letters are few and isolated, as in Western European languages. Else None.

    Cyrillic, Greek, Chinese or Japanese text in other 8-bit encodings would be decoded as nonsense.
    """
    if _CONTROL.search(raw) or _HIGH_RUN.search(raw):
        return None
    high = sum(byte >= 0xC0 for byte in raw)
    letters = high + sum(chr(byte).isalpha() for byte in raw if byte < 0x80)
    return _decode_as("cp1252", raw) if high <= letters * _MAX_HIGH_SHARE else None
