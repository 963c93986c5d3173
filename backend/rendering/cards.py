"""Title cards for scenes without a picture: their first words, large, on a background in one of three looks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rendering.card_words import openings
from rendering.errors import SubtitleUndrawable
from rendering.film import Format, Scene

# No OpenCV and, where words have spaces, no ICU: processes that answer requests draw cards too, and hold neither.
from rendering.lettering import DEFAULT_FONT, balanced_lines, check_drawable, font_of, legible
from rendering.line_breaking import characters
from rendering.subtitle_room import Margins, band_of, margins_of

CARD_FONT = Path(__file__).parent / "fonts" / "StoryFlowCards-SemiBold.ttf"
# Incremented whenever the same words would be drawn differently.
CARD_VERSION = 1

_LEAST_LETTERS = 8
# Smaller ones are drawn larger and made small: drawn as they are, they stand on whole pixels, unevenly far apart.
_SMALL_LETTERS = 32
_MOST_TIMES = 8
# From so many lines on, letters of the same height look smaller by this factor a line: fewer lines are read sooner.
_FEW_LINES, _MANY_LINES = 3, 0.88
_LINE_HEIGHT = 1.24
# What stays free on either side of the words, and above and below them: of the frame's width and height.
_LEAST_SIDE, _LEAST_ABOVE = 0.09, 0.1
# From the text to the rule above it, and how long and thick that is: of the letters' height.
_RULE_ABOVE, _RULE_LENGTH, _RULE_WIDTH = 0.62, 1.5, 0.05

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Palette:
    """The colours of the background's middle and edges, of the letters and of the rule."""

    middle: Colour
    edge: Colour
    letters: Colour
    rule: Colour


_NIGHT = Palette((38, 46, 70), (13, 16, 27), (245, 240, 228), (214, 168, 92))
_PAPER = Palette((248, 243, 232), (231, 221, 202), (43, 37, 33), (168, 74, 46))
_CREAM, _PALE = (252, 248, 238), (255, 226, 170)
_COLOURS = (
    Palette((28, 92, 104), (15, 58, 70), _CREAM, _PALE),
    Palette((134, 54, 48), (90, 32, 32), _CREAM, _PALE),
    Palette((86, 66, 128), (54, 40, 88), _CREAM, _PALE),
    Palette((44, 96, 66), (24, 62, 42), _CREAM, _PALE),
    Palette((134, 84, 26), (92, 54, 14), _CREAM, _PALE),
    Palette((42, 76, 142), (24, 46, 96), _CREAM, _PALE),
)


@dataclass(frozen=True)
class Card:
    """A title card laid out for a frame of ``width`` by ``height`` pixels.

    ``words`` is the number of the scene's words that it shows, ``letters`` their height in pixels, ``middle`` the pixel
    row at the vertical centre of the lines.
    """

    width: int
    height: int
    words: int
    lines: tuple[str, ...]
    letters: int
    middle: int
    font: Path
    palette: Palette

    @property
    def key(self) -> list[object]:
        """Return all inputs of the card's picture, except for the font's bytes."""
        palette = [self.palette.middle, self.palette.edge, self.palette.letters, self.palette.rule]
        return ["card", CARD_VERSION, self.lines, self.letters, self.middle, self.font.name, palette]


