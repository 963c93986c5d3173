"""Where the camera looks: motions as pure numbers, one for each scene, never rounded to pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rendering.film import Film, Scene

Point = tuple[float, float]

# What "auto" chooses from; "drift" and "still" are only for those who ask.
_CHOSEN_FROM = ("zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down")
# How far the camera travels sideways in a pan, as a share of the room it has.
_PAN_REACH = 0.5
# Source pixels by which a picture sized for its motion may be larger than asked for.
_ROUNDED_UP = 2


@dataclass(frozen=True)
class Motion:
    """A straight move from one view to another.

    ``zoom`` and ``place`` at the start and at the end. A zoom of 1 shows as much as fits the frame; a place (x, y) is
    the share of the hidden picture that lies left of and above the view, so 0.5 is the middle and 0 the edge.
    """

    zoom: tuple[float, float]
    place: tuple[Point, Point]

    @property
    def is_steady(self) -> bool:
        """It comes no closer: a picture sized for it is drawn pixel for pixel, only shifted."""
        return self.zoom[0] == self.zoom[1]


@dataclass(frozen=True)
class View:
    """What a frame shows: left and top edge in source pixels, ``step`` in source pixels per output pixel."""

    left: float
    top: float
    step: float


def motions_of(film: Film) -> list[Motion]:
    """A motion for every scene. "auto" goes by the picture, so that moving a scene keeps it; two neighbours differ."""
    motions, before = [], ""
    for scene in film.scenes:
        name = scene.motion if scene.motion != "auto" else film.format.motion
        if name == "auto":
            name = _chosen(scene, before)
        # A card is read, so its camera holds still; what its neighbours do goes by the name all the same.
        seen = name if scene.picture else "still"
        motions.append(_motion(seen, film.format.zoom, scene.picture.focus if scene.picture else (0.5, 0.5)))
        before = name
    return motions


def _chosen(scene: Scene, before: str) -> str:
    seed = scene.picture.digest if scene.picture else scene.name
    index = hashlib.sha256(seed.encode()).digest()[0] % len(_CHOSEN_FROM)
    name = _CHOSEN_FROM[index]
    return name if name != before else _CHOSEN_FROM[(index + 1) % len(_CHOSEN_FROM)]


def _motion(name: str, zoom: float, focus: Point) -> Motion:
    x, y = focus
    pan = (1 + zoom) / 2
    left, right = _around(x)
    up, down = _around(y)
    return {
        "still": Motion((1.0, 1.0), (focus, focus)),
        "zoom-in": Motion((1.0, zoom), (focus, focus)),
        "zoom-out": Motion((zoom, 1.0), (focus, focus)),
        "pan-right": Motion((pan, pan), ((left, y), (right, y))),
        "pan-left": Motion((pan, pan), ((right, y), (left, y))),
        "pan-down": Motion((pan, pan), ((x, up), (x, down))),
        "pan-up": Motion((pan, pan), ((x, down), (x, up))),
        "drift": Motion((1.0, zoom), ((left, up), (right, down))),
    }[name]


def _around(middle: float) -> tuple[float, float]:
    """A stretch of ``_PAN_REACH`` about ``middle`` that stays within the picture."""
    low = min(max(middle - _PAN_REACH / 2, 0.0), 1.0 - _PAN_REACH)
    return low, low + _PAN_REACH


def view_at(motion: Motion, progress: float, source: tuple[float, float], frame: tuple[int, int]) -> View:
    """The view at ``progress`` 0 to 1; ``source`` and ``frame`` are (width, height)."""
    zoom = _between(motion.zoom, progress)
    step = min(source[0] / frame[0], source[1] / frame[1]) / zoom
    if motion.is_steady and (step - 1) * max(frame) < _ROUNDED_UP:
        step = 1.0
    (x0, y0), (x1, y1) = motion.place
    return View(
        (source[0] - frame[0] * step) * _between((x0, x1), progress),
        (source[1] - frame[1] * step) * _between((y0, y1), progress),
        step,
    )


def reach_of(motion: Motion, source: tuple[float, float], frame: tuple[int, int]) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of all that ``motion`` ever shows, in source pixels; at most a little more."""
    steps = [view_at(motion, end, source, frame).step for end in (0, 1)]

    def ends(axis: int) -> tuple[float, float]:
        # An edge is bilinear in the step and the place, so it is nowhere further out than at one of these.
        places = [(step, place[axis]) for step in steps for place in motion.place]
        firsts = [(source[axis] - frame[axis] * step) * place for step, place in places]
        return min(firsts), max(first + frame[axis] * step for first, (step, _) in zip(firsts, places, strict=True))

    (left, right), (top, bottom) = ends(0), ends(1)
    return left, top, right, bottom


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * progress
