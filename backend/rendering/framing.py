"""Camera motions as pure numbers, one for each scene, never rounded to pixels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from rendering.film import Film, Scene

Point = tuple[float, float]

# "auto" chooses from these; "drift" and "still" are used only if set explicitly.
_CHOSEN_FROM = ("zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down")
# How far the camera moves sideways in a pan, as a share of the available distance.
_PAN_REACH = 0.5
# A picture that is scaled for its motion may be larger than requested by this many source pixels.
_ROUNDED_UP = 2


@dataclass(frozen=True)
class Motion:
    """A linear camera move.

    ``zoom`` and ``place`` have the values at the start and at the end. A zoom of 1 shows as much as fits the frame; a
    place (x, y) is the share of the hidden picture that is left of and above the view: 0.5 is the middle, 0 the edge.
    """

    zoom: tuple[float, float]
    place: tuple[Point, Point]

    @property
    def is_steady(self) -> bool:
        """Return whether the zoom is constant; a picture scaled for such a motion is only shifted, not resampled."""
        return self.zoom[0] == self.zoom[1]


@dataclass(frozen=True)
class View:
    """The visible part of a picture: left and top in source pixels, ``step`` in source pixels per output pixel."""

    left: float
    top: float
    step: float


def motions_of(film: Film) -> list[Motion]:
    """Return the motion of every scene. "auto" depends on the picture, not its position; two neighbours differ."""
    motions, before = [], ""
    for scene in film.scenes:
        name = scene.motion if scene.motion != "auto" else film.format.motion
        if name == "auto":
            name = _chosen(scene, before)
        # The camera of a title card does not move; its neighbours choose by the card's nominal motion anyway.
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
    """Return a range of length ``_PAN_REACH`` around ``middle``, within the picture."""
    low = min(max(middle - _PAN_REACH / 2, 0.0), 1.0 - _PAN_REACH)
    return low, low + _PAN_REACH


def view_at(motion: Motion, progress: float, source: tuple[float, float], frame: tuple[int, int]) -> View:
    """Return the view at ``progress`` 0 to 1; ``source`` and ``frame`` are (width, height)."""
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
    """Return (left, top, right, bottom) of everything that ``motion`` shows, in source pixels, or slightly more."""
    steps = [view_at(motion, end, source, frame).step for end in (0, 1)]

    def ends(axis: int) -> tuple[float, float]:
        # An edge is bilinear in step and place, so its extreme is at one of these.
        places = [(step, place[axis]) for step in steps for place in motion.place]
        firsts = [(source[axis] - frame[axis] * step) * place for step, place in places]
        return min(firsts), max(first + frame[axis] * step for first, (step, _) in zip(firsts, places, strict=True))

    (left, right), (top, bottom) = ends(0), ends(1)
    return left, top, right, bottom


def _between(ends: tuple[float, float], progress: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * progress
