"""Text as pictures: which font has the letters, lines that fit, shaped and ordered as their script wants."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageDraw, ImageFont, features

from rendering.errors import SubtitleUndrawable

DEFAULT_FONT = Path(__file__).parent / "fonts" / "StoryFlowSubtitles-Bold.ttf"
_RIGHT_TO_LEFT = ("R", "AL", "AN")
# Pictographs, their joiners and variants: no text font has them and a subtitle reads well without.
_DROPPED_CATEGORIES = ("So", "Sk", "Cs", "Co", "Cn")
_INVISIBLE = "\u200d\ufe0e\ufe0f\u20e3"


def legible(text: str) -> str:
    """``text`` without emoji and control characters, white space made single."""
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in text if _is_lettering(char))
    return " ".join("".join(kept).split())


def _is_lettering(char: str) -> bool:
    if char in _INVISIBLE or 0x1F000 <= ord(char) <= 0x1FAFF or 0xE0000 <= ord(char) <= 0xE007F:
        return False
    return unicodedata.category(char) not in _DROPPED_CATEGORIES or char in "°©®™¨´¸^`"


def check_drawable(text: str, font: Path | None) -> None:
    """Raises ``SubtitleUndrawable`` with the letters no font at hand has, or when nothing here can order them."""
    missing = sorted({char for char in legible(text) if ord(char) not in _letters_of(font or DEFAULT_FONT)} - {" "})
    if missing:
        raise SubtitleUndrawable(
            f"The subtitle font has no {'letter' if len(missing) == 1 else 'letters'} {' '.join(missing[:12])}. "
            "Choose a font file that has them, or switch the subtitles off."
        )
    if not features.check("raqm") and any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        raise SubtitleUndrawable(
            "Right-to-left letters cannot be joined on this machine; install the FriBiDi library (libfribidi0), "
            "or switch the subtitles off."
        )


@lru_cache(maxsize=8)
def _letters_of(font: Path) -> frozenset[int]:
    try:
        with TTFont(font, lazy=True, fontNumber=0) as opened:
            return frozenset(opened.getBestCmap())
    except (OSError, TTLibError, TypeError) as exc:
        raise SubtitleUndrawable(f"The font file {font.name} cannot be read.") from exc


@lru_cache(maxsize=32)
def font_of(font: Path | None, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(font or DEFAULT_FONT), size)
    except OSError as exc:
        raise SubtitleUndrawable(f"The font file {(font or DEFAULT_FONT).name} cannot be read.") from exc


def fitted(text: str, font: Path | None, size: int, width: int, most_lines: int) -> tuple[str, ImageFont.FreeTypeFont]:
    """``text`` broken at spaces into at most ``most_lines`` lines no wider than ``width`` pixels, as large as possible.

    A word wider than the line makes the letters smaller, never cut.
    """
    while True:
        face = font_of(font, size)
        lines = _broken(text, face, width)
        if (len(lines) <= most_lines and all(face.getlength(line) <= width for line in lines)) or size <= 8:
            return "\n".join(lines), face
        size = max(8, size * 9 // 10)


def _broken(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of about the same length: as many as are needed, each as short as that number allows."""
    lines = _greedy(text, face, width)
    if len(lines) < 2:
        return lines
    narrow, wide = width // 2, width
    while wide - narrow > width // 50 + 1:
        middle = (narrow + wide) // 2
        trial = _greedy(text, face, middle)
        if len(trial) <= len(lines) and all(face.getlength(line) <= middle for line in trial):
            wide = middle
        else:
            narrow = middle
    return _greedy(text, face, wide)


def _greedy(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and face.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def extent(text: str, face: ImageFont.FreeTypeFont, stroke: int) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the drawn text in pixels, centred lines."""
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = draw.multiline_textbbox((0, 0), text, font=face, stroke_width=stroke, align="center")
    return int(box[0] // 1), int(box[1] // 1), int(-(-box[2] // 1)), int(-(-box[3] // 1))
