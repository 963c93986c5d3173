"""Validation of pictures by their bytes, never by their name; only the decoders for JPEG, PNG and WebP run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO, Literal, NamedTuple

from PIL import Image

from media_store import jpeg, webp
from media_store.errors import CUT_OFF, DAMAGED, TOO_MANY_PARTS, InvalidPicture

EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
MAX_PIXELS = 50_000_000
MAX_SIDE = 16_384

MAX_CHUNKS = 65_536
# Pillow decompresses each compressed text or profile of a PNG, up to one megabyte, whenever it opens the picture.
MAX_PACKED_CHUNKS = 100

_USABLE = "JPEG, PNG and WebP pictures can be used."

# A second limit beside `_check_size`, for pictures that other code opens: Pillow warns above it and raises above twice
# as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# Each decode takes up to four bytes a pixel.
MAX_CONCURRENT_DECODES = 2
_decodes = threading.BoundedSemaphore(MAX_CONCURRENT_DECODES)


def share_decodes(processes: int) -> None:
    """Divide the concurrent decodes among the processes that this one will fork; each process gets at least one."""
    global _decodes  # noqa: PLW0603 - set once, at start
    _decodes = threading.BoundedSemaphore(max(1, MAX_CONCURRENT_DECODES // processes))


@dataclass(frozen=True)
class PictureFacts:
    """The properties of a valid picture.

    ``format`` is JPEG, PNG or WEBP. ``width`` and ``height`` are pixels as stored, before any EXIF orientation.
    ``has_no_metadata`` is true if it is known that ``without_metadata`` would remove nothing.
    """

    format: str
    width: int
    height: int
    has_no_metadata: bool = field(default=False, compare=False)


def check_picture(file: BinaryIO) -> PictureFacts:
    """Check that the picture, or the first frame of an animation, can be decoded. Returns its properties.

    Leaves ``file`` at its start. Raises ``InvalidPicture``.
    """
    with decodable(file) as picture:
        with open_picture(picture.header) as image:
            image.verify()
        with open_picture(picture.header) as image:
            width, height = image.size
            # If the whole JPEG has to be decoded, decode it at an eighth of its width and height, which is fastest.
            image.draft(None, (1, 1))
            if image.format == "WEBP" and (still := webp.large_still(picture.data, image.size)):
                webp.decode_scaled(still, (1, 1), image.mode)
            else:
                image.load()
            # MPO is a JPEG with further pictures after it, as phones write it.
            image_format = "JPEG" if image.format == "MPO" else str(image.format)
            return PictureFacts(image_format, width, height, picture.has_no_metadata)


class ValidatedImage(NamedTuple):
    """A picture with a valid structure.

    ``data`` is the whole file. ``header`` is the part that decides whether a decoder accepts the picture: for most
    JPEGs the header and an EOI marker (see ``jpeg.Structure``), else the whole file.
    """

    data: bytes
    header: bytes
    has_no_metadata: bool


@contextmanager
def decodable(file: BinaryIO) -> Iterator[ValidatedImage]:
    """Read a picture, check its structure, and hold one of the ``MAX_CONCURRENT_DECODES`` slots during the body.

    Leaves ``file`` at its start. Raises ``InvalidPicture`` for an invalid structure and for every exception of the
    body, and ``OSError`` if ``file`` cannot be read.
    """
    with _decodes:
        file.seek(0)
        try:
            data = file.read()
        finally:
            file.seek(0)
        try:
            yield _validated(data, named=_extension_phrase(file))
        except InvalidPicture:
            raise
        except Exception as exc:
            raise InvalidPicture(details=DAMAGED) from exc


def open_picture(data: bytes) -> Image.Image:
    """Open a picture without decoding it; only inside ``decodable``, which translates Pillow's exceptions."""
    image = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    _check_size(image.width, image.height)
    return image


