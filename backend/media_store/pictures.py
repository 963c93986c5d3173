"""Is it really a picture? Its bytes decide, never its name, and only the JPEG, PNG and WebP decoders ever run."""

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
# Each packed text or profile of a PNG may unpack to a megabyte, every time that Pillow opens it.
MAX_PACKED_CHUNKS = 100

_USABLE = "JPEG, PNG and WebP pictures can be used."

# Stands behind `_check_size` for pictures that other code may open; Pillow warns above it, refuses above twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# Each takes up to four bytes a pixel.
DECODES_AT_ONCE = 2
_decodes = threading.BoundedSemaphore(DECODES_AT_ONCE)


def share_decodes(processes: int) -> None:
    """Divide what may be decoded at once among processes that will be forked from this one; each keeps one place."""
    global _decodes  # noqa: PLW0603 - told once, at start
    _decodes = threading.BoundedSemaphore(max(1, DECODES_AT_ONCE // processes))


@dataclass(frozen=True)
class PictureFacts:
    """``format`` is JPEG, PNG or WEBP; sizes in pixels as stored, before any EXIF orientation.

    ``has_no_metadata`` when it is known already that nothing would be taken out of it as metadata.
    """

    format: str
    width: int
    height: int
    has_no_metadata: bool = field(default=False, compare=False)


def check_picture(file: BinaryIO) -> PictureFacts:
    """Make sure that the whole picture (of an animation the first frame) can be decoded, and say what it is.

    Leaves ``file`` at its start. Raises ``InvalidPicture``.
    """
    with decodable(file) as picture:
        with open_picture(picture.header) as image:
            image.verify()
        with open_picture(picture.header) as image:
            width, height = image.size
            # Where every coded bit of a JPEG has to be read, an eighth of its pixels each way is made of them.
            image.draft(None, (1, 1))
            if image.format == "WEBP" and (still := webp.large_still(picture.data, image.size)):
                webp.decoded(still, (1, 1), image.mode)
            else:
                image.load()
            # A JPEG with further pictures behind it, as phones write them.
            image_format = "JPEG" if image.format == "MPO" else str(image.format)
            return PictureFacts(image_format, width, height, picture.has_no_metadata)


class ValidatedImage(NamedTuple):
    """A picture's bytes, and those by which a decoder decides whether it takes them: all, or of most JPEGs the head."""

    data: bytes
    header: bytes
    has_no_metadata: bool


@contextmanager
def decodable(file: BinaryIO) -> Iterator[ValidatedImage]:
    """A picture whose structure is sound, while one of the decoding places is held.

    ``file`` is left at its start. Whatever a decoder raises inside becomes ``InvalidPicture``; an ``OSError`` of
    reading the file itself stays what it is.
    """
    with _decodes:
        file.seek(0)
        try:
            data = file.read()
        finally:
            file.seek(0)
        try:
            yield _checked(data, named=_ending_of(file))
        except InvalidPicture:
            raise
        except Exception as exc:
            raise InvalidPicture(details=DAMAGED) from exc


def open_picture(data: bytes) -> Image.Image:
    """Open without decoding. To be used inside ``decodable``, which translates what Pillow raises."""
    image = Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    _check_size(image.width, image.height)
    return image


def content_type_of(head: bytes) -> str | None:
    """The media type that the first 12 bytes announce, None for everything that is not a usable picture."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def _checked(data: bytes, *, named: str) -> ValidatedImage:
    """Refuse what is cut off, too large or absurdly many-parted before Pillow sees it."""
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
    return f"{_what_it_is(data)}{named}; {_USABLE}"


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise InvalidPicture(
            details=f"The picture is {width:,} by {height:,} pixels; each side can have up to {MAX_SIDE:,}."
        )
    if width * height > MAX_PIXELS:
        megapixels = MAX_PIXELS // 1_000_000
        raise InvalidPicture(details=f"{width * height:,} pixels; up to {megapixels} megapixels can be used.")


def _png_size(data: bytes) -> tuple[int, int]:
    """Walk from chunk to chunk up to and with IEND, whose checksum Pillow does not read."""
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
    """The canvas, read as libwebp does; Pillow would allocate it twice before anybody could ask (RFC 9649)."""
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
    """Each must end within the file: libwebp makes do with the frames before one that does not, and finds none at all
    once that chunk is taken out as metadata.
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


# What people most often take for a usable picture: (offset, beginning, name).
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


def _what_it_is(data: bytes) -> str:
    for offset, beginning, name in _OTHER_KINDS:
        if data.startswith(beginning, offset):
            return f"This file is {name}"
    text = data[:1024].lower()
    if b"<svg" in text:
        return "This file is an SVG"
    return "This file is a web page" if b"<html" in text else "This file is no picture that is known here"


def _ending_of(file: BinaryIO) -> str:
    """``, although it is named .png`` for a file that says so; uploads and opened files have a name, buffers do not."""
    name = str(getattr(file, "name", "")).lower()
    return next((f", although it is named {ending}" for ending in EXTENSIONS if name.endswith(ending)), "")
