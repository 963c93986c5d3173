"""Thumbnails: small WebP copies of pictures, upright, with their RGB profile and without other metadata."""

from __future__ import annotations

import os
import struct
import tempfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import ExifTags, Image, ImageChops, ImageOps, ImageStat

from core.backdrop import backdrop_of
from media_store import webp
from media_store.pictures import decodable, open_picture

MIN_WIDTH = 160
MAX_WIDTH = 1920

_QUALITY = 80
_WEBP_MAX_SIDE = 16_383
_MAX_PROFILE_BYTES = 1024 * 1024
# Reducing in two steps, first fast to twice the size, gives the same look as one step (Pillow's own default).
_REDUCING_GAP = 2.0
_SIDEWAYS = (5, 6, 7, 8)


def make_thumbnail(source: BinaryIO, target: Path, width: int) -> None:
    """Write a thumbnail at most ``width`` pixels wide (160 to 1920) to ``target``, atomically.

    The thumbnail of an animation shows its first frame. Raises ``InvalidPicture``, or ``OSError`` if ``target`` cannot
    be written.
    """
    width = min(max(width, MIN_WIDTH), MAX_WIDTH)
    with decodable(source) as picture, open_picture(picture.data) as image:
        small, profile = _reduced(image, width, picture.data), _rgb_profile(image)
    write_webp(small, target, profile)


def write_webp(image: Image.Image, target: Path, profile: bytes = b"") -> None:
    """Write ``image`` to ``target``, atomically. Raises ``OSError``."""
    encoded = BytesIO()
    image.save(encoded, "WEBP", quality=_QUALITY, icc_profile=profile)
    _write_whole(target, encoded.getbuffer())


def upright_size(source: BinaryIO) -> tuple[int, int]:
    """Return (width, height) in pixels after the EXIF orientation. Raises ``InvalidPicture``."""
    with decodable(source) as picture, open_picture(picture.data) as image:
        return _turned(image.size, _orientation(image))


def _reduced(image: Image.Image, width: int, data: bytes) -> Image.Image:
    orientation = _orientation(image)
    size = _turned(_fitting(_turned(image.size, orientation), width), orientation)
    # A JPEG can be decoded at half, quarter or eighth size, which is faster; other formats ignore this.
    image.draft(None, (int(size[0] * _REDUCING_GAP), int(size[1] * _REDUCING_GAP)))
    still = webp.large_still(data, image.size) if image.format == "WEBP" else None
    small = _resizable(webp.decode_scaled(still, size, image.mode) if still else image)
    if small.size != size:
        small = small.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
    return _upright(_flattened(small), orientation)


def _flattened(small: Image.Image) -> Image.Image:
    """Convert to mode RGB, with the backdrop of videos behind transparent pixels (``core.backdrop``)."""
    if small.mode not in ("LA", "RGBA"):
        return small.convert("RGB")
    opacity, colours = small.getchannel("A"), small.convert("RGB")
    seen = ImageStat.Stat(opacity).sum[0]
    lit = ImageStat.Stat(ImageChops.multiply(colours.convert("L"), opacity)).sum[0]
    flat = Image.new("RGB", small.size, backdrop_of(lit / seen if seen else None))
    flat.paste(colours, mask=opacity)
    return flat


def _fitting(size: tuple[int, int], width: int) -> tuple[int, int]:
    """Scale ``size`` down to ``width`` and to the limit of WebP; never up. The aspect ratio is kept."""
    scale = min(1.0, width / size[0], _WEBP_MAX_SIDE / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _resizable(image: Image.Image) -> Image.Image:
    """Convert to a mode in which pixels can be averaged: no palette, and no colour that means transparent."""
    if image.mode.startswith("I"):
        # A grey picture of sixteen bits; convert("L") would clip its values.
        grey = image.convert("I").point(lambda value: value / 256).convert("L")
        return _with_opacity(grey, image) if "transparency" in image.info else grey
    if image.mode in ("RGBA", "LA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _with_opacity(grey: Image.Image, sixteen_bits: Image.Image) -> Image.Image:
    """Convert to mode LA, with the grey value that means transparent made transparent."""
    clear, values = sixteen_bits.info["transparency"], sixteen_bits.convert("I")
    above = values.point(lambda value: value * 1 - clear).convert("L")  # negative is 0, above 255 is 255
    below = values.point(lambda value: value * -1 + clear).convert("L")
    opacity = ImageChops.lighter(above, below).point(lambda value: 255 if value else 0)
    return Image.merge("LA", (grey, opacity))


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 if the EXIF cannot be read."""
    if image.format == "PNG":
        image.load()  # EXIF may follow the pixels.
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, OSError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def _upright(small: Image.Image, orientation: int) -> Image.Image:
    # Only the orientation is kept: the rest of the EXIF is not needed, and Pillow may fail to write it.
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    small.info = {"exif": exif.tobytes()}
    upright = ImageOps.exif_transpose(small)
    upright.info = {}
    return upright


def _rgb_profile(image: Image.Image) -> bytes:
    """Return the ICC profile if it is one of RGB, else b"": profiles of CMYK and grey do not fit the thumbnail."""
    profile: bytes = image.info.get("icc_profile") or b""
    return profile if profile[16:20] == b"RGB " and len(profile) <= _MAX_PROFILE_BYTES else b""


def _write_whole(target: Path, content: memoryview) -> None:
    # The picture is encoded already, so the temporary file exists only briefly; ``sweep`` removes it after a crash.
    descriptor, name = tempfile.mkstemp(prefix="making-", suffix=".tmp", dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
