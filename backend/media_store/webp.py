"""Decoding of large WebP pictures at a smaller size, because Pillow's decoder keeps four copies of all pixels.

The module calls the libwebp of Pillow through ``ctypes``, so that there is one libwebp to keep up to date. A lossy
picture is then never in memory at full size; of a lossless one there is only libwebp's own copy. The structures are
those of ``webp/decode.h``; libwebp checks their major version.
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_void_p
from functools import cache
from typing import Any

from PIL import Image

# The smallest number of pixels of a large picture; below it Pillow's copies are small enough.
LARGE_PIXELS = 12_000_000
_ABI_VERSION = 0x0209
_OK = 0
_MODE_RGB, _MODE_RGBA = 0, 1
_ANIMATED, _ALPHA = 0x02, 0x10


class _Features(Structure):
    _fields_ = (
        ("width", c_int),
        ("height", c_int),
        ("has_alpha", c_int),
        ("has_animation", c_int),
        ("format", c_int),
        ("pad", c_uint32 * 5),
    )


class _Pixels(Structure):
    # ``others`` fills the union to the size of its larger member, which has four pointers, strides and sizes.
    _fields_ = (("rgba", c_void_p), ("stride", c_int), ("size", c_size_t), ("others", c_uint8 * 56))


class _Output(Structure):
    _fields_ = (
        ("colorspace", c_int),
        ("width", c_int),
        ("height", c_int),
        ("is_external_memory", c_int),
        ("pixels", _Pixels),
        ("pad", c_uint32 * 4),
        ("private_memory", c_void_p),
    )


class _Options(Structure):
    _fields_ = (
        ("bypass_filtering", c_int),
        ("no_fancy_upsampling", c_int),
        ("use_cropping", c_int),
        ("crop_left", c_int),
        ("crop_top", c_int),
        ("crop_width", c_int),
        ("crop_height", c_int),
        ("use_scaling", c_int),
        ("scaled_width", c_int),
        ("scaled_height", c_int),
        ("use_threads", c_int),
        ("dithering_strength", c_int),
        ("flip", c_int),
        ("alpha_dithering_strength", c_int),
        ("pad", c_uint32 * 5),
    )


class _Config(Structure):
    _fields_ = (("input", _Features), ("output", _Output), ("options", _Options))


def large_still(data: bytes, size: tuple[int, int]) -> bytes | None:
    """Return the bytes that ``decode_scaled`` takes: the file, or the first frame of an animation.

    Returns None if Pillow has to decode the picture: it is small, its first frame does not cover it, or there is no
    libwebp.
    """
    if size[0] * size[1] < LARGE_PIXELS or _libwebp() is None:
        return None
    is_animated = data[12:16] == b"VP8X" and bool(data[20] & _ANIMATED)
    return _first_frame(data, size) if is_animated else data


def decode_scaled(still: bytes, size: tuple[int, int], mode: str) -> Image.Image:
    """Decode a still picture, scaled to ``size`` (width, height) in pixels; ``mode`` is RGB or RGBA.

    Raises ``ValueError`` if libwebp cannot decode it.
    """
    library, config = _libwebp(), _Config()
    library.WebPInitDecoderConfigInternal(ctypes.byref(config), _ABI_VERSION)
    width, height = size
    stride = width * len(mode)
    pixels = bytearray(stride * height)
    config.output.colorspace = _MODE_RGBA if mode == "RGBA" else _MODE_RGB
    config.output.is_external_memory = 1
    config.output.pixels.rgba = ctypes.addressof((c_uint8 * len(pixels)).from_buffer(pixels))
    config.output.pixels.stride, config.output.pixels.size = stride, stride * height
    config.options.use_scaling, config.options.scaled_width, config.options.scaled_height = 1, width, height
    outcome = library.WebPDecode(still, len(still), ctypes.byref(config))
    library.WebPFreeDecBuffer(ctypes.byref(config.output))
    if outcome != _OK:
        raise ValueError(f"libwebp cannot decode it ({outcome})")
    return Image.frombuffer(mode, size, pixels, "raw", mode, 0, 1)


def _first_frame(data: bytes, size: tuple[int, int]) -> bytes | None:
    """Return the first frame as a file of its own (RFC 9649, 2.7.1.1), or None if it does not cover the canvas."""
    position = 12
    while position + 8 <= len(data) and data[position : position + 4] != b"ANMF":
        position += 8 + _even(_number(data, position + 4, 4))
    length = _number(data, position + 4, 4)
    start, parts = position + 8, position + 24
    covers = (0, 0, size[0] - 1, size[1] - 1)
    if length < 24 or tuple(_number(data, start + 3 * index, 3) for index in range(4)) != covers:
        return None
    body = data[parts : start + length]
    if body.startswith(b"ALPH"):
        flags = bytes([_ALPHA, 0, 0, 0])
        body = _chunk(b"VP8X", flags + b"".join((side - 1).to_bytes(3, "little") for side in size)) + body
    return _chunk(b"RIFF", b"WEBP" + body)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content


def _number(data: bytes, position: int, length: int) -> int:
    return int.from_bytes(data[position : position + length], "little")


def _even(length: int) -> int:
    return length + length % 2


@cache
def _libwebp() -> Any:
    """Load libwebp through Pillow's module, which links it; return None if its functions are not available."""
    try:
        from PIL import _webp  # noqa: PLC0415 - Pillow may be built without it

        library = ctypes.CDLL(_webp.__file__)
        library.WebPDecode.argtypes = (c_char_p, c_size_t, POINTER(_Config))
        library.WebPInitDecoderConfigInternal.argtypes = (POINTER(_Config), c_int)
        library.WebPFreeDecBuffer.argtypes = (POINTER(_Output),)
        library.WebPFreeDecBuffer.restype = None
    except (ImportError, OSError, AttributeError):
        return None
    config = _Config()
    return library if library.WebPInitDecoderConfigInternal(ctypes.byref(config), _ABI_VERSION) else None
