"""Where a text may be broken, by Unicode's rules and ICU's dictionaries; the only file that knows ICU.

Lines break as UAX 14 says. Chinese, Japanese, Thai, Lao, Khmer and Burmese, which put no spaces between words, break
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
# The locale's keyword keeps Chinese and Japanese phrases together (UTS 35, "lw"); other scripts are as in any locale.
_PHRASES = "ja@lw=phrase"


def has_words_without_spaces(text: str) -> bool:
    """Whether some of ``text`` is in a script whose words stand without spaces between them."""
    return _WITHOUT_SPACES.search(text) is not None


def line_units(text: str) -> list[str]:
    """``text`` cut wherever a line may end; a unit keeps the spaces behind it."""
    return _cut(_breakers().LineBreaker(_LONE_SURROGATES.sub("\ufffd", text), _PHRASES), text)


def characters(text: str) -> list[str]:
    """What a reader takes for one character each."""
    return _cut(_breakers().CharacterBreaker(_LONE_SURROGATES.sub("\ufffd", text), "en"), text)


def halves(text: str) -> tuple[str, str] | None:
    """``text`` in two, near its middle: where a line may end if there is such a place, else between two characters.

    None for a single character.
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
    # Its tables have 40 MB, and the processes that answer requests never need them.
    from icu4py import breakers  # noqa: PLC0415

    return breakers
