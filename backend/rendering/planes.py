"""Convert pictures for the encoder: upright, sized for the motion, as BT.709 limited-range Y, U and V planes."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import cv2
import numpy as np
from PIL import Image

from rendering.cards import card_of, title_card
from rendering.film import Film, Format
from rendering.framing import Motion, View, reach_of, view_at
from rendering.pictures import read_picture
from rendering.timeline import Shot

# Y (h, w), U and V (ceil(h/2), ceil(w/2)), all uint8.
Planes: TypeAlias = "tuple[np.ndarray, np.ndarray, np.ndarray]"

# RGB to Y'CbCr, ITU-R BT.709, limited range: one row a plane, the last column an offset.
_KR, _KG, _KB = 0.2126, 0.7152, 0.0722
_BLUE, _RED = 224 / 255 / (2 * (1 - _KB)), 224 / 255 / (2 * (1 - _KR))
BT709 = (
    (_KR * 219 / 255, _KG * 219 / 255, _KB * 219 / 255, 16.0),
    (-_KR * _BLUE, -_KG * _BLUE, (1 - _KB) * _BLUE, 128.0),
    ((1 - _KR) * _RED, -_KG * _RED, -_KB * _RED, 128.0),
)
_BLUR_SHARE = 1 / 40
# Of a picture much longer than the frame, only a part is kept, with at most this many times the pixels of the closest
# view: such a camera moves too fast for more detail to be visible.
_MOST_FRAMES = 6
# OpenCV can warp planes only if their sides fit 15 bits.
_LONGEST_SIDE = 32_000


class Source(NamedTuple):
    """The planes of a picture or of a part of it.

    ``whole`` is (width, height) of the whole picture, ``corner`` (left, top) of the part in the planes, both in pixels
    of the picture scaled for its motion; ``share`` is the number of plane pixels for each of those.
    """

    luma: np.ndarray
    blue: np.ndarray
    red: np.ndarray
    whole: tuple[float, float]
    corner: tuple[float, float] = (0.0, 0.0)
    share: float = 1.0

    @property
    def planes(self) -> Planes:
        return self.luma, self.blue, self.red

    def view_at(self, motion: Motion, progress: float, frame: tuple[int, int]) -> View:
        """Return the view in pixels of the planes."""
        view = view_at(motion, progress, self.whole, frame)
        left, top = view.left - self.corner[0], view.top - self.corner[1]
        return View(left * self.share, top * self.share, view.step * self.share)


def source_of(shot: Shot, film: Film) -> Source:
    """Prepare the picture of ``shot``, or its title card, large enough for the closest view of its motion.

    Raises ``PictureUnreadable``, which names the file.
    """
    fmt = film.format
    closest = max(shot.motion.zoom)
    size = (math.ceil(fmt.width * closest), math.ceil(fmt.height * closest))
    if shot.scene.picture is None:
        card = shot.card or card_of(shot.scene, shot.number, fmt)
        return _of_all(title_card(card, (fmt.width, fmt.height)))
    image = read_picture(shot.scene.picture.path, max(size))
    fit = shot.scene.fit or fmt.fit
    if fit == "contain":
        return _of_all(_contain(np.asarray(image), size))
    if fit == "contain-blur":
        return _of_all(_contain_blur(np.asarray(image), size))
    return _cover(image, size, shot.motion, (fmt.width, fmt.height))


def _of_all(rgb: np.ndarray) -> Source:
    return Source(*to_planes(rgb), whole=(rgb.shape[1], rgb.shape[0]))


def _cover(image: Image.Image, size: tuple[int, int], motion: Motion, frame: tuple[int, int]) -> Source:
    """Scale the picture to just cover ``size``; the camera moves over the excess.

    Of a very long picture, only the part that the camera reaches is scaled.
    """
    width, height = image.size
    factor = max(size[0] / width, size[1] / height)
    most_pixels = _MOST_FRAMES * size[0] * size[1]
    if _share_of((width * factor, height * factor), most_pixels) == 1:
        return _of_all(_scaled(np.asarray(image), factor))
    whole = (width * factor, height * factor)
    left, top, right, bottom = reach_of(motion, whole, frame)
    # Two more pixels on each side, for the interpolation.
    box = (
        max(0, math.floor(left / factor) - 2),
        max(0, math.floor(top / factor) - 2),
        min(width, math.ceil(right / factor) + 2),
        min(height, math.ceil(bottom / factor) + 2),
    )
    share = _share_of(((box[2] - box[0]) * factor, (box[3] - box[1]) * factor), most_pixels)
    planes = to_planes(_scaled(np.asarray(image.crop(box)), factor * share))
    return Source(*planes, whole=whole, corner=(box[0] * factor, box[1] * factor), share=share)


def _share_of(size: tuple[float, float], most_pixels: int) -> float:
    """Return the factor that reduces ``size`` to the limits; 1 if it is within them."""
    return min(1.0, math.sqrt(most_pixels / (size[0] * size[1])), _LONGEST_SIDE / max(size))


def _contain(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the whole picture on black, exactly of ``size``."""
    return _pasted(image, np.zeros((size[1], size[0], 3), np.uint8))


