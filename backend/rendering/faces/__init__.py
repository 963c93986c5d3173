"""Detect frontal faces in a picture by a cascade of local binary patterns over windows of every size.

The detector is that of Liao and others, "Learning Multi-scale Block Local Binary Patterns for Face Recognition" (2007),
with the numbers of a cascade of OpenCV 4 (README.md). OpenCV 5 cannot run cascades any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

# (left, top, right, bottom) as shares of the picture.
Face = tuple[float, float, float, float]

WINDOW = 24
# The longer side of the analysed picture, in pixels: faces of at least a thirteenth of it are found.
LOOKED_AT = 320
_SMALLER, _STEP = 1.15, 2
# A face needs at least this many overlapping windows, which share this part of their area.
_FEWEST, _OVERLAP = 3, 0.4
_SLACK = 1e-5


@dataclass(frozen=True)
class _Cascade:
    """A cascade of weak classifiers.

    ``cells`` are (x, y, width, height) of the first of nine; ``subsets`` are the patterns that lead to the first leaf.
    """

    cells: np.ndarray
    subsets: np.ndarray
    leaves: np.ndarray
    stages: np.ndarray
    thresholds: np.ndarray


@cache
def _cascade() -> _Cascade:
    with np.load(Path(__file__).with_name("frontal.npz")) as kept:
        return _Cascade(**{name: kept[name] for name in kept.files})


def faces_in(rgb: np.ndarray) -> tuple[Face, ...]:
    """Return the faces, the largest first."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    height, width = grey.shape
    found: list[np.ndarray] = []
    factor = LOOKED_AT / max(height, width)
    while min(height, width) * factor >= WINDOW:
        size = (max(WINDOW, round(width * factor)), max(WINDOW, round(height * factor)))
        level = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
        corners = _windows_with_faces(level)
        shares = np.array([size[0], size[1], size[0], size[1]])
        found.append(np.hstack([corners, corners + WINDOW]) / shares)
        factor /= _SMALLER
    boxes = np.vstack(found) if found else np.zeros((0, 4))
    return tuple(sorted(_gathered(boxes), key=_area, reverse=True))


def _windows_with_faces(grey: np.ndarray) -> np.ndarray:
    """Return the windows with a face, (n, 2) of (left, top) in pixels."""
    cascade = _cascade()
    sums = cv2.integral(grey).astype(np.int64)
    tops, lefts = np.indices([(side - WINDOW) // _STEP + 1 for side in grey.shape]).reshape(2, -1) * _STEP
    weak = 0
    for count, threshold in zip(cascade.stages, cascade.thresholds, strict=True):
        score = np.zeros(len(tops), np.float32)
        for index in range(weak, weak + int(count)):
            pattern = _pattern(sums, tops, lefts, cascade.cells[index])
            is_first = (cascade.subsets[index][pattern >> 5] >> (pattern & 31).astype(np.uint32)) & 1
            score += np.where(is_first, *cascade.leaves[index])
        weak += int(count)
        passes = score >= threshold - _SLACK
        tops, lefts = tops[passes], lefts[passes]
    return np.stack([lefts, tops], axis=1)


def _pattern(sums: np.ndarray, tops: np.ndarray, lefts: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return, as eight bits from the top left on, which of the outer cells are at least as light as the middle one."""
    x, y, width, height = map(int, cell)
    grid: list[list[np.ndarray]] = [
        [sums[tops + y + row * height, lefts + x + column * width] for column in range(4)] for row in range(4)
    ]

    def light(row: int, column: int) -> Any:
        return grid[row][column] - grid[row][column + 1] - grid[row + 1][column] + grid[row + 1][column + 1]

    middle = light(1, 1)
    around = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))
    bits = [(light(*place) >= middle).astype(np.int64) << (7 - n) for n, place in enumerate(around)]
    return np.asarray(np.bitwise_or.reduce(bits))


def _gathered(boxes: np.ndarray) -> list[Face]:
    """Merge overlapping boxes to one each; groups of few boxes are false detections."""
    left = list(range(len(boxes)))
    faces: list[Face] = []
    while left:
        overlaps = _overlaps(boxes[left[0]], boxes[left])
        heap = [index for index, overlap in zip(left, overlaps, strict=True) if overlap > _OVERLAP]
        left = [index for index, overlap in zip(left, overlaps, strict=True) if overlap <= _OVERLAP]
        if len(heap) >= _FEWEST:
            first, top, last, bottom = boxes[heap].mean(axis=0)
            faces.append((float(first), float(top), float(last), float(bottom)))
    return faces


def _overlaps(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Return the share of each box's union with ``box`` that both cover."""
    wide = np.minimum(box[2], boxes[:, 2]) - np.maximum(box[0], boxes[:, 0])
    high = np.minimum(box[3], boxes[:, 3]) - np.maximum(box[1], boxes[:, 1])
    both = np.clip(wide, 0, None) * np.clip(high, 0, None)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.asarray(both / ((box[2] - box[0]) * (box[3] - box[1]) + areas - both))


def _area(face: Face) -> float:
    return (face[2] - face[0]) * (face[3] - face[1])
