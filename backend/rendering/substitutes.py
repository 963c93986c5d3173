"""Replace characters that the subtitle font lacks: by a plain form, or by nothing for a mark."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from rendering.errors import SubtitleUndrawable

_PLAIN = str.maketrans(
    {
        "−": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "⁄": "/", "∕": "/", "∶": ":", "∙": "·", "⋅": "·", "•": "·",
        "→": "->", "⟶": "->", "➔": "->", "➜": "->", "➡": "->", "⇒": "=>", "⟹": "=>", "←": "<-", "⟵": "<-", "⬅": "<-",
        "⇐": "<=", "↔": "<->", "⇔": "<=>", "≠": "!=", "≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "≪": "<<", "≫": ">>",
        "≈": "~", "∼": "~", "≃": "~", "≅": "~", "≡": "=", "∞": "infinity", "√": "root ", "ʹ": "'", "ʺ": '"', "ʻ": "'",
        "ʼ": "'", "ʾ": "'", "ʿ": "'", "′": "'", "″": '"', "‴": "'''", "〜": "~", "・": "·", "、": ", ", "。": ". ",
        "「": "“", "」": "”", "『": "‘", "』": "’", "《": "«", "》": "»", "【": "[", "】": "]", "–": "-", "—": "-",
        "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...",
    }
)  # fmt: skip
# Never drawn in any font: joiners, variants, keycaps, emoji, tags. Subtitles are readable without them.
_INVISIBLE = "\u200d\ufe0e\ufe0f\u20e3"
_EMOJI = ((0x1F000, 0x1FAFF), (0xE0000, 0xE007F))
_NO_CHARACTERS = ("Cs", "Co", "Cn")
_LATIN_NAME = re.compile(r"(?:MODIFIER|LATIN(?: (SMALL|CAPITAL))?) LETTER (SMALL CAPITAL |SMALL |CAPITAL )?([A-Z])")


def drawable(text: str, font: Path) -> str:
    """Replace the marks that ``font`` lacks, and collapse white space; letters that it lacks stay."""
    drawn = (substitute(char, font) for char in text)
    return " ".join("".join(char if plain is None else plain for char, plain in zip(text, drawn, strict=True)).split())


def lacking(text: str, font: Path) -> list[str]:
    """Return the letters that ``font`` lacks and that have no replacement, each once, in order."""
    return sorted({char for char in text if substitute(char, font) is None})


def substitutions(text: str, font: Path) -> dict[str, str]:
    """Return the replacement of each mark that ``font`` lacks, "" if it is left out, in the text's order.

    Emoji and invisible characters are not included.
    """
    named = (char for char in text if not (_is_never_drawn(char) or unicodedata.category(char)[0] in "ZC"))
    drawn = {char: substitute(char, font) for char in named}
    return {char: plain for char, plain in drawn.items() if plain is not None and plain != char}


@lru_cache(maxsize=4096)
def substitute(char: str, font: Path) -> str | None:
    """Return what is drawn for ``char``: itself, a replacement or ""; None for a letter that cannot be drawn.

    Raises ``SubtitleUndrawable`` if the font cannot be read.
    """
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    if _is_never_drawn(char):
        return ""
    letters = letters_of(font)
    if ord(char) in letters:
        return char
    for plainer in _PLAINER:
        plain = plainer(char)
        if plain and all(ord(letter) in letters or letter == " " for letter in plain):
            return plain
    is_letter = category[0] == "L" and category != "Lm"
    return None if is_letter else ""


def _is_never_drawn(char: str) -> bool:
    if char in _INVISIBLE or any(first <= ord(char) <= last for first, last in _EMOJI):
        # Letters in squares and circles are emoji by their place alone; NFKC knows some as letters.
        return not unicodedata.normalize("NFKC", char).isalnum()
    return unicodedata.category(char) in _NO_CHARACTERS


def _compatible(char: str) -> str:
    return unicodedata.normalize("NFKC", char.translate(_PLAIN)).translate(_PLAIN)


def _without_accents(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", char)
    return "".join(part for part in decomposed if not unicodedata.combining(part)).translate(_PLAIN)


def _digit(char: str) -> str:
    value = unicodedata.numeric(char, None)
    is_number = value is not None and value == int(value) and unicodedata.category(char)[0] == "N"
    return str(int(value)) if is_number and value is not None else ""


def _latin_letter(char: str) -> str:
    """Return "B" for "ʙ", LATIN LETTER SMALL CAPITAL B, and the like."""
    found = _LATIN_NAME.match(unicodedata.name(char, ""))
    if not found:
        return ""
    is_capital = "CAPITAL" in (found[1] or "") + (found[2] or "")
    return found[3] if is_capital else found[3].lower()


_PLAINER: tuple[Callable[[str], str], ...] = (_compatible, _without_accents, _digit, _latin_letter)


@lru_cache(maxsize=8)
def letters_of(font: Path) -> frozenset[int]:
    """Return the code points with a glyph in the font file. Raises ``SubtitleUndrawable``."""
    try:
        with TTFont(font, lazy=True, fontNumber=0) as opened:
            return frozenset(opened.getBestCmap())
    except (OSError, TTLibError, TypeError) as exc:
        raise SubtitleUndrawable(f"The font file {font.name} cannot be read.") from exc
