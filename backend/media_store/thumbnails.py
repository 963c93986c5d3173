"""Small WebP copies of pictures: upright, in their colours, without anything else that the camera wrote down."""

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
# Two steps of reduction, the first a cheap one to twice the size, look the same as one (Pillow's own default).
_REDUCING_GAP = 2.0
_SIDEWAYS = (5, 6, 7, 8)


def make_thumbnail(source: BinaryIO, target: Path, width: int) -> None:
    """Write the picture at most ``width`` pixels wide (160 to 1920) to ``target``, which appears whole or not at all.

    Of an animation the first frame. Raises ``InvalidPicture``, or ``OSError`` when the disk refuses.
    """
    width = min(max(width, MIN_WIDTH), MAX_WIDTH)
    with decodable(source) as picture, open_picture(picture.data) as image:
        small, profile = _reduced(image, width, picture.data), _rgb_profile(image)
    write_webp(small, target, profile)


def write_webp(image: Image.Image, target: Path, profile: bytes = b"") -> None:
    """Write ``image`` to ``target``, which appears whole or not at all. Raises ``OSError``."""
    encoded = BytesIO()
    image.save(encoded, "WEBP", quality=_QUALITY, icc_profile=profile)
    _write_whole(target, encoded.getbuffer())


def upright_size(source: BinaryIO) -> tuple[int, int]:
    """(width, height) in pixels as a person sees the picture. Raises ``InvalidPicture``."""
    with decodable(source) as picture, open_picture(picture.data) as image:
        return _turned(image.size, _orientation(image))


def _reduced(image: Image.Image, width: int, data: bytes) -> Image.Image:
    orientation = _orientation(image)
    size = _turned(_fitting(_turned(image.size, orientation), width), orientation)
    # JPEG decodes at half, quarter or eighth size for a fraction of the cost; other formats ignore this.
    image.draft(None, (int(size[0] * _REDUCING_GAP), int(size[1] * _REDUCING_GAP)))
    still = webp.large_still(data, image.size) if image.format == "WEBP" else None
    small = _resizable(webp.decoded(still, size, image.mode) if still else image)
    if small.size != size:
        small = small.resize(size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP)
    return _upright(_flattened(small), orientation)


def _flattened(small: Image.Image) -> Image.Image:
    """In mode RGB; what is transparent shows the same ground as in the film."""
    if small.mode not in ("LA", "RGBA"):
        return small.convert("RGB")
    opacity, colours = small.getchannel("A"), small.convert("RGB")
    seen = ImageStat.Stat(opacity).sum[0]
    lit = ImageStat.Stat(ImageChops.multiply(colours.convert("L"), opacity)).sum[0]
    flat = Image.new("RGB", small.size, backdrop_of(lit / seen if seen else None))
    flat.paste(colours, mask=opacity)
    return flat


def _fitting(size: tuple[int, int], width: int) -> tuple[int, int]:
    """``size`` made smaller, never larger, to ``width`` and to what WebP can hold; the ratio is kept."""
    scale = min(1.0, width / size[0], _WEBP_MAX_SIDE / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _resizable(image: Image.Image) -> Image.Image:
    """In a mode whose pixels can be averaged: a palette's numbers cannot, nor can a colour that means transparent."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey; convert("L") would clip them.
        grey = image.convert("I").point(lambda value: value / 256).convert("L")
        return _with_opacity(grey, image) if "transparency" in image.info else grey
    if image.mode in ("RGBA", "LA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _with_opacity(grey: Image.Image, sixteen_bits: Image.Image) -> Image.Image:
    """Mode LA: the one grey of sixteen bits that means transparent is so."""
    clear, values = sixteen_bits.info["transparency"], sixteen_bits.convert("I")
    above = values.point(lambda value: value * 1 - clear).convert("L")  # negative is 0, above 255 is 255
    below = values.point(lambda value: value * -1 + clear).convert("L")
    opacity = ImageChops.lighter(above, below).point(lambda value: 255 if value else 0)
    return Image.merge("LA", (grey, opacity))


def _orientation(image: Image.Image) -> int:
    """EXIF orientation 1 to 8; a picture whose EXIF cannot be read stands as it is stored."""
    if image.format == "PNG":
        image.load()  # its EXIF may come behind the pixels
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, OSError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    return (size[1], size[0]) if orientation in _SIDEWAYS else size


def _upright(small: Image.Image, orientation: int) -> Image.Image:
    # Only the orientation is passed on: a camera's whole EXIF is not wanted, and writing it again can fail.
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    small.info = {"exif": exif.tobytes()}
    upright = ImageOps.exif_transpose(small)
    upright.info = {}
    return upright


def _rgb_profile(image: Image.Image) -> bytes:
    """The ICC profile if it describes RGB; those of CMYK and grey pictures do not fit the thumbnail any more."""
    profile: bytes = image.info.get("icc_profile") or b""
    return profile if profile[16:20] == b"RGB " and len(profile) <= _MAX_PROFILE_BYTES else b""


def _write_whole(target: Path, content: memoryview) -> None:
    # Encoded before, so that this name lives for a moment only; the cache's sweep removes what a crash leaves.
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
