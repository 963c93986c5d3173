"""What a scene without a picture shows: the film's title and the scene's number on a plain dark ground."""

from __future__ import annotations

import contextlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from rendering.errors import SubtitleUndrawable
from rendering.lettering import check_drawable, extent, fitted, font_of, legible

_MOST_LINES = 3
_TOP, _BOTTOM = (46, 52, 70), (20, 22, 30)
_TITLE, _NUMBER = (240, 238, 230), (170, 172, 180)


def title_card(title: str, number: int, size: tuple[int, int], font: Path | None) -> np.ndarray:
    """(height, width, 3) uint8. A title that the font cannot show is left out: the card is a stand-in for a picture."""
    width, height = size
    with contextlib.suppress(SubtitleUndrawable):
        check_drawable(title, font)
        return _card(legible(title, font), number, width, height, font)
    return _card("", number, width, height, None)


def _card(title: str, number: int, width: int, height: int, font: Path | None) -> np.ndarray:
    image = Image.fromarray(_ground(width, height))
    draw = ImageDraw.Draw(image)
    letters = min(width, height) // 14
    lines, face = fitted(title or "…", font, letters, round(width * 0.6), _MOST_LINES)
    shown = lines.split("\n")
    if len(shown) > _MOST_LINES:
        lines = "\n".join([*shown[: _MOST_LINES - 1], shown[_MOST_LINES - 1][:-1] + "…"])
    left, top, right, bottom = extent(lines, face, 0)
    across, down = (width - right - left) / 2, height * 0.46 - (bottom + top) / 2
    draw.multiline_text((across, down), lines, font=face, fill=_TITLE, align="center")
    draw.text(
        (width / 2, down + bottom + letters), str(number), font=font_of(None, letters // 2), fill=_NUMBER, anchor="mt"
    )
    return np.asarray(image)


def _ground(width: int, height: int) -> np.ndarray:
    ends = np.array([[_TOP], [_BOTTOM]], np.float32)
    return cv2.resize(ends, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
