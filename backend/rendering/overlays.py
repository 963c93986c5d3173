"""Subtitle overlays: a line is drawn once and blended into each frame that shows it."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageDraw

from rendering.film import Format, SubtitleStyle
from rendering.lettering import extent, fitted, legible
from rendering.planes import BT709, Planes
from rendering.subtitle_room import MOST_LINES, measures_of, top_of


class Overlay:
    """A subtitle's box with even edges, as inverse alpha and premultiplied Y, U, V; empty for text without letters."""

    def __init__(self, text: str, style: SubtitleStyle, fmt: Format) -> None:
        self._layers: list[tuple[np.ndarray, np.ndarray]] = []
        if letters := legible(text, style.font):
            image, self._left, self._top = _drawn(letters, style, fmt)
            self._layers = _premultiplied(image)

    def blend(self, out: Planes) -> None:
        for number, (inverse, colour) in enumerate(self._layers):
            half = 2 if number else 1
            top, left = self._top // half, self._left // half
            box = out[number][top : top + inverse.shape[0], left : left + inverse.shape[1]]
            cv2.add(cv2.multiply(box, inverse, scale=1 / 255), colour, dst=box)


def _drawn(text: str, style: SubtitleStyle, fmt: Format) -> tuple[Image.Image, int, int]:
    """Draw the text on its transparent box. Returns it and the position of the box; all even and within the frame."""
    measures = measures_of(style, fmt)
    stroke, padding = measures.stroke, measures.padding
    lines, face = fitted(text, style.font, measures.size, measures.line, MOST_LINES, measures.smallest)
    left, top, right, bottom = extent(lines, face, stroke)
    width, height = _even(right - left + 2 * padding, fmt.width), _even(bottom - top + 2 * padding, fmt.height)
    image = Image.new("RGBA", (width, height), (0, 0, 0, 165 if style.style == "box" else 0))
    ImageDraw.Draw(image).multiline_text(
        (padding - left, padding - top),
        lines,
        font=face,
        fill=(255, 255, 255, 255),
        stroke_width=stroke,
        stroke_fill=(0, 0, 0, 255),
        align="center",
    )
    return image, (fmt.width - width) // 4 * 2, top_of(style.place, height, fmt) // 2 * 2


def _even(length: int, most: int) -> int:
    return min(most, length + length % 2)


def _premultiplied(image: Image.Image) -> list[tuple[np.ndarray, np.ndarray]]:
    pixels = np.asarray(image, dtype=np.float32)
    alpha = pixels[..., 3] / 255
    colours = cv2.transform(pixels[..., :3], np.array(BT709)) * alpha[..., None]
    half = (image.width // 2, image.height // 2)
    layers = []
    for number in range(3):
        size = half if number else image.size
        share, colour = (
            cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in (alpha, colours[..., number])
        )
        layers.append((_bytes(255 * (1 - share)), _bytes(colour)))
    return layers


def _bytes(values: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded
