"""The corpus: some three hundred hostile or odd files, each with the responses that both APIs must give."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from PIL import ExifTags, Image, ImageCms

from proof.corpus import damage
from proof.corpus.bombs import BOMBS, DEFUSED, MIB, canvas, chunk, jpeg_with, one_colour_webp, png, riff
from proof.corpus.foreign import FOREIGN
from proof.corpus.samples import SAMPLES, a_scene, encoded, mpo, sample

CUT_OFF, DAMAGED, MANY_PARTS, BAD_NAME = "cut off", "damaged", "too many parts", "name must end in"
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp"}
ITEM_LIMIT, STORY_LIMIT = 5 * MIB, 20 * MIB


@dataclass(frozen=True)
class Row:
    """A file with its expected responses.

    ``reason`` is part of the error sentence, None for a file that is used. ``item_code`` and ``item_reason`` are set
    if the items API, which has a lower limit, responds differently. ``never`` are bytes that must not be stored.
    """

    content: Callable[[], bytes]
    reason: str | None = None
    name: str = "picture.jpg"
    item_code: str = "INVALID_FILE_TYPE"
    item_reason: str | None = None
    never: bytes = b""


PLAIN = {"JPEG": "JPEG baseline", "PNG": "PNG", "WebP": "WebP lossy"}


def cuts() -> Iterator[tuple[str, Row]]:
    kinds = ("JPEG baseline", "JPEG progressive", "PNG", "PNG, palette", "WebP lossy", "WebP lossless")
    for kind, tenth in product(kinds, range(1, 10)):
        content = sample(kind)[: len(sample(kind)) * tenth // 10]
        yield f"{kind}, its first {tenth} tenths", Row(lambda content=content: content, CUT_OFF)
    for kind, missing in product(kinds, (1, 2, 11)):
        content = sample(kind)[:-missing]
        yield f"{kind} without its last {missing} bytes", Row(lambda content=content: content, CUT_OFF)
    unknown = "no picture that is known here"
    for kind, length, reason in (
        *(("JPEG", 1, unknown), ("JPEG", 2, unknown), ("JPEG", 3, CUT_OFF), ("JPEG", 8, CUT_OFF)),
        *(("PNG", 7, unknown), ("PNG", 8, CUT_OFF), ("PNG", 20, CUT_OFF), ("PNG", 33, CUT_OFF)),
        *(("WebP", 4, unknown), ("WebP", 11, unknown), ("WebP", 12, CUT_OFF), ("WebP", 29, CUT_OFF)),
    ):
        content = sample(PLAIN[kind])[:length]
        yield f"{kind}, only its first {length} bytes", Row(lambda content=content: content, reason)


def names() -> Iterator[tuple[str, Row]]:
    for kind, ending in product(PLAIN, (".jpg", ".jpeg", ".png", ".webp", ".JPG", ".PnG")):
        yield f"{kind} named {ending}", Row(lambda kind=kind: sample(PLAIN[kind]), name="picture" + ending)
    for kind, ending in product(PLAIN, (".gif", ".svg", ".txt", "", ".jpg.exe", ".php", ".png.html", ".webp.")):
        name = "picture" + ending
        yield f"{kind} named “{ending}”", Row(lambda kind=kind: sample(PLAIN[kind]), BAD_NAME, name)
    for kind, ending in product(FOREIGN, ENDINGS.values()):
        reason = f"This file is {kind}, although it is named {ending}"
        yield f"{kind} named {ending}", Row(FOREIGN[kind], reason, "picture" + ending)
    for ending in ENDINGS.values():
        yield f"nothing at all named {ending}", Row(lambda: b"", "This file is empty", "picture" + ending)


REASONS_OF_BOMBS = {
    "PNG with a second header": DAMAGED,
    "zTXt of 64 MB before the pixels": DAMAGED,
    "zTXt of 64 MB after the pixels": DAMAGED,
    "iTXt of 64 MB": DAMAGED,
    "ICC profile of 64 MB": DAMAGED,
    "10,000 ICC profiles": MANY_PARTS,
    "a million PNG chunks": MANY_PARTS,
    "a million EXIF segments": MANY_PARTS,
    "2,000 JPEG scans": MANY_PARTS,
    "zeros between JPEG segments": "larger than 20 MB",
}
TOO_LARGE_FOR_ITEMS = {
    *("a million PNG chunks", "a million EXIF segments", "zeros between JPEG segments", "10,000 ICC profiles"),
    "2,000 JPEG scans",
}


def bombs() -> Iterator[tuple[str, Row]]:
    for name, content in BOMBS.items():
        reason = REASONS_OF_BOMBS.get(name, "pixels")
        if name in TOO_LARGE_FOR_ITEMS:
            yield name, Row(content, reason, item_code="FILE_TOO_LARGE", item_reason="larger than 5 MB")
        else:
            yield name, Row(content, reason)
    for name, content in DEFUSED.items():
        yield name, Row(content)


TAILS = {
    "a ZIP archive": b"PK\3\4\x14\0\0\0\0\0" + bytes(20) + b"evil.txtPK\1\2PK\5\6" + bytes(18),
    "PHP": b"<?php system($_GET['c']); ?>",
    "a script": b"<script>alert(1)</script>",
    "a web page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "a PDF": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "a program": b"\x7fELF\2\1\1" + bytes(60),
    "4,096 zeros": bytes(4096),
    "half a marker": b"\xff\xd8\xff\xe0\xff\xff\xff",
    "a newline": b"\n",
}
PREFIXES = {
    "a web page": (b"<html><body>hello</body></html>", "This file is a web page"),
    "a GIF's head": (b"GIF89a" + bytes(7), "This file is a GIF"),
    "a PDF's head": (b"%PDF-1.7\n", "This file is a PDF"),
    "a ZIP's head": (b"PK\3\4" + bytes(26), "This file is a ZIP"),
    "a newline": (b"\n", "no picture that is known here"),
    "a byte order mark": (b"\xef\xbb\xbf", "no picture that is known here"),
}
SCRIPT = b"<script>alert('polyglot')</script>"


def polyglots() -> Iterator[tuple[str, Row]]:
    for kind, tail in product(PLAIN, TAILS):
        content = sample(PLAIN[kind]) + TAILS[tail]
        never = TAILS[tail] if len(TAILS[tail].strip()) > 8 else b""
        name = "picture" + ENDINGS[kind]
        yield f"{kind} with {tail} behind it", Row(lambda content=content: content, name=name, never=never)
    for kind, prefix in product(PLAIN, PREFIXES):
        before, reason = PREFIXES[prefix]
        content = before + sample(PLAIN[kind])
        yield f"{kind} behind {prefix}", Row(lambda content=content: content, reason)
    for place, content in damage.scripts(SCRIPT).items():
        yield f"a script in {place}", Row(lambda content=content: content, never=SCRIPT)


def broken_extras() -> Iterator[tuple[str, Row]]:
    """Yield pictures with damage outside the pixels, which are used."""
    for name, exif in damage.BROKEN_EXIF.items():
        segment = b"Exif\0\0" + exif
        yield f"JPEG with EXIF that {name}", Row(lambda s=segment: jpeg_with(damage.segment(0xE1, s)))
        yield f"PNG with EXIF that {name}", Row(lambda e=exif: png(9, 9, before=chunk(b"eXIf", e), rows=9))
        yield (
            f"WebP with EXIF that {name}",
            Row(lambda e=exif: riff(canvas(9, 9, flags=8), (b"VP8L", one_colour_webp(9, 9)), (b"EXIF", e))),
        )
    for name, icc in damage.BROKEN_ICC.items():
        body = b"ICC_PROFILE\0\1\1" + icc
        yield f"JPEG with a colour profile that {name}", Row(lambda b=body: jpeg_with(damage.segment(0xE2, b)))
        packed = b"profile\0\0" + zlib.compress(icc)
        yield (
            f"PNG with a colour profile that {name}",
            Row(lambda p=packed: png(9, 9, before=chunk(b"iCCP", p), rows=9)),
        )
        yield (
            f"WebP with a colour profile that {name}",
            Row(lambda i=icc: riff(canvas(9, 9, flags=32), (b"ICCP", i), (b"VP8L", one_colour_webp(9, 9)))),
        )
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>\xff\xfe<<<&broken;"
    yield "JPEG with broken XMP", Row(lambda: jpeg_with(damage.segment(0xE1, xmp)), never=b"xmpmeta")
    yield "WebP with broken XMP", Row(lambda: encoded(a_scene(), "WEBP", xmp=xmp), never=b"xmpmeta")
    unpackable = chunk(b"iCCP", b"profile\0\0not packed")
    yield "PNG with a colour profile that cannot be unpacked", Row(lambda: png(9, 9, before=unpackable, rows=9))


def turned() -> Iterator[tuple[str, Row]]:
    for kind, orientation in product(PLAIN, range(1, 9)):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        yield (
            f"{kind} turned, orientation {orientation}",
            Row(lambda k=kind, e=exif: encoded(a_scene((48, 32)), k.upper(), exif=e), name="turned" + ENDINGS[kind]),
        )


def of_every_kind() -> Iterator[tuple[str, Row]]:
    for name in SAMPLES:
        yield f"{name} as it should be", Row(lambda name=name: sample(name))
    yield "a phone's JPEG with a second picture", Row(mpo)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield f"PNG of mode {mode}", Row(lambda mode=mode: encoded(damage.scene_of(mode), "PNG"), name="a.png")
    for mode in ("L", "RGB", "CMYK"):
        yield f"JPEG of mode {mode}", Row(lambda mode=mode: encoded(damage.scene_of(mode), "JPEG", quality=1))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in PLAIN:
        yield f"{kind} with a colour profile", Row(lambda k=kind: encoded(a_scene(), k.upper(), icc_profile=srgb))
    yield "PNG of 16 bits a colour", Row(damage.deep_png)
    yield "PNG, interlaced", Row(damage.interlaced_png)
    yield "PNG of one pixel", Row(lambda: png(1, 1))


def sizes() -> Iterator[tuple[str, Row]]:
    def bitmap(width: int, height: int) -> Callable[[], bytes]:
        return lambda: encoded(Image.new("1", (width, height)), "PNG")

    def padded(size_bytes: int) -> Callable[[], bytes]:
        return lambda: sample("JPEG baseline").ljust(size_bytes, b"\0")

    yield "PNG as wide as can be", Row(bitmap(16_384, 1))
    yield "PNG as high as can be", Row(bitmap(1, 16_384))
    yield "PNG of just under 50 megapixels", Row(bitmap(7_071, 7_071))
    yield "PNG of just over 50 megapixels", Row(bitmap(7_072, 7_071), "50 megapixels")
    yield "the limit of the items API", Row(padded(ITEM_LIMIT))
    too_large = {"item_code": "FILE_TOO_LARGE", "item_reason": "larger than 5 MB"}
    yield "one byte over the limit of the items API", Row(padded(ITEM_LIMIT + 1), **too_large)
    yield "the limit of the story API", Row(padded(STORY_LIMIT), **too_large)
    yield "one byte over the limit of the story API", Row(padded(STORY_LIMIT + 1), "larger than 20 MB", **too_large)


def damaged() -> Iterator[tuple[str, Row]]:
    for name, (content, reason) in damage.DAMAGED.items():
        yield name, Row(content, reason)
    size = struct.pack(">II", 0, 0)
    yield "PNG of no pixels", Row(lambda: png(9, 9, rows=9).replace(struct.pack(">II", 9, 9), size), DAMAGED)


FAMILIES = (cuts, names, bombs, polyglots, broken_extras, turned, of_every_kind, sizes, damaged)
CORPUS: dict[str, Row] = {title: row for family in FAMILIES for title, row in family()}
