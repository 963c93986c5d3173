"""Draw the frames of a chunk and encode them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from rendering.chunk_cache import digest_of
from rendering.encoder import Encoded, VideoEncoder, versions, video_settings
from rendering.errors import RenderCancelled
from rendering.film import Film
from rendering.lettering import DEFAULT_FONT
from rendering.overlays import Overlay
from rendering.planes import Planes, Source, crossfade, empty_planes, source_of, warp
from rendering.subtitle_room import USUAL_MARGINS, margins_of
from rendering.timeline import Chunk, Shot

# Incremented whenever the drawing or a chunk's times change, so that older chunks are not reused.
DRAWING_VERSION = 4


def chunk_key(chunk: Chunk, film: Film) -> str:
    """Return a hash of all inputs of the chunk and of nothing else, so that other edits do not change it."""
    shots = [_seen(chunk.shot, chunk.first, chunk.last, film)]
    if chunk.into:
        shots.append(_seen(chunk.into, 0, chunk.frames, film))
    fmt = film.format
    return digest_of(
        DRAWING_VERSION, versions(), [fmt.width, fmt.height, fmt.fps], video_settings(fmt), _style(film), shots
    )


def _seen(shot: Shot, first: int, last: int, film: Film) -> list[object]:
    picture = shot.scene.picture
    shown = [picture.digest] if picture else _card_key(shot)
    lines = [
        [max(cue.first, first), min(cue.last, last), cue.text]
        for cue in shot.cue_frames
        if cue.first < last and cue.last > first
    ]
    motion = [shot.motion.zoom, shot.motion.place]
    return [shown, motion, shot.scene.fit or film.format.fit, shot.frames, first, last, lines]


def _card_key(shot: Shot) -> list[object]:
    return [*shot.card.key, _font_digest(shot.card.font)] if shot.card else []


def _style(film: Film) -> list[object]:
    style = film.format.subtitles
    if style is None:
        return []
    margins = margins_of(film.format)
    beyond = [] if margins == USUAL_MARGINS else [margins.top, margins.bottom, margins.side]
    return [style.style, style.size, style.place, _font_digest(style.font or DEFAULT_FONT), *beyond]


@lru_cache(maxsize=8)
def _font_digest(font: Path) -> str:
    return hashlib.sha256(font.read_bytes()).hexdigest()


class Sources:
    """A cache of the shots' scaled pictures, shared by all workers, which go through the film together.

    The picture after the requested one is prepared in advance. The last ``keep`` stay in memory. A context manager.
    """

    def __init__(self, film: Film, shots: Sequence[Shot], keep: int) -> None:
        self._film = film
        self._shots = {shot.number: shot for shot in shots}
        self._keep = keep
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "pictures")
        self._planes: dict[int, Future[Source]] = {}

    def __enter__(self) -> Sources:
        return self

    def __exit__(self, *exc: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def of(self, shot: Shot) -> Source:
        """Read the picture of a shot. Raises ``PictureUnreadable``."""
        with self._lock:
            wanted = self._begun(shot)
            if following := self._shots.get(shot.number + 1):
                self._begun(following)
        return wanted.result()

    def _begun(self, shot: Shot) -> Future[Source]:
        if shot.number not in self._planes:
            while len(self._planes) >= self._keep:
                del self._planes[min(self._planes)]
            self._planes[shot.number] = self._pool.submit(source_of, shot, self._film)
        return self._planes[shot.number]


class Painter:
    """The painter of one worker, with a cache of its latest overlays; not thread-safe."""

    def __init__(self, film: Film, sources: Sources, is_cancelled: Callable[[], bool]) -> None:
        self._film = film
        self._sources = sources
        self._is_cancelled = is_cancelled
        self._overlays: dict[str, Overlay] = {}
        self._fade = (empty_planes(film.format), empty_planes(film.format)) if film.format.transition_frames else None

    def encode(self, chunk: Chunk, on_frame: Callable[[], None]) -> Encoded:
        """Draw and encode a chunk.

        Raises ``RenderCancelled`` between two frames, ``PictureUnreadable`` and ``SubtitleUndrawable``.
        """
        encoder = VideoEncoder(self._film.format)
        planes = encoder.planes
        for frame in range(chunk.first, chunk.last):
            if self._is_cancelled():
                raise RenderCancelled
            if chunk.into is None:
                self._draw(chunk.shot, frame, planes)
            else:
                self._draw_joint(chunk, chunk.into, frame, planes)
            encoder.take()
            on_frame()
        return encoder.finish()

    def _draw_joint(self, chunk: Chunk, into: Shot, frame: int, out: Planes) -> None:
        assert self._fade is not None
        before, after = self._fade
        step = frame - chunk.first
        self._draw(chunk.shot, frame, before)
        self._draw(into, step, after)
        crossfade(before, after, (step + 1) / (chunk.frames + 1), out)

    def _draw(self, shot: Shot, frame: int, out: Planes) -> None:
        source = self._sources.of(shot)
        fmt = self._film.format
        view = source.view_at(shot.motion, frame / (shot.frames - 1), (fmt.width, fmt.height))
        warp(source.planes, view, out)
        if text := shot.cue_at(frame):
            self._overlay(text).blend(out)

    def _overlay(self, text: str) -> Overlay:
        style = self._film.format.subtitles
        assert style is not None
        if text not in self._overlays:
            if len(self._overlays) >= 8:
                self._overlays.clear()
            self._overlays[text] = Overlay(text, style, self._film.format)
        return self._overlays[text]
