"""The letter size and position of subtitles in a frame, and the text that fits."""

from __future__ import annotations

from dataclasses import dataclass

from rendering.film import Format, SubtitleStyle
from rendering.lettering import fits, legible

MOST_LINES = 2
_LINE_HEIGHT = 1.3  # of the letters' height
_SIZES = {"small": 24, "medium": 19, "large": 15}  # of the frame's shorter side, one such part


@dataclass(frozen=True)
class Margins:
    """The margins without text, as shares of the frame's height (``top``, ``bottom``) and width (``side``, twice)."""

    top: float
    bottom: float
    side: float


USUAL_MARGINS = Margins(0.06, 0.06, 0.06)
# Where players of upright films draw their own buttons and captions, in 2026: Meta asks for 14 % above and 6 % at the
# sides of Reels, and for 35 % below where an ad has its button (Business Help Center, "Safe zones for Stories and
# Reels"); Shorts cover about 25 % below, TikTok about 20 %; the buttons on the right take some 130 of 1080 pixels.
_UPRIGHT = Margins(0.15, 0.25, 0.12)
# From which height for its width on a film is taken for one that is watched on a phone; 9:16 has 1.78, 4:5 has 1.25.
_UPRIGHT_FROM = 1.5


def margins_of(fmt: Format) -> Margins:
    return _UPRIGHT if fmt.height >= _UPRIGHT_FROM * fmt.width else USUAL_MARGINS


@dataclass(frozen=True)
class Measures:
    """Measures in pixels: the letter height and the smallest legible one, the outline, the box's rim, the line."""

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
    line = round(fmt.width * (1 - 2 * margins_of(fmt).side)) - 2 * padding
    return Measures(size, max(8, size * 2 // 3), stroke, padding, line)


def top_of(place: str, height: int, fmt: Format) -> int:
    """Return the first pixel row of a subtitle that is ``height`` pixels high."""
    margins = margins_of(fmt)
    # The margin shrinks for a subtitle that would exceed the frame.
    room = fmt.height - height
    return {
        "top": min(round(fmt.height * margins.top), room),
        "middle": room // 2,
        "bottom": max(0, room - round(fmt.height * margins.bottom)),
    }[place]


def band_of(style: SubtitleStyle, fmt: Format) -> tuple[int, int]:
    """Return the first and last pixel row that subtitles of two lines can occupy."""
    measures = measures_of(style, fmt)
    height = min(fmt.height, round(MOST_LINES * measures.size * _LINE_HEIGHT) + 2 * measures.padding)
    top = top_of(style.place, height, fmt)
    return top, top + height


def is_room_for(text: str, style: SubtitleStyle, fmt: Format) -> bool:
    """Return whether ``text`` fits into a subtitle of at most two lines with legible letters."""
    measures = measures_of(style, fmt)
    return fits(legible(text, style.font), style.font, measures.smallest, measures.line, MOST_LINES)
