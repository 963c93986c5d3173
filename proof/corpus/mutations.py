"""A picture with some of its bytes changed, from a seed."""

from __future__ import annotations

import random
from functools import cache

from PIL import ExifTags, Image

from proof.corpus.bombs import chunk
from proof.corpus.samples import a_scene, encoded


def with_right_checksums(content):
    """A mutated PNG whose chunks look intact, so that the damage reaches the decoder."""
    result, position = bytearray(content[:8]), 8
    while position + 12 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        result += chunk(content[position + 4 : position + 8], content[position + 8 : position + 8 + length])
        position += 12 + length
    return bytes(result)


def mutated(content, chance):
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at, length = chance.randrange(len(content)), chance.choice((1, 1, 2, 4, 64))
        # The structure is at the front, where damage is the most interesting.
        at = at if chance.random() < 0.5 else at % 200
        match chance.randrange(5):
            case 0:
                content[at : at + length] = chance.randbytes(length)
            case 1:
                del content[at : at + length]
            case 2:
                content[at:at] = chance.randbytes(length)
            case 3:
                content[at : at + length] = bytes([chance.choice((0x00, 0x7F, 0x80, 0xFF))]) * length
            case _:
                other = chance.randrange(len(content))
                content[at : at + length] = content[other : other + length]
    if content.startswith(b"\x89PNG\r\n\x1a\n") and chance.random() < 0.5:
        return with_right_checksums(bytes(content))
    return bytes(content)


@cache
def _small(kind):
    scene = a_scene((40, 30))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.Make] = 6, "Camera"
    options = {"exif": exif, "icc_profile": b"profile" * 30}
    match kind:
        case "JPEG progressive":
            return encoded(scene, "JPEG", progressive=True, comment=b"a remark", **options)
        case "PNG palette":
            return encoded(scene.quantize(16), "PNG", **options)
        case "PNG animated":
            return encoded(scene, "PNG", save_all=True, append_images=[a_scene((40, 30), 2)], **options)
        case "WebP lossless":
            return encoded(scene.convert("RGBA"), "WEBP", lossless=True, xmp=b"a remark", **options)
        case "WebP animated":
            return encoded(scene, "WEBP", save_all=True, append_images=[a_scene((40, 30), 2)], **options)
    return encoded(scene, kind, **options)


# Markers that mean something else where they do not belong, and one that means nothing.
_MARKERS = (
    *(b"\xff\xd9", b"\xff\xd0", b"\xff\xd5", b"\xff\x00", b"\xff\x01", b"\xff\xff"),
    # Tables, lines, restarts, a comment, EXIF
    *(b"\xff\xc4\0\3\0", b"\xff\xdb\0\3\xff", b"\xff\xdc\0\4\0\x09", b"\xff\xdd\0\4\0\2"),
    *(b"\xff\xfe\0\4\1\1", b"\xff\xe1\0\2"),
    # Scans of one colour and of three, a frame
    *(b"\xff\xda\0\x08\1\1\0\0\x3f\0", b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0"),
    b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0",
)
_SHAPES = (
    {"subsampling": 0},
    {"subsampling": 2},
    {"subsampling": 1, "restart_marker_blocks": 3},
    {"subsampling": 2, "restart_marker_rows": 1, "optimize": True},
    {"progressive": True},
)


def pounded_jpeg(number):
    """Return the ``number``-th JPEG of any colours and sampling, damaged in its coded bits and their tables."""
    chance = random.Random(number)
    mode, size = chance.choice(("RGB", "RGB", "L", "CMYK")), (chance.randint(1, 70), chance.randint(1, 70))
    scene = Image.frombytes(mode, size, chance.randbytes(size[0] * size[1] * len(mode)))
    content = encoded(scene, "JPEG", quality=chance.randint(1, 95), **chance.choice(_SHAPES))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = bytearray(content)
        beginning = chance.choice((2, content.find(b"\xff\xda"), content.find(b"\xff\xda")))
        at = chance.randrange(max(0, min(beginning, len(content) - 1)), len(content))
        match chance.randrange(6):
            case 0:
                content[at] = chance.randrange(256)
            case 1:
                content[at : at + chance.randint(0, 4)] = chance.choice(_MARKERS)
            case 2:
                content[at:at] = bytes((0xFF, chance.randrange(256)))
            case 3:
                del content[at : at + chance.randint(1, 30)]
            case 4:
                content[at:at] = chance.randbytes(chance.randint(1, 20))
            case _:
                content[at] ^= 1 << chance.randrange(8)
    return bytes(content)


KINDS = (
    *("JPEG", "JPEG progressive", "PNG", "PNG palette", "PNG animated"),
    *("WEBP", "WebP lossless", "WebP animated"),
)


def pounded(number):
    """Return the ``number``-th mutated picture (deterministic): bits, parts, lengths, splices and random damage."""
    chance = random.Random(number)
    content = _small(chance.choice(KINDS))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice((mutated, bits_flipped, parts_shuffled, length_lied, spliced))(content, chance)
    return content


def bits_flipped(content, chance):
    content = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content) or b"\0"


def _parts(content):
    """A picture as its head and its segments or chunks; the rest as the last part. Nothing is checked."""
    parts, position = [], 2
    if content.startswith(b"\x89PNG"):
        position, at, head, order, extra = 8, 0, 8, "big", 4
    elif content.startswith(b"RIFF"):
        position, at, head, order, extra = 12, 4, 8, "little", 0
    else:
        at, head, order, extra = 2, 2, "big", 0
    parts.append(content[:position])
    length = 4 if head == 8 else 2
    while position + head < len(content) and len(parts) < 40:
        end = position + head + extra + int.from_bytes(content[position + at : position + at + length], order)
        parts.append(content[position:end])
        position = end
    return [*parts, content[position:]]


def parts_shuffled(content, chance):
    head, *rest = _parts(content)
    one, other = chance.randrange(len(rest)), chance.randrange(len(rest))
    match chance.randrange(4):
        case 0:
            rest[one], rest[other] = rest[other], rest[one]
        case 1:
            del rest[one]
        case 2:
            rest.insert(other, rest[one])
        case _:
            chance.shuffle(rest)
    return head + b"".join(rest) or b"\0"


def length_lied(content, chance):
    """Replace a number at a position that may be a length or a size."""
    content = bytearray(content)
    size = chance.choice((1, 2, 4))
    lie = chance.choice((0, 1, 2, 7, 8, 0x7F, 0x80, 0xFFFF, 0x4000, 0x7FFFFFFF, 0xFFFFFFFF, len(content)))
    at = chance.randrange(min(len(content), chance.choice((40, 120, 4000))))
    content[at : at + size] = (lie & (1 << 8 * size) - 1).to_bytes(size, chance.choice(("big", "little")))
    return bytes(content)


def spliced(content, chance):
    """Join the beginning of one picture and the end of another."""
    other = _small(chance.choice(KINDS))
    return content[: chance.randrange(1, len(content) + 1)] + other[chance.randrange(len(other)) :]
