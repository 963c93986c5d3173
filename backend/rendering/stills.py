"""Read frames of finished videos as pictures."""

from __future__ import annotations

from typing import BinaryIO

import av
from PIL import Image

from rendering.errors import VideoUnreadable


def first_frame(video: BinaryIO, width: int) -> Image.Image:
    """Return the first frame in mode RGB, at most ``width`` pixels wide. Raises ``VideoUnreadable``."""
    try:
        with av.open(video, "r", format="mp4") as container:
            for frame in container.decode(video=0):
                return _small(Image.fromarray(frame.to_ndarray(format="rgb24")), width)
    except (av.error.FFmpegError, IndexError, ValueError) as exc:
        raise VideoUnreadable from exc
    raise VideoUnreadable


def _small(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
