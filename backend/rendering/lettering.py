"""Draw text: choose the font, break lines, and shape letters as their script requires."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from rendering.errors import SubtitleUndrawable
from rendering.line_breaking import characters, has_words_without_spaces, line_units
from rendering.substitutes import drawable, lacking, substitutions

DEFAULT_FONT = Path(__file__).parent / "fonts" / "StoryFlowSubtitles-Bold.ttf"
_RIGHT_TO_LEFT = ("R", "AL", "AN")


def legible(text: str, font: Path | None = None) -> str:
    """Return the drawn text: without emoji and control characters, with plain forms for marks that the font lacks."""
    return drawable(text, font or DEFAULT_FONT)


def check_drawable(text: str, font: Path | None) -> None:
    """Check that the text can be drawn.

    Raises ``SubtitleUndrawable`` with the letters that no available font has, or if their script cannot be shaped.
    """
    if missing := lacking(text, font or DEFAULT_FONT):
        raise SubtitleUndrawable(
            f"The subtitle font has no {'letter' if len(missing) == 1 else 'letters'} {' '.join(missing[:12])}. "
            "Choose a font file that has them, or switch the subtitles off."
        )
    if not features.check("raqm") and any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        raise SubtitleUndrawable(
            "Right-to-left letters cannot be joined on this machine; install the FriBiDi library (libfribidi0), "
            "or switch the subtitles off."
        )


def stand_ins(text: str, font: Path | None) -> dict[str, str]:
    """Return the replacement of each mark that the font lacks, "" if it is left out."""
    return substitutions(text, font or DEFAULT_FONT)


def check_segment(number: int, text: str, font: Path | None) -> None:
    """Do the same as ``check_drawable``, with the segment's number in the error."""
    try:
        check_drawable(text, font)
    except SubtitleUndrawable as exc:
        raise SubtitleUndrawable(f"Segment {number}: {exc.message}") from exc


@lru_cache(maxsize=32)
def font_of(font: Path | None, size: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(font or DEFAULT_FONT), size)
    except OSError as exc:
        raise SubtitleUndrawable(f"The font file {(font or DEFAULT_FONT).name} cannot be read.") from exc


def fitted(
    text: str, font: Path | None, size: int, width: int, most_lines: int, smallest: int = 8
) -> tuple[str, ImageFont.FreeTypeFont]:
    """Break ``text`` into at most ``most_lines`` lines of at most ``width`` pixels, as large as possible.

    ``size`` and ``smallest`` are letter heights in pixels. A word wider than the line reduces the letters; it is broken
    only if it is too wide for the smallest. A text that does not fit even then gets more lines.
    """
    units = line_units(text)
    while True:
        face = font_of(font, size)
        lines = _broken(units, face, width)
        is_fitting = len(lines) <= most_lines and all(face.getlength(line) <= width for line in lines)
        if is_fitting or size <= smallest:
            lines = lines if is_fitting else _broken(_narrow(units, face, width), face, width)
            return "\n".join(lines), face
        size = max(smallest, size * 9 // 10)


def balanced_lines(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break ``text`` into lines of about equal length; a word wider than ``width`` pixels exceeds it.

    Lines end at spaces, in scripts without spaces at ICU's breaks.
    """
    words = [f"{word} " for word in text.split()]
    return _broken(line_units(text) if has_words_without_spaces(text) else words or [""], face, width)


def fits(text: str, font: Path | None, size: int, width: int, most_lines: int) -> bool:
    """Return whether ``text`` fits into this many lines with letters of ``size``; wide words are broken."""
    face = font_of(font, size)
    length = face.getlength(text)
    if length <= width:
        return True
    return length <= most_lines * width and len(_greedy(_narrow(line_units(text), face, width), face, width)) <= (
        most_lines
    )


def _broken(units: list[str], face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Break the text into lines of about equal length, as few as possible."""
    lines = _greedy(units, face, width)
    if len(lines) < 2:
        return lines
    narrow, wide = width // 2, width
    while wide - narrow > width // 50 + 1:
        middle = (narrow + wide) // 2
        trial = _greedy(units, face, middle)
        if len(trial) <= len(lines) and all(face.getlength(line) <= middle for line in trial):
            wide = middle
        else:
            narrow = middle
    return _greedy(units, face, wide)


def _greedy(units: list[str], face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for unit in units:
        longer = lines[-1] + unit
        if lines[-1] and face.getlength(longer.rstrip()) > width:
            lines.append(unit)
        else:
            lines[-1] = longer
    return [line.rstrip() for line in lines]


def _narrow(units: list[str], face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Replace the units that are wider than the line by their characters."""
    return [part for unit in units for part in ([unit] if face.getlength(unit.rstrip()) <= width else characters(unit))]


def extent(text: str, face: ImageFont.FreeTypeFont, stroke: int) -> tuple[int, int, int, int]:
    """Return (left, top, right, bottom) of the drawn text in pixels, with centred lines."""
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    box = draw.multiline_textbbox((0, 0), text, font=face, stroke_width=stroke, align="center")
    return int(box[0] // 1), int(box[1] // 1), int(-(-box[2] // 1)), int(-(-box[3] // 1))
