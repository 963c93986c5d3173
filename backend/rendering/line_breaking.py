"""Find line breaks by Unicode's rules and ICU's dictionaries; the only module that imports ICU.

Lines break by UAX 14. Chinese, Japanese, Thai, Lao, Khmer and Burmese, which have no spaces between words, break
between the words of ICU's dictionaries; a character is an extended grapheme cluster (UAX 29).
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

# Han, kana, bopomofo and full-width forms; Thai, Lao; Tibetan, Burmese, Khmer; the end of the last covers rarer scripts
# of South-East Asia. Korean has spaces.
_WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u0f00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
    "\u2e80-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff00-\uff9f"
    "\U00020000-\U0003ffff]"
)
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
# The keyword keeps Chinese and Japanese phrases together (UTS 35, "lw"); it does not affect other scripts.
_PHRASES = "ja@lw=phrase"


def has_words_without_spaces(text: str) -> bool:
    """Return whether ``text`` has characters of a script without spaces between words."""
    return _WITHOUT_SPACES.search(text) is not None


def line_units(text: str) -> list[str]:
    """Split ``text`` wherever a line may end; a unit keeps the spaces after it."""
    return _cut(_breakers().LineBreaker(_LONE_SURROGATES.sub("\ufffd", text), _PHRASES), text)


def characters(text: str) -> list[str]:
    """Split ``text`` into grapheme clusters, the characters that a reader sees."""
    return _cut(_breakers().CharacterBreaker(_LONE_SURROGATES.sub("\ufffd", text), "en"), text)


def halves(text: str) -> tuple[str, str] | None:
    """Split ``text`` in two near its middle, where a line may end if possible, else between two characters.

    Returns None for a single character.
    """
    for pieces in (line_units(text), characters(text)):
        if len(pieces) > 1:
            ends = accumulate(map(len, pieces[:-1]))
            middle = min(ends, key=lambda end: abs(end - len(text) / 2))
            return text[:middle], text[middle:]
    return None


def _cut(breaker: Any, text: str) -> list[str]:
    # ICU counts in code units of UTF-16.
    units = text.encode("utf-16-le", "surrogatepass")
    return [
        units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        for start, end in breaker.segments()
        if end > start
    ]


def _breakers() -> Any:
    # ICU's tables take 40 MB, and the processes that serve requests never need them.
    from icu4py import breakers  # noqa: PLC0415

    return breakers
