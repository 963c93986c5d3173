"""Sound in files: FLAC for what we write, anything FFmpeg reads for what people bring."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import av
import numpy as np

from narration.errors import InvalidRecording

MAX_RECORDING_S = 30 * 60
RECORDING_RATE = 48_000
_BLOCK = 4096


def write_flac(path: Path | BinaryIO, samples: np.ndarray, rate: int) -> None:
    """Mono, 16 bits; the same samples give the same bytes. Raises ``OSError``."""
    target = str(path) if isinstance(path, Path) else path
    with av.open(target, "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate)
        stream.codec_context.format, stream.codec_context.layout = "s16", "mono"
        whole = np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16)
        for start in range(0, len(whole), _BLOCK):
            frame = av.AudioFrame.from_ndarray(whole[None, start : start + _BLOCK], format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def read_recording(file: BinaryIO) -> np.ndarray:
    """Mono float32 at ``RECORDING_RATE`` of a WAV, MP3, FLAC or M4A. Raises ``InvalidRecording`` with the reason.

    Its content decides, not its name; what is longer than ``MAX_RECORDING_S`` is refused while it is read.
    """
    file.seek(0)
    # Named, so that FFmpeg never guesses: of what it knows, playlists would make it open other files.
    kind = recording_format(file.read(16))
    if kind is None:
        raise InvalidRecording(details="This is not a WAV, MP3, FLAC or M4A file.")
    file.seek(0)
    try:
        with av.open(file, "r", format=kind) as container:
            if not container.streams.audio:
                raise InvalidRecording(details="There is no sound in this file.")
            return _mono(container)
    except av.error.FFmpegError as exc:
        raise InvalidRecording(
            details="This is not a sound file that can be read, or it is damaged. WAV, MP3, FLAC and M4A can be used."
        ) from exc


def recording_format(head: bytes) -> str | None:
    """FFmpeg's name for the container that starts with ``head``, None for all that cannot be used."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"fLaC":
        return "flac"
    if head[4:8] == b"ftyp":
        return "mp4"
    is_mpeg_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 != 0
    return "mp3" if head[:3] == b"ID3" or is_mpeg_frame else None


def _mono(container: av.container.InputContainer) -> np.ndarray:
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=RECORDING_RATE)
    blocks, heard = [], 0
    for frame in container.decode(audio=0):
        for block in resampler.resample(frame):
            blocks.append(block.to_ndarray()[0])
            heard += block.samples
        if heard > MAX_RECORDING_S * RECORDING_RATE:
            raise InvalidRecording(details=f"The recording is longer than {MAX_RECORDING_S // 60} minutes.")
    blocks += [block.to_ndarray()[0] for block in resampler.resample(None)]
    samples = np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
    if not len(samples):
        raise InvalidRecording(details="There is no sound in this file.")
    if not np.isfinite(samples).all():
        raise InvalidRecording(details="The recording holds values that are no sound.")
    return samples
