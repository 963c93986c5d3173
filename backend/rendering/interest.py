"""Find the interesting part of a picture, so that a frame of another shape does not crop it.

Faces win (``rendering.faces``). Without any it is what stands out: what has a colour that is rare and in one place, not
one that runs along the edges, and detail, found by the spectral residual of Hou and Zhang, "Saliency Detection" (CVPR
2007). The map is small whatever the picture is, and only its sums over columns and rows are kept, because a frame crops
along one axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from rendering.faces import Face, faces_in
from rendering.pictures import read_picture

# The longer side of the analysed picture, and the side of the map, in pixels.
LOOKED_AT = 320
MAP_SIDE = 64
# The map's own average filter and its blur, in pixels of the map.
_AVERAGE = 3
_BLUR = 2.5
# A colour is as fine as so many steps of Lab, alike to another within so many; and how much less a colour counts that
# is all over the picture.
_COLOUR, _ALIKE, _COMPACT = 12, 12.0, 14.0
# How wide the edge of a picture is, and how much of a colour at it is the background.
_EDGE, _BEHIND = 0.03, 0.35
# How much colour alone counts beside detail, and how much more what stands out most counts than what does a little.
_DETAIL, _CONTRAST = 0.35, 1.5
# The middle counts so much more than the edges: photographers put there what matters.
_MIDDLE = 0.6
# Another place is chosen only if its score exceeds that of the middle by this factor.
_WORTH_MOVING = 1.03
# So much of a view is its edge: left and right, above and below. Heads are above.
_EDGES_ACROSS, _EDGES_DOWN = (0.3, 0.3), (0.45, 0.2)
# What sees so much of the most that can be seen is as good.
_AS_GOOD = 0.96
# How much closer than the whole frame a camera usually comes; and what of a head is beside, above and below its face,
# as shares of the face.
CLOSE = 1.25
_BESIDE_FACE, _ABOVE_AND_BELOW_FACE = (0.25, 0.25), (0.6, 0.3)
# If a frame hides less of an axis than this share, it stays in the middle: a photograph in 16:9 loses nothing.
_LITTLE = 0.2
_NOTHING = 0.04
PARTS = 32


@dataclass(frozen=True)
class Interest:
    """The salience of a picture.

    ``columns`` and ``rows`` are the shares of the salience from the left and from the top; each adds up to 1. ``point``
    is the largest face or the most salient point; ``width`` and ``height`` are those of the upright picture.
    """

    width: int
    height: int
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    point: tuple[float, float]
    faces: tuple[Face, ...] = ()


def interest_of(path: Path) -> Interest | None:
    """Analyse a picture; None if nothing in it stands out. Raises ``PictureUnreadable``."""
    image = read_picture(path, LOOKED_AT)
    factor = LOOKED_AT / max(image.size)
    small = image if factor >= 1 else image.resize([max(1, round(side * factor)) for side in image.size])
    rgb = np.asarray(small.convert("RGB"))
    salience = _salience(rgb)
    if salience is None:
        return None
    faces = faces_in(rgb)
    columns, rows = (_parts(salience.sum(axis=axis)) for axis in (0, 1))
    top, left = np.unravel_index(int(salience.argmax()), salience.shape)
    point = ((float(left) + 0.5) / salience.shape[1], (float(top) + 0.5) / salience.shape[0])
    if faces:
        first, over, last, under = faces[0]
        point = ((first + last) / 2, (over + under) / 2)
    return Interest(image.width, image.height, columns, rows, point, faces)


def _salience(rgb: np.ndarray) -> np.ndarray | None:
    """Return the salience, (side, side) float, weighted towards the middle; None for a uniform picture."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    lab = cv2.resize(lab, (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    if lab.std(axis=(0, 1)).max() < 1:
        return None
    detail = np.sum([_residual(channel) for channel in cv2.split(lab)], axis=0)
    salience = _normal(_rarity(lab)) * (_DETAIL + _normal(detail)) * _middle_weight()
    return np.asarray(cv2.GaussianBlur(salience, (0, 0), _BLUR / 2) ** _CONTRAST)


def _normal(values: np.ndarray) -> np.ndarray:
    low, high = np.percentile(values, (2, 98))
    return np.asarray(np.clip((values - low) / (high - low + 1e-9), 0, 1))


