"""Writes numbers.json: what the renderer computes, for the browser's copy of its formulas to be compared with.

Run from the repository's root: .venv/bin/python frontend/lib/film-numbers/compute.py
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "backend"))

from rendering.cues import cues_of  # noqa: E402
from rendering.film import Film, Format, Picture, Scene, Sound, SpokenWord, SubtitleStyle  # noqa: E402
from rendering.framing import motions_of, view_at  # noqa: E402
from rendering.timeline import lay_out  # noqa: E402

NOWHERE = Path()
WORDS = "The lamp, she said; was lit. At dusk — “always” (or nearly so) … it burned on and on and on and on, unseen!"


def numbers() -> dict[str, object]:
    dice = random.Random(7)
    return {
        "timelines": [_timeline(dice, fps, fade) for fps, fade in [(30, 0.5), (25, 0.5), (24, 0), (60, 0.01), (50, 2)]],
        "motions": [_motion(name, dice) for name in _names()],
        "chains": [_chain(dice) for _ in range(6)],
        "cues": [_cues(dice, most) for most in (1, 3, 8, 20)],
    }


def _timeline(dice: random.Random, fps: int, fade: float) -> dict[str, object]:
    lengths = [None if dice.random() < 0.3 else round(dice.uniform(0.05, 9), 3) for _ in range(12)]
    # Of its own, so that what the other numbers are drawn from stays as it was.
    other = random.Random(fps)
    pauses = [None if other.random() < 0.5 else round(other.uniform(0.1, 5), 2) for _ in range(12)]
    fmt = Format(fps=fps, transition_s=fade)
    scenes = tuple(
        Scene(str(n), "", sound=_sound(length), pause_s=pause)
        for n, (length, pause) in enumerate(zip(lengths, pauses, strict=True))
    )
    line = lay_out(Film("", scenes, fmt))
    shots = [[shot.start, shot.frames, shot.sound_start_s] for shot in line.shots]
    return {
        "fps": fps,
        "transition_s": fade,
        "lengths": lengths,
        "pauses": pauses,
        "shots": shots,
        "frames": line.frames,
    }


def _sound(length: float | None) -> Sound | None:
    return None if length is None else Sound(NOWHERE, "", length)


def _names() -> tuple[str, ...]:
    return ("still", "zoom-in", "zoom-out", "pan-left", "pan-right", "pan-up", "pan-down", "drift")


def _motion(name: str, dice: random.Random) -> dict[str, object]:
    focus, zoom = (round(dice.random(), 2), round(dice.random(), 2)), round(dice.uniform(1, 2), 2)
    scene = Scene("a", "", Picture(NOWHERE, "d", focus), motion=name)
    (motion,) = motions_of(Film("", (scene,), Format(zoom=zoom)))
    # So large that no motion gets as close as a pixel for a pixel, where the renderer has sized the picture before.
    source, frame = (dice.randint(2500, 4000), dice.randint(4000, 6000)), (1080, 1920)
    views = [[p, *asdict(view_at(motion, p, source, frame)).values()] for p in (0, 0.25, 0.9, 1)]
    return {"name": name, "focus": focus, "zoom": zoom, "source": source, "frame": frame, "views": views}


def _chain(dice: random.Random) -> dict[str, object]:
    digests = [f"{dice.getrandbits(64):x}" for _ in range(10)]
    zooms = Format().zoom
    film = Film("", tuple(Scene("", "", Picture(NOWHERE, digest)) for digest in digests), Format())
    by_motion = {
        str(motions_of(Film("", (Scene("", "", Picture(NOWHERE, "d"), motion=name),), Format(zoom=zooms)))[0]): name
        for name in _names()
    }
    return {"digests": digests, "names": [by_motion[str(motion)] for motion in motions_of(film)]}


def _cues(dice: random.Random, most: int) -> dict[str, object]:
    at, words = 0.2, []
    for text in WORDS.split():
        end = at + round(dice.uniform(0.1, 0.5), 3)
        words.append(SpokenWord(text, at, end))
        at = end + round(dice.choice([0, 0.05, 0.9]), 3)
    cues = cues_of(Scene("", "", words=tuple(words)), SubtitleStyle(max_words=most))
    return {
        "most": most,
        "words": [[word.text, word.start_s, word.end_s] for word in words],
        "cues": [[cue.start_s, cue.end_s, cue.text] for cue in cues],
    }


if __name__ == "__main__":
    Path(__file__).with_name("numbers.json").write_text(json.dumps(numbers()) + "\n", encoding="utf-8")
