"""How large a subtitle's letters are in a frame, and which text they have room for."""

from __future__ import annotations

from dataclasses import dataclass

from rendering.film import Format, SubtitleStyle
from rendering.lettering import fits, legible

MARGIN = 0.06  # of the frame's width and height
MOST_LINES = 2
_SIZES = {"small": 24, "medium": 19, "large": 15}  # of the frame's shorter side, one such part


@dataclass(frozen=True)
class Measures:
    """In pixels: the letters' height and the least that is still legible, their outline, the box's rim, a line."""

    size: int
    smallest: int
    stroke: int
    padding: int
    line: int


def measures_of(style: SubtitleStyle, fmt: Format) -> Measures:
    size = max(10, min(fmt.width, fmt.height) // _SIZES[style.size])
    is_boxed = style.style == "box"
    stroke = 0 if is_boxed else max(1, size // 14)
    padding = size // 3 if is_boxed else stroke + 2
    line = round(fmt.width * (1 - 2 * MARGIN)) - 2 * padding
    return Measures(size, max(8, size * 2 // 3), stroke, padding, line)


def is_room_for(text: str, style: SubtitleStyle, fmt: Format) -> bool:
    """Whether ``text`` can stand in a subtitle of at most two lines whose letters are legible."""
    measures = measures_of(style, fmt)
    return fits(legible(text, style.font), style.font, measures.smallest, measures.line, MOST_LINES)
