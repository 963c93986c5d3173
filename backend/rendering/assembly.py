"""Assemble chunks and sound to one MP4 without re-encoding: write a temporary file, read it back, rename it."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import av

from rendering.chunk_cache import ChunkCache
from rendering.encoder import AAC_FRAME, set_up_sound, set_up_video, translate_io_errors
from rendering.errors import ChunkLost, RenderCancelled, VideoNotVerified
from rendering.film import SAMPLE_RATE, Film
from rendering.sound import SoundTrack
from rendering.timeline import Timeline

if TYPE_CHECKING:
    from av.container.core import Chapter

_CHAPTER_LETTERS = 60


def assemble(
    film: Film,
    timeline: Timeline,
    keys: list[str],
    cache: ChunkCache,
    track: SoundTrack,
    out: Path,
    is_cancelled: Callable[[], bool],
) -> None:
    """Write ``out``, with one chunk in memory at a time.

    Raises ``NoSpaceLeft``, ``ChunkLost``, ``VideoNotVerified``, ``RenderCancelled``; ``out`` is unchanged then.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with translate_io_errors():
            _write(film, timeline, keys, cache, track, beside, is_cancelled)
            _verify(beside, timeline)
            _settle(beside)
            beside.replace(out)
            _settle(out.parent)
    finally:
        beside.unlink(missing_ok=True)


def _write(
    film: Film,
    timeline: Timeline,
    keys: list[str],
    cache: ChunkCache,
    track: SoundTrack,
    path: Path,
    is_cancelled: Callable[[], bool],
) -> None:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        video = container.add_stream("libx264", rate=film.format.fps)
        set_up_video(video.codec_context, film.format)
        sound = container.add_stream("aac", rate=SAMPLE_RATE)
        set_up_sound(sound.codec_context)
        container.metadata["title"] = film.title
        container.set_chapters(_chapters(timeline))
        container.start_encoding()
        if bytes(sound.codec_context.extradata or b"") != track.header:
            raise VideoNotVerified(details="The sound's header differs from the stream's.")
        pending = _SoundPackets(sound, track, timeline.samples)
        last = None
        for chunk, key in zip(timeline.chunks, keys, strict=True):
            if is_cancelled():
                raise RenderCancelled
            encoded = cache.get(key)
            if encoded is None or len(encoded.packets) != chunk.frames:
                raise ChunkLost
            if encoded.header != bytes(video.codec_context.extradata or b""):
                raise VideoNotVerified(details="A part's header differs from the stream's.")
            for kept in encoded.packets:
                packet = av.Packet(kept.payload)
                packet.stream, packet.time_base = video, Fraction(1, film.format.fps)
                packet.pts, packet.dts, packet.duration = kept.pts + chunk.start, kept.dts + chunk.start, 1
                packet.is_keyframe = kept.is_key
                if last is not None and packet.dts <= last:
                    raise VideoNotVerified(details="The parts overlap in time.")
                last = packet.dts
                pending.mux_until(container, packet.pts * timeline.samples // timeline.frames)
                container.mux(packet)
        pending.mux_until(container, timeline.samples)


class _SoundPackets:
    """Interleave sound and pictures, so that a player need not seek."""

    def __init__(self, stream: av.AudioStream, track: SoundTrack, samples: int) -> None:
        self._stream, self._track, self._samples, self._next = stream, track, samples, 0

    def mux_until(self, container: av.container.OutputContainer, sample: int) -> None:
        while self._next < len(self._track.packets) and (self._next - 1) * AAC_FRAME <= sample:
            packet = av.Packet(self._track.packets[self._next])
            packet.stream, packet.time_base = self._stream, Fraction(1, SAMPLE_RATE)
            packet.pts = packet.dts = (self._next - 1) * AAC_FRAME
            # The last packet is shortened, so that sound and picture end together.
            packet.duration = min(AAC_FRAME, self._samples - packet.pts)
            packet.is_keyframe = True
            container.mux(packet)
            self._next += 1


def _chapters(timeline: Timeline) -> list[Chapter]:
    starts = [shot.start for shot in timeline.shots] + [timeline.frames]
    return [
        {
            "id": shot.number,
            "start": start,
            "end": end,
            "time_base": Fraction(1, timeline.fps),
            "metadata": {"title": _chapter_title(shot.scene.text) or f"{shot.number}"},
        }
        for shot, (start, end) in zip(timeline.shots, pairwise(starts), strict=True)
    ]


def _chapter_title(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _CHAPTER_LETTERS else words[: _CHAPTER_LETTERS - 1].rsplit(" ", 1)[0] + "…"


def _verify(path: Path, timeline: Timeline) -> None:
    """Check that the file has every frame once, one frame apart, and both streams as long as the film.

    Raises ``VideoNotVerified`` if not.
    """
    frame = Fraction(1, timeline.fps)
    with av.open(str(path)) as container:
        times, sound_end = [], Fraction(0)
        for packet in container.demux():
            if packet.pts is None or packet.time_base is None:
                continue
            if packet.stream.type == "video":
                times.append(packet.pts * packet.time_base)
            elif packet.stream.type == "audio":
                sound_end = (packet.pts + (packet.duration or 0)) * packet.time_base
        if sorted(times) != [number * frame for number in range(timeline.frames)]:
            raise VideoNotVerified(details=f"{len(times)} frames were read back where {timeline.frames} were written.")
        if abs(sound_end - timeline.frames * frame) > Fraction(1, 1000):
            raise VideoNotVerified(
                details=f"The sound ends at {float(sound_end):.3f} s, the film at {timeline.duration_s:.3f} s."
            )


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