def _rarity(lab: np.ndarray) -> np.ndarray:
    """Return a high value for a colour that differs from all others and whose pixels are close together.

    As in Perazzi and others, "Saliency Filters" (CVPR 2012), over colours instead of superpixels.
    """
    _, colour_of, counts = np.unique((lab // _COLOUR).reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    colour_of = colour_of.reshape(-1)
    pixels = lab.reshape(-1, 3)
    places = np.indices((MAP_SIDE, MAP_SIDE)).reshape(2, -1).T / MAP_SIDE
    colours = np.stack([np.bincount(colour_of, pixels[:, axis]) for axis in range(3)], axis=1) / counts[:, None]
    middles = np.stack([np.bincount(colour_of, places[:, axis]) for axis in range(2)], axis=1) / counts[:, None]
    squares = np.bincount(colour_of, (places**2).sum(axis=1)) / counts
    apart = ((colours[:, None] - colours[None]) ** 2).sum(axis=2)
    weights = counts / counts.sum()
    unique = np.sqrt(apart) @ weights
    alike = np.exp(-apart / (2 * _ALIKE**2)) * weights
    alike /= alike.sum(axis=1, keepdims=True)
    spread = alike @ squares - ((alike @ middles) ** 2).sum(axis=1)
    # What runs along the edges of the picture is behind something (Zhu and others, "Saliency Optimization from Robust
    # Background Detection", CVPR 2014).
    is_edge = (places.min(axis=1) < _EDGE) | (places.max(axis=1) >= 1 - _EDGE)
    at_edge = np.bincount(colour_of, is_edge, len(counts)) / np.sqrt(counts * MAP_SIDE)
    near = np.exp(-apart / (2 * _COLOUR**2)) * weights
    at_edge = (near / near.sum(axis=1, keepdims=True)) @ at_edge
    behind = np.exp(-((at_edge / _BEHIND) ** 2) / 2)
    return np.asarray((unique * behind * np.exp(-_COMPACT * spread))[colour_of].reshape(MAP_SIDE, MAP_SIDE), np.float32)


def _residual(channel: np.ndarray) -> np.ndarray:
    if channel.std() < 1:
        return np.zeros_like(channel)
    spectrum = np.fft.fft2(channel)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log, (_AVERAGE, _AVERAGE), borderType=cv2.BORDER_REPLICATE)
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    seen = cv2.GaussianBlur(np.abs(back).astype(np.float32) ** 2, (0, 0), _BLUR)
    return np.asarray(seen / (seen.sum() + 1e-9) * channel.std())


def _middle_weight() -> np.ndarray:
    across = np.linspace(-1, 1, MAP_SIDE)
    bell = 1 - _MIDDLE * (across[None, :] ** 2 + across[:, None] ** 2) / 2
    return np.asarray(bell)


def _parts(sums: np.ndarray) -> tuple[float, ...]:
    parts = sums.reshape(PARTS, -1).sum(axis=1)
    return tuple(round(float(part), 5) for part in parts / parts.sum())


def is_cropped(width: int, height: int, picture: tuple[int, int]) -> bool:
    """Return whether a frame of this shape hides a notable part of a picture of (width, height)."""
    shape = width / height * picture[1] / picture[0]
    return min(shape, 1 / shape) < 1 - _NOTHING


def place_in(interest: Interest, width: int, height: int) -> tuple[float, float]:
    """Return the focus for a frame of this shape: the share of the hidden part that is left of and above the view."""
    wide, high = width / height, interest.width / interest.height
    if not is_cropped(width, height, (interest.width, interest.height)):
        return 0.5, 0.5
    if interest.faces:
        return _place_of_faces(interest.faces, min(1.0, wide / high), min(1.0, high / wide))
    return (
        _place(interest.columns, min(1.0, wide / high), _EDGES_ACROSS),
        _place(interest.rows, min(1.0, high / wide), _EDGES_DOWN),
    )


def _place_of_faces(faces: tuple[Face, ...], seen_across: float, seen_down: float) -> tuple[float, float]:
    """Return the middle of as many faces as fit, the largest first, even when the camera is closest."""
    across = [_span(face[0], face[2], _BESIDE_FACE) for face in faces]
    down = [_span(face[1], face[3], _ABOVE_AND_BELOW_FACE) for face in faces]
    return _middle_of(across, seen_across / CLOSE), _middle_of(down, seen_down / CLOSE)


def _span(first: float, last: float, room: tuple[float, float]) -> tuple[float, float]:
    """Extend the span of a face to that of its head."""
    size = last - first
    return max(0.0, first - size * room[0]), min(1.0, last + size * room[1])


def _middle_of(spans: list[tuple[float, float]], seen: float) -> float:
    first, last = spans[0]
    for span in spans[1:]:
        if max(last, span[1]) - min(first, span[0]) <= seen:
            first, last = min(first, span[0]), max(last, span[1])
    return round(min(1.0, max(0.0, ((first + last) / 2 - seen / 2) / (1 - seen))), 3)


def _place(parts: tuple[float, ...], seen: float, edges: tuple[float, float]) -> float:
    """Return the best position of a view of this share of an axis; the middle, if others are hardly better.

    The edge of a view counts less than its inside, so that no head is at the edge, where it is cropped.
    """
    hidden = 1 - seen
    if hidden < _LITTLE:
        return 0.5
    places = np.linspace(0, 1, 41)
    middles = (np.arange(len(parts)) + 0.5) / len(parts)
    within = (middles[None, :] - places[:, None] * hidden) / seen
    inside = np.minimum(within / edges[0], (1 - within) / edges[1])
    scores = np.clip(inside, 0, 1) @ np.asarray(parts)
    if scores.max() < _WORTH_MOVING * scores[len(places) // 2]:
        return 0.5
    as_good = places[scores >= _AS_GOOD * scores.max()]
    middle = as_good.mean()
    # Prefer the higher rows: a cropped crown is worse than a cropped chin.
    return round(float((as_good[0] + middle) / 2 if edges is _EDGES_DOWN else middle), 3)
