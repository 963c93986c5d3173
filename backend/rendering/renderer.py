"""Render a film to MP4, SRT and VTT: draw only the chunks that the cache lacks, on every core."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2

from rendering.assembly import assemble
from rendering.chunk_cache import ChunkCache
from rendering.cues import Cue, srt, webvtt
from rendering.encoder import translate_io_errors
from rendering.errors import ChunkLost
from rendering.film import Film
from rendering.lettering import check_segment, stand_ins
from rendering.painter import Painter, Sources, chunk_key
from rendering.sound import SoundTrack, sound_keys, sound_track
from rendering.timeline import Chunk, Shot, Timeline, lay_out

DEFAULT_CACHE_BYTES = 5 * 1024**3

Report = Callable[["Progress"], None]


@dataclass(frozen=True)
class Progress:
    """The progress of a render: ``done`` of ``total`` frames.

    ``phase`` is "drawing", "sound", "assembling" or "done"; neither goes back.
    """

    phase: str
    done: int
    total: int
    segment: int


@dataclass(frozen=True)
class Rendered:
    """A finished render: ``drawn`` of ``chunks`` chunks were drawn, the rest came from the cache.

    ``notes`` are sentences about marks that the subtitles replace; ``cuts`` are the first frames of the shots;
    ``sound_sha256`` is the digest of the sound's packets, which are the same in every size.
    """

    path: Path
    frames: int
    duration_s: float
    chunks: int
    drawn: int
    drawn_frames: int = 0
    notes: tuple[str, ...] = ()
    cuts: tuple[int, ...] = ()
    sound_sha256: str = ""


def render(
    film: Film,
    out: Path,
    cache_folder: Path,
    *,
    workers: int | None = None,
    report: Report = lambda progress: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    cache_bytes: int = DEFAULT_CACHE_BYTES,
) -> Rendered:
    """Write ``out`` (.mp4) and, with subtitles, ``.srt`` and ``.vtt`` beside it.

    The bytes are the same for any number of workers. On any error, ``out`` stays unchanged, and finished chunks stay in
    the cache. Raises ``RenderingError`` and its subclasses, and ``RenderCancelled``.
    """
    with Drawing(film, cache_folder, workers=workers, report=report, is_cancelled=is_cancelled) as drawing:
        return drawing.finish(out, cache_bytes=cache_bytes)


class Drawing:
    """A film whose chunks are drawn in background threads; a context manager that stops these threads.

    Assembling a film uses one core, so the next film can be drawn meanwhile. Raises the errors of ``render``.
    """

    def __init__(
        self,
        film: Film,
        cache_folder: Path,
        *,
        workers: int | None = None,
        report: Report = lambda progress: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._film = film
        self._timeline = lay_out(film)
        self._notes = _check(film, self._timeline)
        self._steps = _Steps(self._timeline, report, is_cancelled)
        with translate_io_errors():
            self._cache = ChunkCache(cache_folder)
        self._workers = workers or os.cpu_count() or 1
        self._chunk_keys = [chunk_key(chunk, film) for chunk in self._timeline.chunks]
        self._pool = ThreadPoolExecutor(1, "drawing")
        self._drawn = self._pool.submit(self._draw)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._steps.has_failed.set()
        self._pool.shutdown()

    @property
    def keys(self) -> list[str]:
        """The keys of all cache entries of the film."""
        return [*self._chunk_keys, *sound_keys(self._timeline)]

    def wait(self) -> None:
        """Wait until every chunk and the sound are in the cache."""
        self._drawn.result()

    def finish(self, out: Path, *, cache_bytes: int = DEFAULT_CACHE_BYTES, also_in_use: Iterable[str] = ()) -> Rendered:
        """Assemble ``out`` and write its subtitles; then shrink the cache to ``cache_bytes``."""
        drawn, track = self._drawn.result()
        try:
            self._assemble(track, out)
        except ChunkLost:  # the damaged chunk is deleted now, so this time it is drawn
            drawn, track = self._draw()
            self._assemble(track, out)
        write_subtitles(self._timeline, out)
        with translate_io_errors():
            self._cache.keep_within(cache_bytes, in_use=[*self.keys, *also_in_use])
        self._steps.enter("done")
        return Rendered(
            out,
            self._timeline.frames,
            self._timeline.duration_s,
            len(self._chunk_keys),
            len(drawn),
            sum(chunk.frames for chunk in drawn),
            self._notes,
            tuple(shot.start for shot in self._timeline.shots),
            track.sha256,
        )

    def _draw(self) -> tuple[list[Chunk], SoundTrack]:
        """Draw the missing chunks and encode the sound in parallel. Returns both."""
        chunks = zip(self._chunk_keys, self._timeline.chunks, strict=True)
        missing = [(key, chunk) for key, chunk in chunks if not self._cache.has(key)]
        self._steps.start_at(self._timeline.frames - sum(chunk.frames for _, chunk in missing))
        with translate_io_errors(), ThreadPoolExecutor(1, "sound") as beside:
            track = beside.submit(sound_track, self._timeline, self._cache)
            _draw(self._film, missing, self._cache, self._workers, self._steps)
            self._steps.enter("sound")
            return [chunk for _, chunk in missing], track.result()

    def _assemble(self, track: SoundTrack, out: Path) -> None:
        self._steps.enter("assembling")
        assemble(self._film, self._timeline, self._chunk_keys, self._cache, track, out, self._steps.is_stopped)


def _check(film: Film, timeline: Timeline) -> tuple[str, ...]:
    """Check the subtitles before the long drawing. Returns the notes about marks that the font lacks."""
    notes: dict[str, str] = {}
    font = film.format.subtitles.font if film.format.subtitles else None
    for shot in timeline.shots:
        for cue in shot.cues:
            check_segment(shot.number, cue.text, font)
            for mark, plain in stand_ins(cue.text, font).items():
                what = f"“{plain}” is drawn instead" if plain.strip() else "it is left out"
                notes.setdefault(mark, f"Segment {shot.number}: the subtitle font has no {mark}; {what}.")
    return tuple(notes.values())


class _Steps:
    """A thread-safe counter of frames that reports progress, never backwards and not for every frame."""

    def __init__(self, timeline: Timeline, report: Report, is_cancelled: Callable[[], bool]) -> None:
        self._total = timeline.frames
        self._report = report
        self._is_cancelled = is_cancelled
        self._every = max(1, timeline.frames // 1000)
        self._lock = threading.Lock()
        self._phase, self._done, self._said, self._segment = "drawing", 0, -1, 0
        self.has_failed = threading.Event()

    def is_stopped(self) -> bool:
        return self.has_failed.is_set() or self._is_cancelled()

    def start_at(self, frames: int) -> None:
        """Count the frames that come from the cache."""
        with self._lock:
            self._done = max(self._done, frames)
            self._say()

    def drawn(self, segment: int) -> None:
        with self._lock:
            self._done = min(self._done + 1, self._total)
            self._segment = max(self._segment, segment)
            if self._done - self._said >= self._every:
                self._say()

    def enter(self, phase: str) -> None:
        with self._lock:
            self._phase = phase
            self._say()

    def _say(self) -> None:
        self._said = self._done
        self._report(Progress(self._phase, self._done, self._total, self._segment))


def _draw(film: Film, missing: list[tuple[str, Chunk]], cache: ChunkCache, workers: int, steps: _Steps) -> None:
    """Draw every missing chunk in ``workers`` threads; OpenCV and x264 release Python's lock."""
    if not missing:
        return
    cv2.setNumThreads(1)
    painters = threading.local()
    shots = {shot.number: shot for _, chunk in missing for shot in (chunk.shot, chunk.into) if shot}

    def draw(key: str, chunk: Chunk) -> None:
        if not hasattr(painters, "own"):
            painters.own = Painter(film, sources, steps.is_stopped)
        cache.put(key, painters.own.encode(chunk, lambda: steps.drawn(chunk.shot.number)))

    with (
        Sources(film, list(shots.values()), keep=workers + 3) as sources,
        ThreadPoolExecutor(workers, "painter") as pool,
    ):
        jobs = [pool.submit(draw, key, chunk) for key, chunk in missing]
        try:
            for job in as_completed(jobs):
                job.result()
        except BaseException:
            steps.has_failed.set()
            for job in jobs:
                job.cancel()
            raise


def write_subtitles(timeline: Timeline, out: Path) -> None:
    """Write ``.srt`` and ``.vtt`` beside ``out``, in the film's time; without lines, delete an older pair."""
    cues = [_in_film(cue, shot) for shot in timeline.shots for cue in shot.cues]
    for suffix, written in ((".srt", srt(cues)), (".vtt", webvtt(cues))):
        target = out.with_suffix(suffix)
        if not cues:
            target.unlink(missing_ok=True)
            continue
        beside = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with translate_io_errors():
                beside.write_text(written, encoding="utf-8")
                beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


def _in_film(cue: Cue, shot: Shot) -> Cue:
    offset = shot.start / shot.fps + shot.sound_start_s
    return Cue(offset + cue.start_s, offset + cue.end_s, cue.text)