def card_of(scene: Scene, number: int, fmt: Format) -> Card:
    """Lay out the card of a scene; if no available font has its letters, the card shows the scene's number.

    The words are placed outside the area of the subtitles.
    """
    words = [word.text for word in scene.words] or (scene.plain_text or scene.text).split()
    margins = margins_of(fmt)
    top, bottom = _free_rows(fmt, margins)
    width = round(fmt.width * (1 - 2 * max(_LEAST_SIDE, margins.side)))
    palette = _palette_of(fmt.card_look, " ".join(words))
    for count, text in openings(words):
        font = _font_for(text, fmt)
        shown = legible(text, font) if font else ""
        if font is None or not shown.strip(" …"):
            continue
        if laid := _fitted(shown, font, fmt, width, bottom - top):
            lines, letters = laid
            return Card(fmt.width, fmt.height, count, lines, letters, (top + bottom) // 2, font, palette)
    return _numbered(number, fmt, (top, bottom), palette)


def _numbered(number: int, fmt: Format, rows: tuple[int, int], palette: Palette) -> Card:
    letters = max(_LEAST_LETTERS, min(min(fmt.width, fmt.height) // 6, (rows[1] - rows[0]) // 2))
    return Card(fmt.width, fmt.height, 0, (str(number),), letters, sum(rows) // 2, CARD_FONT, palette)


def _palette_of(look: str, words: str) -> Palette:
    if look == "colour":
        return _COLOURS[hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[0] % len(_COLOURS)]
    return _PAPER if look == "paper" else _NIGHT


def _free_rows(fmt: Format, margins: Margins) -> tuple[int, int]:
    """Return the larger part of the frame above or below its subtitles, or all of it."""
    top = round(fmt.height * max(_LEAST_ABOVE, margins.top))
    bottom = round(fmt.height * (1 - max(_LEAST_ABOVE, margins.bottom)))
    if fmt.subtitles is None:
        return top, bottom
    first, last = band_of(fmt.subtitles, fmt)
    gap = round(min(fmt.width, fmt.height) * 0.03)
    above, below = (top, min(bottom, first - gap)), (max(top, last + gap), bottom)
    free = max(above, below, key=lambda rows: rows[1] - rows[0])
    return free if free[1] - free[0] >= 2 * _LEAST_LETTERS else (0, fmt.height)


def _font_for(text: str, fmt: Format) -> Path | None:
    own = fmt.subtitles.font if fmt.subtitles else None
    for font in (CARD_FONT, own or DEFAULT_FONT):
        try:
            check_drawable(text, font)
        except SubtitleUndrawable:
            continue
        return font
    return None


def _fitted(text: str, font: Path, fmt: Format, width: int, height: int) -> tuple[tuple[str, ...], int] | None:
    """Return the lines and their letter height, as large as looks well; None if the text would not be legible."""
    shorter = min(fmt.width, fmt.height)
    most_lines = 4 if fmt.width > fmt.height else 5
    smallest = max(_LEAST_LETTERS, shorter // 22)
    fitting: list[tuple[float, int, list[str]]] = []
    for letters in _sizes(max(smallest, shorter // 8), smallest):
        if fitting and letters <= max(fitting)[0]:
            break  # fewer letters cannot look larger
        face, times = _measuring(font, letters)
        if face.getlength(text) > most_lines * width * times:
            continue
        lines = balanced_lines(text, face, width * times)
        is_low_enough = (len(lines) * _LINE_HEIGHT + 2 * _RULE_ABOVE) * letters <= height
        if len(lines) <= most_lines and is_low_enough and all(face.getlength(line) <= width * times for line in lines):
            fitting.append((letters * _MANY_LINES ** max(0, len(lines) - _FEW_LINES), letters, lines))
    if fitting:
        _, letters, lines = max(fitting, key=lambda found: found[:2])
        return tuple(lines), letters
    return _cut(text, font, smallest, width) if len(text.split()) == 1 else None


def _sizes(largest: int, smallest: int) -> Iterator[int]:
    while largest > smallest:
        yield largest
        largest = largest * 10 // 11
    yield smallest


def _measuring(font: Path, letters: int) -> tuple[ImageFont.FreeTypeFont, int]:
    """Return a larger font, in which small letters keep the spacing of large ones, and its factor."""
    times = -(-_SMALL_LETTERS // letters)
    return font_of(font, letters * times), times


def _cut(word: str, font: Path, letters: int, width: int) -> tuple[tuple[str, ...], int] | None:
    """Return the beginning of a single long word, as in scripts without spaces."""
    face, times = _measuring(font, letters)
    shown = ""
    for character in characters(word.rstrip("…")):
        if face.getlength(f"{shown}{character}…") > width * times:
            break
        shown += character
    return ((f"{shown}…",), letters) if shown else None


def title_card(card: Card, size: tuple[int, int]) -> np.ndarray:
    """Draw the card, (height, width, 3) uint8; ``size`` must have the card's shape."""
    times = min(_MOST_TIMES, max(1, -(-_SMALL_LETTERS * card.width // (card.letters * size[0]))))
    width, height = size[0] * times, size[1] * times
    image = Image.fromarray(_ground(width, height, card.palette))
    draw = ImageDraw.Draw(image)
    scale = width / card.width
    letters = max(1, round(card.letters * scale))
    step, rule = card.letters * _LINE_HEIGHT * scale, card.letters * _RULE_ABOVE * scale
    # The rule above is part of the block.
    top = card.middle * scale - (len(card.lines) * step + rule) / 2
    half, thick = letters * _RULE_LENGTH / 2, max(times, round(letters * _RULE_WIDTH))
    left, row = round(width / 2 - half), round(top / times) * times
    draw.rectangle([left, row, round(width / 2 + half), row + thick - 1], fill=card.palette.rule)
    face = font_of(card.font, letters)
    for number, line in enumerate(card.lines):
        place = (width / 2, top + rule + step * (number + 0.5))
        draw.text(place, line, font=face, fill=card.palette.letters, anchor="mm")
    return np.asarray(image if times == 1 else image.reduce(times))


def _ground(width: int, height: int, palette: Palette) -> np.ndarray:
    """Draw a background that is lighter in the middle; noise hides the steps of dark gradients."""
    across = (np.arange(width, dtype=np.float32) / max(1, width - 1) - 0.5) ** 2
    down = (np.arange(height, dtype=np.float32) / max(1, height - 1) - 0.45) ** 2
    away = np.minimum(1.0, np.sqrt(across[None, :] + down[:, None]) / 0.72)
    grain = np.random.default_rng(5).random((min(height, 540), min(width, 540)), np.float32)
    noise = np.asarray(Image.fromarray(grain).resize((width, height), Image.Resampling.NEAREST))
    ground = np.empty((height, width, 3), np.uint8)
    for channel, (middle, edge) in enumerate(zip(palette.middle, palette.edge, strict=True)):
        ground[..., channel] = np.clip(middle + (edge - middle) * away + noise, 0, 255)
    return ground
