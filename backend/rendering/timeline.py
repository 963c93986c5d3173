"""Lay out a film in whole frames: shots, chunks that end where a picture can start, and subtitle cues.

Neighbouring scenes share ``Format.transition_frames`` frames, the *joint*; the rest of a scene is its *body*. Bodies
are cut evenly into chunks of at most ``MAX_CHUNK_FRAMES``; a chunk is encoded as one closed group of pictures and
cached. Everything inside a scene counts from that scene's own first frame, so that a change in length before it leaves
its chunks as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rendering.cards import Card, card_of
from rendering.cues import Cue, cues_of
from rendering.film import SAMPLE_RATE, Film, Format, Scene
from rendering.framing import Motion, motions_of
from rendering.subtitle_room import is_room_for

MAX_CHUNK_FRAMES = 60


@dataclass(frozen=True)
class CueFrames:
    """A subtitle line, visible from frame ``first`` up to, not including, ``last`` of its shot."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Shot:
    """A scene in the film; ``start`` and ``frames`` are in frames, ``sound_start_s`` is relative to the shot."""

    scene: Scene
    motion: Motion
    number: int
    start: int
    frames: int
    sound_start_s: float
    cues: tuple[Cue, ...]
    fps: int
    # The title card of a scene without a picture.
    card: Card | None = None

    @cached_property
    def cue_frames(self) -> tuple[CueFrames, ...]:
        """Return the cues to draw, without the text that the title card shows."""
        return tuple(
            CueFrames(
                max(0, math.floor((self.sound_start_s + cue.start_s) * self.fps + 1e-6)),
                min(self.frames, math.floor((self.sound_start_s + cue.end_s) * self.fps + 1e-6)),
                cue.text,
            )
            for cue in self.cues
            if cue.end_s > self._carded_until_s + 1e-6
        )

    @cached_property
    def _carded_until_s(self) -> float:
        """Return the time in the narration of the first word that the card does not show."""
        words = self.scene.words
        if self.card is None or not words:
            return -math.inf
        return words[self.card.words].start_s if self.card.words < len(words) else math.inf

    def cue_at(self, frame: int) -> str | None:
        return next((cue.text for cue in self.cue_frames if cue.first <= frame < cue.last), None)


@dataclass(frozen=True)
class Chunk:
    """Frames ``first`` up to ``last`` of ``shot``; with ``into``, the joint in which this next shot fades in."""

    shot: Shot
    first: int
    last: int
    into: Shot | None = None

    @property
    def frames(self) -> int:
        return self.last - self.first

    @property
    def start(self) -> int:
        """Return the first frame in the film."""
        return self.shot.start + self.first


@dataclass(frozen=True)
class Timeline:
    shots: tuple[Shot, ...]
    chunks: tuple[Chunk, ...]
    frames: int
    fps: int

    @property
    def duration_s(self) -> float:
        return self.frames / self.fps

    @property
    def samples(self) -> int:
        return self.frames * SAMPLE_RATE // self.fps

    def sound_sample(self, shot: Shot) -> int:
        """Return the sample of the film's sound at which the narration of ``shot`` begins."""
        return shot.start * SAMPLE_RATE // self.fps + round(shot.sound_start_s * SAMPLE_RATE)


def lay_out(film: Film) -> Timeline:
    """Lay out the film in frames, in the same way for the estimate and the render.

    Raises ``SubtitleUndrawable`` if the font, which is needed to measure the subtitle lines, cannot be read.
    """
    shots: list[Shot] = []
    start = 0
    joint = film.format.transition_frames
    for number, (scene, motion) in enumerate(zip(film.scenes, motions_of(film), strict=True), 1):
        lead_s = joint / film.format.fps / 2
        frames = _frames_of(scene, film.format, lead_s)
        cues = _cues_of(scene, film.format) if scene.sound else ()
        card = None if scene.picture else card_of(scene, number, film.format)
        shots.append(Shot(scene, motion, number, start, frames, lead_s, cues, film.format.fps, card))
        start += frames - joint
    return Timeline(tuple(shots), tuple(_chunks(shots, joint)), start + joint, film.format.fps)


def _cues_of(scene: Scene, fmt: Format) -> tuple[Cue, ...]:
    style = fmt.subtitles
    return cues_of(scene, style, lambda text: is_room_for(text, style, fmt)) if style else ()


def _frames_of(scene: Scene, fmt: Format, lead_s: float) -> int:
    """Return half a joint, the narration, the pause and half a joint: narrations are at least a pause apart."""
    pause_s = fmt.pause_s if scene.pause_s is None else scene.pause_s
    heard_s = scene.sound.duration_s + pause_s if scene.sound else fmt.silent_scene_s
    shortest = 2 * fmt.transition_frames + 2
    return max(shortest, math.ceil((lead_s + heard_s + lead_s) * fmt.fps - 1e-6))


def _chunks(shots: list[Shot], joint: int) -> list[Chunk]:
    chunks = []
    for index, shot in enumerate(shots):
        following = shots[index + 1] if index + 1 < len(shots) else None
        first = joint if index else 0
        last = shot.frames - (joint if following else 0)
        pieces = -(-(last - first) // MAX_CHUNK_FRAMES)
        edges = [first + (last - first) * piece // pieces for piece in range(pieces + 1)]
        chunks += [Chunk(shot, begin, end) for begin, end in pairwise(edges)]
        if following and joint:
            chunks.append(Chunk(shot, last, shot.frames, into=following))
    return chunks