def content_type_of(head: bytes) -> str | None:
    """Return the media type that the first 12 bytes announce, or None for a file that is no JPEG, PNG or WebP."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _validated(data: bytes, *, named: str) -> ValidatedImage:
    """Check the structure of a picture without a decoder.

    Raises ``InvalidPicture`` if the picture is cut off, too large, or has too many parts. ``named`` ends the sentence
    about a file that is no picture.
    """
    header, has_no_metadata = data, False
    match content_type_of(data[:12]):
        case "image/jpeg":
            size, length, has_no_metadata = jpeg.structure_of(data)
            header = data[:length] + jpeg.END if length else data
        case "image/png":
            size = _png_size(data)
        case "image/webp":
            size = _webp_size(data)
        case _:
            raise InvalidPicture(details=_refusal(data, named))
    _check_size(*size)
    return ValidatedImage(data, header, has_no_metadata)


def _refusal(data: bytes, named: str) -> str:
    if not data:
        return f"This file is empty; {_USABLE}"
    return f"{_describe_format(data)}{named}; {_USABLE}"


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise InvalidPicture(
            details=f"The picture is {width:,} by {height:,} pixels; each side can have up to {MAX_SIDE:,}."
        )
    if width * height > MAX_PIXELS:
        megapixels = MAX_PIXELS // 1_000_000
        raise InvalidPicture(details=f"{width * height:,} pixels; up to {megapixels} megapixels can be used.")


def _png_size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of a PNG after a walk over its chunks to the end of IEND, which Pillow does not check."""
    if len(data) >= 16 and data[12:16] != b"IHDR":
        raise InvalidPicture(details=DAMAGED)
    parts, packed, position = 0, 0, 8
    while position < len(data):
        kind = data[position + 4 : position + 8]
        position += 12 + _number(data, position, 4)
        if kind == b"IEND" and position <= len(data):
            return _number(data, 16, 4), _number(data, 20, 4)
        parts += 1
        packed += kind in (b"iCCP", b"iTXt", b"zTXt")
        if parts > MAX_CHUNKS or packed > MAX_PACKED_CHUNKS:
            raise InvalidPicture(details=TOO_MANY_PARTS)
    raise InvalidPicture(details=CUT_OFF)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of a WebP canvas (RFC 9649), because Pillow allocates the canvas twice at opening."""
    stop = 8 + _number(data, 4, 4, "little")
    if len(data) < max(30, stop):
        raise InvalidPicture(details=CUT_OFF)
    _check_webp_chunks(data, stop)
    match data[12:16]:
        case b"VP8 ":
            return _number(data, 26, 2, "little") & 0x3FFF, _number(data, 28, 2, "little") & 0x3FFF
        case b"VP8L":
            bits = _number(data, 21, 4, "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _number(data, 24, 3, "little") + 1, _number(data, 27, 3, "little") + 1
    raise InvalidPicture(details=DAMAGED)


def _check_webp_chunks(data: bytes, stop: int) -> None:
    """Raises ``InvalidPicture`` if a chunk ends after the end of the file, or if there are too many chunks.

    libwebp would accept such a picture with the frames before that chunk, but it would find no frame after the chunk
    is removed as metadata.
    """
    parts, position = 0, 12
    while position + 8 <= stop:
        length = _number(data, position + 4, 4, "little")
        parts += 1
        if parts > MAX_CHUNKS:
            raise InvalidPicture(details=TOO_MANY_PARTS)
        if position + 8 + length > stop:
            raise InvalidPicture(details=DAMAGED)
        position += 8 + length + length % 2


def _number(data: bytes, position: int, length: int, order: Literal["big", "little"] = "big") -> int:
    return int.from_bytes(data[position : position + length], order)


# Other formats that people often upload as pictures: (offset, first bytes, name).
_OTHER_KINDS = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (0, b"SIMPLE  =", "a FITS image"),
    (0, b"%!PS", "an EPS"),
    (0, b"\xc5\xd0\xd3\xc6", "an EPS"),
    (0, b"%PDF", "a PDF"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\0\0\1\0", "an icon"),
    (0, b"PK\3\4", "a ZIP archive"),
    (4, b"ftypavi", "an AVIF"),
    (4, b"ftyphei", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftyp", "a video"),
)


def _describe_format(data: bytes) -> str:
    for offset, beginning, name in _OTHER_KINDS:
        if data.startswith(beginning, offset):
            return f"This file is {name}"
    text = data[:1024].lower()
    if b"<svg" in text:
        return "This file is an SVG"
    return "This file is a web page" if b"<html" in text else "This file is no picture that is known here"


def _extension_phrase(file: BinaryIO) -> str:
    """Return a phrase such as ``, although it is named .png``, or "" for a file without a name or picture extension."""
    name = str(getattr(file, "name", "")).lower()
    return next((f", although it is named {ending}" for ending in EXTENSIONS if name.endswith(ending)), "")
