"""Read picture files of any mode, profile and transparency as upright sRGB pixels."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageCms, ImageOps, ImageStat, UnidentifiedImageError

from core.backdrop import backdrop_of
from rendering.errors import PictureUnreadable

_FORMATS = ("JPEG", "PNG", "WEBP")
# The mode for each colour space in the header of an ICC profile (ICC.1:2022, 7.2.6).
_DESCRIBED_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}
_SIXTEEN_BITS = 257


def read_picture(path: Path, longest: int) -> Image.Image:
    """Read a picture in mode RGB; a JPEG may be decoded at a half, quarter or eighth, but not below ``longest`` pixels.

    Raises ``PictureUnreadable``, which names the file.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            # A JPEG decoder can scale down at no cost; the EXIF orientation may still swap the sides.
            image.draft("RGB", (longest, longest))
            ImageOps.exif_transpose(image, in_place=True)
            return _flattened(image)
    except FileNotFoundError as exc:
        raise PictureUnreadable(f"The picture {path.name} is missing.") from exc
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError) as exc:
        raise PictureUnreadable(f"The picture {path.name} is damaged or not a JPEG, PNG or WebP.") from exc


def _flattened(image: Image.Image) -> Image.Image:
    opacity = _opacity_of(image)
    colours = _in_srgb(_eight_bits(image), image.info.get("icc_profile") or b"")
    if opacity is None:
        return colours
    flat = Image.new("RGB", colours.size, backdrop_of(_lightness(colours, opacity)))
    flat.paste(colours, mask=opacity)
    return flat


def _opacity_of(image: Image.Image) -> Image.Image | None:
    """Return the opacity in mode L, 255 if opaque; None if all of the picture is opaque."""
    if not image.has_transparency_data:
        return None
    if image.mode in ("RGBA", "LA", "PA"):
        opacity = image.getchannel("A")
    elif image.mode.startswith("I"):  # one grey of sixteen bits is clear
        opacity = Image.fromarray(np.where(np.asarray(image) == image.info["transparency"], 0, 255).astype(np.uint8))
    else:
        opacity = image.convert("RGBA").getchannel("A")
    return opacity if opacity.getextrema() != (255, 255) else None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return the colours without opacity, in mode RGB, L or CMYK."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float32)
        return Image.fromarray(np.clip(values / _SIXTEEN_BITS, 0, 255).astype(np.uint8))
    if image.mode in ("RGB", "L", "CMYK"):
        return image
    if image.mode in ("1", "LA"):
        return image.convert("L")
    # By way of RGBA, since a palette with an opacity for each entry has no plain one.
    return image.convert("RGBA").convert("RGB") if image.has_transparency_data else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    described = _DESCRIBED_MODES.get(profile[16:20])
    fits = described == image.mode or (described, image.mode) == ("RGB", "L")
    if described is None or not fits:
        return _rgb(image)
    try:
        from_profile = ImageCms.ImageCmsProfile(BytesIO(profile))
        to_profile = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image.convert(described), from_profile, to_profile, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        # An unusable profile is ignored: slightly wrong colours are better than no film.
        return _rgb(image)
    return converted or _rgb(image)


def _rgb(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGB" else image.convert("RGB")


def _lightness(colours: Image.Image, opacity: Image.Image) -> float | None:
    seen = ImageStat.Stat(opacity).sum[0]
    return ImageStat.Stat(ImageChops.multiply(colours.convert("L"), opacity)).sum[0] / seen if seen else None