def _contain_blur(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return the whole picture on a dimmed, blurred copy of its middle."""
    width, height = size
    behind = _middle_of(image, (max(2, width // 8), max(2, height // 8)))
    blurred = cv2.GaussianBlur(behind, (0, 0), max(1.0, min(size) / 8 * _BLUR_SHARE * 2))
    dimmed = cv2.convertScaleAbs(blurred, alpha=0.6)
    return _pasted(image, cv2.resize(dimmed, size, interpolation=cv2.INTER_CUBIC))


def _middle_of(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Crop the picture to the shape of ``size``, and scale it to ``size``."""
    height, width = image.shape[:2]
    factor = max(size[0] / width, size[1] / height)
    across, down = min(width, math.ceil(size[0] / factor)), min(height, math.ceil(size[1] / factor))
    left, top = (width - across) // 2, (height - down) // 2
    cut = image[top : top + down, left : left + across]
    return cv2.resize(cut, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def _pasted(image: np.ndarray, canvas: np.ndarray) -> np.ndarray:
    height, width = canvas.shape[:2]
    scaled = _scaled(image, min(width / image.shape[1], height / image.shape[0]))[:height, :width]
    top, left = (height - scaled.shape[0]) // 2, (width - scaled.shape[1]) // 2
    canvas[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return canvas


def _scaled(image: np.ndarray, factor: float) -> np.ndarray:
    """Scale down by area and up by cubic interpolation, to at least one source pixel per output pixel."""
    height, width = image.shape[:2]
    size = max(1, math.ceil(width * factor)), max(1, math.ceil(height * factor))
    if size == (width, height):
        return image
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)


def to_planes(rgb: np.ndarray) -> Planes:
    """Convert (height, width, 3) uint8 to Y, U, V; chroma is averaged over two by two pixels, so centre-sited."""
    luma, blue, red = cv2.split(cv2.transform(rgb, np.array(BT709)))
    half = ((rgb.shape[1] + 1) // 2, (rgb.shape[0] + 1) // 2)
    return (
        luma,
        cv2.resize(blue, half, interpolation=cv2.INTER_AREA),
        cv2.resize(red, half, interpolation=cv2.INTER_AREA),
    )


def warp(source: Planes, view: View, out: Planes) -> None:
    """Draw ``view`` of ``source`` into ``out`` with sub-pixel steps (bilinear).

    Output chroma is left-sited as in H.264 (half a luma pixel left of the centre), source chroma is centre-sited: hence
    the two offsets.
    """
    step = view.step
    draw = _shift if step == 1 else _affine
    draw(source[0], step, view.left + step / 2 - 0.5, view.top + step / 2 - 0.5, out[0])
    for plane, target in zip(source[1:], out[1:], strict=True):
        draw(plane, step, (view.left + step / 2) / 2 - 0.5, (view.top + step) / 2 - 0.5, target)


def _affine(source: np.ndarray, step: float, left: float, top: float, out: np.ndarray) -> None:
    matrix = np.array([[step, 0, left], [0, step, top]])
    cv2.warpAffine(
        source,
        matrix,
        (out.shape[1], out.shape[0]),
        dst=out,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _shift(source: np.ndarray, step: float, left: float, top: float, out: np.ndarray) -> None:
    """Do the same as ``_affine`` for a step of 1, in an eighth of its time: all pixels have the same four weights."""
    height, width = out.shape
    cv2.getRectSubPix(source, (width, height), (left + (width - 1) / 2, top + (height - 1) / 2), patch=out)


def crossfade(before: Planes, after: Planes, share: float, out: Planes) -> None:
    """Blend ``share`` of ``after`` with the rest of ``before``."""
    for one, other, target in zip(before, after, out, strict=True):
        cv2.addWeighted(one, 1 - share, other, share, 0, dst=target)


def empty_planes(fmt: Format) -> Planes:
    half = (fmt.height // 2, fmt.width // 2)
    return np.empty((fmt.height, fmt.width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)
