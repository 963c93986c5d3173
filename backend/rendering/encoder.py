"""Encode H.264 and AAC with PyAV.

The settings were measured: x264 ``superfast`` with ``mbtree`` and a lookahead of ten gives camera motion the quality of
``veryfast`` for 0.6 of its time.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np

from rendering.errors import NoSpaceLeft, RenderingError
from rendering.film import SAMPLE_RATE, Format

AAC_FRAME = 1024
AAC_BIT_RATE = 128_000
_BT709 = 1
_LIMITED_RANGE = 1
_GLOBAL_HEADER = 1 << 22
# One group of pictures, no scene cuts: a chunk starts with its only IDR picture. `stitchable` keeps the headers free of
# encoding details, so that the chunks of different encoders have the same headers.
_X264 = "mbtree=1:rc-lookahead=10:keyint=infinite:scenecut=0:open-gop=0:stitchable=1"
_X264_DRAFT = "keyint=infinite:scenecut=0:open-gop=0:stitchable=1"
# x264's AVX-512 code for mbtree (build 165) reads past the end of rows of many widths: the same frames then give other
# bytes from run to run. Tested by test_the_same_frames_are_the_same_bytes_at_any_size.
_CPU_AVX_512F = 13  # cv::CpuFeatures, which the Python module does not name
_WITHOUT_AVX512 = ":asm=AVX2,FMA3,BMI2"


@dataclass(frozen=True)
class Packet:
    """An encoded packet; ``pts`` and ``dts`` are in frames (video) or samples (sound) of its own chunk."""

    pts: int
    dts: int
    is_key: bool
    payload: bytes


@dataclass(frozen=True)
class Encoded:
    """An encoded chunk: the stream's header for the container, and the packets in decoding order."""

    header: bytes
    packets: tuple[Packet, ...]


def video_settings(fmt: Format) -> dict[str, str]:
    preset, parameters = ("ultrafast", _X264_DRAFT) if fmt.is_draft else ("superfast", _X264)
    if cv2.checkHardwareSupport(_CPU_AVX_512F):
        parameters += _WITHOUT_AVX512
    return {"preset": preset, "crf": str(fmt.crf), "x264-params": parameters}


def versions() -> list[str]:
    """Return the versions of the encoders, a part of each key: another build may write other bytes."""
    return [av.__version__, *(".".join(map(str, version)) for _, version in sorted(av.library_versions.items()))]


def set_up_video(context: av.VideoCodecContext, fmt: Format) -> None:
    context.width, context.height, context.pix_fmt = fmt.width, fmt.height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, fmt.fps), Fraction(fmt.fps)
    context.colorspace = context.color_primaries = context.color_trc = _BT709
    context.color_range = _LIMITED_RANGE
    context.options = video_settings(fmt)
    context.thread_count = 1


def set_up_sound(context: av.AudioCodecContext) -> None:
    context.layout, context.format = "mono", "fltp"
    context.sample_rate, context.bit_rate = SAMPLE_RATE, AAC_BIT_RATE
    context.time_base = Fraction(1, SAMPLE_RATE)
    context.options = {"aac_coder": "fast"}


class VideoEncoder:
    """An encoder of one closed group of pictures: draw into ``planes``, then call ``take``; the frame is reused."""

    def __init__(self, fmt: Format) -> None:
        self._context = av.VideoCodecContext.create("libx264", "w")
        set_up_video(self._context, fmt)
        self._context.flags |= _GLOBAL_HEADER
        self._frame = av.VideoFrame(fmt.width, fmt.height, "yuv420p")
        self._frame.time_base = self._context.time_base
        self._packets: list[Packet] = []
        self._count = 0

    @property
    def planes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return writable views of the frame; x264 copies each frame, so they can be overwritten at once."""
        y, u, v = (
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
            for plane in self._frame.planes
        )
        return y, u, v

    def take(self) -> None:
        self._frame.pts = self._count
        self._count += 1
        self._packets += _kept(self._context.encode(self._frame))

    def finish(self) -> Encoded:
        self._packets += _kept(self._context.encode(None))
        packets = _decoded_a_frame_apart(self._packets, self._context.reorder_depth)
        return Encoded(bytes(self._context.extradata or b""), packets)


def encode_sound(samples: np.ndarray) -> Encoded:
    """Encode mono float32 at ``SAMPLE_RATE``, a whole number of ``AAC_FRAME``; the first packet is the priming."""
    context = av.AudioCodecContext.create("aac", "w")
    set_up_sound(context)
    context.flags |= _GLOBAL_HEADER
    packets: list[Packet] = []
    for start in range(0, len(samples), AAC_FRAME):
        block = np.ascontiguousarray(samples[None, start : start + AAC_FRAME])
        frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, context.time_base
        packets += _kept(context.encode(frame))
    packets += _kept(context.encode(None))
    return Encoded(bytes(context.extradata or b""), tuple(packets))


def _decoded_a_frame_apart(packets: list[Packet], depth: int) -> tuple[Packet, ...]:
    """Set the decode times from ``depth`` frames before the start of the chunk, so that chunks can be joined.

    x264 starts so early only after more than ``depth`` frames; the times of a shorter chunk would overlap the next one.
    """
    return tuple(replace(packet, dts=number - depth) for number, packet in enumerate(packets))


def _kept(packets: list[av.Packet[Any]]) -> list[Packet]:
    return [Packet(int(p.pts or 0), int(p.dts or 0), p.is_keyframe, bytes(p)) for p in packets]


@contextlib.contextmanager
def translate_io_errors() -> Iterator[None]:
    """Translate errors of FFmpeg and the disk while files are written. Raises ``NoSpaceLeft`` or ``RenderingError``."""
    try:
        yield
    except OSError as exc:  # PyAV's errors with an errno are OSErrors too
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpaceLeft from exc
        raise RenderingError(
            details=f"The video could not be written: {exc.strerror or 'input or output error'}."
        ) from exc
    except av.error.FFmpegError as exc:
        raise RenderingError(details="The encoder refused the video.") from exc
