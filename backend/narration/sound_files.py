"""Write FLAC files, and read the sound files of people with FFmpeg."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from narration.compact_sound import CompactSound, Samples
from narration.downmix import Downmix
from narration.errors import InvalidRecording

MAX_RECORDING_S = 30 * 60
MAX_SILENT_START_S = 2 * 60
RECORDING_RATE = 48_000
KINDS = "WAV, MP3, FLAC, M4A, AAC, AIFF, Ogg (Opus, Vorbis) or WebM"

_BLOCK = 4096
_RATES = range(1_000, 768_001)
_MOST_CHANNELS = 32
# Real recordings are far below these; a malicious file could exceed them to exhaust the memory.
_MOST_PACKET_BYTES = 4 * 1024 * 1024
_MOST_FRAME_SAMPLES = 1 << 20
_LARGEST_SAMPLE = 1e6
# Below this peak no K-weighted block reaches the absolute gate of BS.1770: its filters add at most 4 dB.
_UNHEARD = 1e-4
_EBML = b"\x1a\x45\xdf\xa3"


def write_flac(path: Path | BinaryIO, samples: Samples, rate: int) -> None:
    """Write mono samples with 16 bits; the same samples give the same bytes. Raises ``OSError``."""
    target = str(path) if isinstance(path, Path) else path
    with av.open(target, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate)
        stream.codec_context.format, stream.codec_context.layout = "s16", "mono"
        for start in range(0, len(samples), _BLOCK):
            stretch = samples[start : start + _BLOCK]
            whole = np.clip(np.rint(stretch * 32767), -32768, 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(whole[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def read_recording(file: BinaryIO) -> np.ndarray:
    """Read a short sound as one float32 array, which takes twice the memory of ``read_sound``."""
    return read_sound(file)[:]


def read_sound(file: BinaryIO) -> CompactSound:
    """Read a file of one of ``KINDS`` as mono at ``RECORDING_RATE``.

    The format is detected by content, not by name. Raises ``InvalidRecording`` with the reason; for a sound longer than
    ``MAX_RECORDING_S`` or silent for ``MAX_SILENT_START_S``, already while it is decoded, whatever its header says.
    """
    file.seek(0)
    # The format is given, so that FFmpeg does not guess: a playlist would make it open other files.
    kind = recording_format(file.read(16))
    if kind is None:
        raise InvalidRecording(details=f"This is not a {KINDS} file.")
    file.seek(0)
    try:
        with av.open(file, "r", format=kind) as container:
            if not container.streams.audio:
                raise InvalidRecording(details="There is no sound in this file.")
            return _checked(_mono(container))
    except (av.error.FFmpegError, ValueError) as exc:
        raise InvalidRecording(
            details=f"This is not a sound file that can be read, or it is damaged. {KINDS} can be used."
        ) from exc


def recording_format(head: bytes) -> str | None:
    """Return FFmpeg's name of the container that starts with ``head``, or None if it cannot be used."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    if head[4:8] == b"ftyp":
        return "mp4"
    known = {b"fLaC": "flac", b"OggS": "ogg", _EBML: "matroska"}
    if head[:4] in known:
        return known[head[:4]]
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"  # ADTS: the sync word, then layer 0
    is_mpeg_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    return "mp3" if head[:3] == b"ID3" or is_mpeg_frame else None


def _checked(stretches: Iterator[np.ndarray]) -> CompactSound:
    """Join the stretches to one sound. Raises ``InvalidRecording`` as soon as the sound is unusable."""
    sound, is_heard = CompactSound(RECORDING_RATE), False
    for stretch in stretches:
        peak = float(np.abs(stretch).max(initial=0.0))
        if not peak <= _LARGEST_SAMPLE:  # also false for NaN
            raise InvalidRecording(details="The recording holds values that are no sound.")
        sound.add(stretch)
        if len(sound) > MAX_RECORDING_S * RECORDING_RATE:
            raise InvalidRecording(details=f"The recording is longer than {MAX_RECORDING_S // 60} minutes.")
        is_heard = is_heard or peak > _UNHEARD
        if not is_heard and len(sound) > MAX_SILENT_START_S * RECORDING_RATE:
            raise InvalidRecording(
                details="Nothing can be heard in this recording: "
                f"its first {MAX_SILENT_START_S // 60} minutes are silent."
            )
    if not len(sound):
        raise InvalidRecording(details="There is no sound in this file.")
    return sound


def _mono(container: av.container.InputContainer) -> Iterator[np.ndarray]:
    """Yield decoded mono samples at ``RECORDING_RATE``; rate and channels of the file may change inside it."""
    like: tuple[object, ...] | None = None
    resampler: av.AudioResampler | None = None
    downmix: Downmix | None = None
    for frame in _frames(container):
        if (frame.format.name, frame.layout.name, frame.sample_rate) != like or not resampler or not downmix:
            yield from _rest(resampler, downmix)
            like = (frame.format.name, frame.layout.name, frame.sample_rate)
            resampler = av.AudioResampler(format="fltp", layout=frame.layout, rate=RECORDING_RATE)
            downmix = Downmix([channel.name for channel in frame.layout.channels])
        frame.pts = None
        for block in resampler.resample(frame):
            yield downmix.add(block.to_ndarray())
    yield from _rest(resampler, downmix)


def _rest(resampler: av.AudioResampler | None, downmix: Downmix | None) -> Iterator[np.ndarray]:
    if resampler and downmix:
        for block in resampler.resample(None):
            yield downmix.add(block.to_ndarray())
        yield downmix.rest()


def _frames(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    for packet in container.demux(audio=0):
        if packet.size > _MOST_PACKET_BYTES:
            raise InvalidRecording(details="A part of this recording is too large to be sound.")
        for frame in packet.decode():
            if not isinstance(frame, av.AudioFrame):
                continue
            if (
                frame.sample_rate not in _RATES
                or len(frame.layout.channels) > _MOST_CHANNELS
                or frame.samples > _MOST_FRAME_SAMPLES
            ):
                raise InvalidRecording(
                    details=f"The recording must have at most {_MOST_CHANNELS} channels and from {_RATES.start} "
                    f"to {_RATES.stop - 1} samples a second."
                )
            yield frame
