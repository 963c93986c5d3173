from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import threading
import time
import zlib
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from media_store import pictures
from media_store.pictures import InvalidPicture, PictureFacts, check_picture, content_type_of

BACKEND = Path(__file__).parents[2]
MIB = 1024 * 1024


@cache
def a_scene(size=(160, 120), seed=1):
    noise = Image.frombytes("L", size, random.Random(seed).randbytes(size[0] * size[1]))
    shape = Image.blend(Image.radial_gradient("L").resize(size), noise, 0.3)
    return Image.merge("RGB", (shape, shape.transpose(Image.Transpose.FLIP_LEFT_RIGHT), shape))


def encoded(image, image_format, **options):
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def animated(image_format):
    frames = [a_scene(seed=seed) for seed in range(4)]
    return encoded(frames[0], image_format, save_all=True, append_images=frames[1:])


SAMPLES = {
    "JPEG baseline": lambda: encoded(a_scene(), "JPEG"),
    "JPEG progressive": lambda: encoded(a_scene(), "JPEG", progressive=True),
    "JPEG of odd size": lambda: encoded(a_scene((157, 113)), "JPEG"),
    "JPEG with restarts": lambda: encoded(a_scene(), "JPEG", restart_marker_rows=1),
    "JPEG, CMYK": lambda: encoded(a_scene().convert("CMYK"), "JPEG"),
    "PNG": lambda: encoded(a_scene(), "PNG"),
    "PNG, palette": lambda: encoded(a_scene().quantize(64), "PNG"),
    "PNG, animated": lambda: animated("PNG"),
    "WebP lossy": lambda: encoded(a_scene(), "WEBP"),
    "WebP lossless": lambda: encoded(a_scene(), "WEBP", lossless=True),
    "WebP with alpha": lambda: encoded(a_scene().convert("RGBA"), "WEBP", xmp=b"odd"),
    "WebP, animated": lambda: animated("WEBP"),
}


@cache
def sample(name):
    return SAMPLES[name]()


def named(content, name):
    file = BytesIO(content)
    file.name = name
    return file


def refusal_of(content, name=""):
    file = named(content, name)
    file.seek(0, 2)
    with pytest.raises(InvalidPicture) as refused:
        check_picture(file)
    assert file.tell() == 0
    return refused.value.details


# What counts as a picture


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp"])
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_content_decides_and_not_the_ending(image_format, ending):
    file = named(encoded(a_scene(), image_format), f"picture{ending}")
    assert check_picture(file) == PictureFacts(image_format, 160, 120)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_usual_kind_is_accepted_and_left_at_its_start(name):
    file = BytesIO(sample(name))
    file.seek(7)
    assert check_picture(file).format == name[:4].strip(" ,").upper()
    assert file.tell() == 0


def mpo(**options):
    return encoded(a_scene(), "MPO", save_all=True, append_images=[a_scene((80, 60))], **options)


def without_second_image():
    content = mpo()
    return content[: content.index(b"\xff\xd9\xff\xd8") + 2]


@pytest.mark.parametrize("content", [mpo, without_second_image])
def test_a_phones_jpeg_with_a_second_picture_counts_as_jpeg(content):
    assert check_picture(BytesIO(content())) == PictureFacts("JPEG", 160, 120)


@pytest.mark.parametrize("name", ["JPEG baseline", "PNG", "WebP lossy"])
@pytest.mark.parametrize("tail", [b"\0", b"\n", bytes(4096), b"PK\3\4 not a zip", b"\xff\xd8\xff\xe0", b"\xff" * 99])
def test_bytes_behind_the_end_of_a_picture_do_not_matter(name, tail):
    assert check_picture(BytesIO(sample(name) + tail)).width == 160


def test_fill_bytes_and_stray_bytes_between_jpeg_segments_do_not_matter():
    jpeg = sample("JPEG baseline")
    assert check_picture(BytesIO(jpeg[:2] + b"\xff\xff\xff" + jpeg[2:20] + bytes(9) + jpeg[20:])).format == "JPEG"


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"\xff\xd8\xff\xe1" + bytes(8), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "image/png"),
        (b"RIFF\x10\0\0\0WEBP", "image/webp"),
        (b"RIFF\x10\0\0\0WAVE", None),
        (b"GIF89a", None),
        (b"\xff\xd8", None),
        (b"", None),
    ],
)
def test_the_first_twelve_bytes_tell_the_content_type(head, content_type):
    assert content_type_of(head) == content_type


# What does not


FOREIGN = {
    "a GIF": lambda: encoded(Image.new("P", (4, 4)), "GIF"),
    "a TIFF": lambda: encoded(Image.new("RGB", (4, 4)), "TIFF"),
    "a BMP": lambda: encoded(Image.new("RGB", (4, 4)), "BMP"),
    "an SVG": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a FITS image": lambda: b"SIMPLE  =                    T / conforms".ljust(80) + b"END".ljust(2800),
    "an EPS": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 4 4\n%%EOF\n",
    "an AVIF": lambda: encoded(Image.new("RGB", (4, 4)), "AVIF"),
    "a HEIC photo": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "a web page": lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "an icon": lambda: encoded(Image.new("RGB", (16, 16)), "ICO"),
    "no picture that is known here": lambda: b"just words, and not even many",
}


@pytest.fixture
def foreign_decoders_that_ran(monkeypatch):
    Image.init()
    ran = []
    for name, (_, accept) in Image.OPEN.items():
        if name not in ("JPEG", "PNG", "WEBP"):
            monkeypatch.setitem(Image.OPEN, name, (lambda *_, name=name: ran.append(name), accept))
    return ran


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_kind_named_png_is_refused_by_its_name_and_its_decoder_never_runs(kind, foreign_decoders_that_ran):
    content = FOREIGN[kind]()
    assert refusal_of(content, "a.png") == f"This file is {kind} named .png; JPEG, PNG and WebP pictures can be used."
    assert foreign_decoders_that_ran == []


def test_an_empty_file_is_refused_as_empty():
    assert refusal_of(b"") == "This file is empty; JPEG, PNG and WebP pictures can be used."


def cuts_of(content):
    """About a hundred lengths over the whole file, with each of the last dozen bytes."""
    return sorted({len(content) * i // 90 for i in range(90)} | set(range(len(content) - 12, len(content))))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_picture_cut_off_anywhere_is_refused(name):
    content = sample(name)
    cuts = cuts_of(content)
    assert len(cuts) >= 100
    details = {refusal_of(content[:cut]) for cut in cuts[10:]}
    assert details == {"The picture is cut off: its end is missing. Copy or download it again."}
    for cut in cuts[:10]:
        refusal_of(content[:cut])


@pytest.mark.parametrize("name", ["JPEG baseline", "JPEG progressive", "PNG"])
def test_a_download_whose_second_half_stayed_zero_is_refused(name):
    content = sample(name)
    refusal_of(content[: len(content) // 2] + bytes(len(content) // 2))


def test_what_a_decoder_says_is_kept_for_the_log_and_not_shown(monkeypatch):
    def fail(*_, **__):
        raise MemoryError("secret words")

    monkeypatch.setattr(pictures.Image, "open", fail)
    with pytest.raises(InvalidPicture) as refused:
        check_picture(BytesIO(sample("PNG")))
    assert isinstance(refused.value.__cause__, MemoryError)
    assert "secret" not in refused.value.details
    assert (refused.value.code, refused.value.message) == ("INVALID_PICTURE", "Invalid image file")


def test_a_disk_that_cannot_be_read_is_not_the_pictures_fault():
    class Broken(BytesIO):
        def read(self, *_):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        check_picture(Broken(b"x"))


def test_truncated_pictures_are_never_completed_by_pillow():
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_at_most_two_pictures_are_decoded_at_once(monkeypatch):
    running, most, counting, open_picture = 0, 0, threading.Lock(), pictures.open_picture

    def slowly(data):
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with counting:
            running -= 1
        return open_picture(data)

    monkeypatch.setattr(pictures, "open_picture", slowly)
    threads = [threading.Thread(target=check_picture, args=(BytesIO(sample("PNG")),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


# Sizes and bombs


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, *, before=b"", after=b"", rows=1):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(rows * (width + 1)))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + before + chunk(b"IDAT", pixels) + after + chunk(b"IEND", b"")


def packed(size_bytes):
    return zlib.compress(bytes(size_bytes), 9)


def riff(*chunks):
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def one_colour_webp(width, height):
    """A lossless WebP of one colour, whose few bytes are the same for every size."""
    body = bytearray(encoded(Image.new("RGB", (16, 16), "red"), "WEBP", lossless=True)[20:])
    bits = int.from_bytes(body[1:5], "little") & ~0xFFFFFFF
    body[1:5] = (bits | (width - 1) | (height - 1) << 14).to_bytes(4, "little")
    return bytes(body)


def canvas(width, height, flags=0):
    return b"VP8X", bytes([flags, 0, 0, 0]) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def many_webp_frames(count):
    place = bytes(6) + (999).to_bytes(3, "little") * 2 + (40).to_bytes(3, "little") + b"\0"
    image = one_colour_webp(1000, 1000)
    frame = place + b"VP8L" + struct.pack("<I", len(image)) + image + bytes(len(image) % 2)
    return riff(canvas(1000, 1000, flags=2), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * count)


def many_png_frames(count):
    pixels, frames = zlib.compress(bytes(1000 * 1001)), []
    for number in range(count):
        control = struct.pack(">IIIIIHHBB", max(0, 2 * number - 1), 1000, 1000, 0, 0, 1, 25, 0, 0)
        data = chunk(b"fdAT", struct.pack(">I", 2 * number) + pixels) if number else chunk(b"IDAT", pixels)
        frames.append(chunk(b"fcTL", control) + data)
    first = png(1000, 1000)[:33]
    return first + chunk(b"acTL", struct.pack(">II", count, 0)) + b"".join(frames) + chunk(b"IEND", b"")


def jpeg_with(segments):
    jpeg, after_jfif = sample("JPEG baseline"), 20
    return jpeg[:after_jfif] + segments + jpeg[after_jfif:]


def exif_bomb(tags, size_bytes):
    """EXIF whose tags all have the same bytes as their value: everything that there is."""
    entries = b"".join(struct.pack(">HHII", tag, 7, size_bytes - 8, 8) for tag in range(tags))
    return (b"MM\0*" + struct.pack(">IH", 8, tags) + entries).ljust(size_bytes, b"\0")


def jpeg_with_exif_bomb():
    exif, jpeg = exif_bomb(60_000, 4 * MIB), sample("JPEG baseline")
    parts = [b"Exif\0\0" + exif[at : at + 65_000] for at in range(0, len(exif), 65_000)]
    segments = b"".join(b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part for part in parts)
    return jpeg[:2] + segments + jpeg[20:]


def jpeg_of_many_scans():
    jpeg = sample("JPEG progressive")
    last_scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    return jpeg[:-2] + last_scan * 2000 + jpeg[-2:]


BOMBS = {
    "PNG of 50,000 by 50,000": lambda: png(50_000, 50_000),
    "PNG of 8,000 by 8,000": lambda: png(8_000, 8_000, rows=8_000),
    "PNG one pixel too wide": lambda: png(16_385, 1),
    "PNG one pixel too high": lambda: png(1, 16_385, rows=16_385),
    "PNG with a second header": lambda: png(10, 10, before=png(60_000, 60_000)[8:33]),
    "JPEG one pixel too wide": lambda: encoded(Image.new("L", (16_385, 1)), "JPEG"),
    "JPEG of 65,500 by 65,500": lambda: encoded(Image.new("L", (16, 16)), "JPEG").replace(
        b"\x08\0\x10\0\x10", b"\x08\xff\xdc\xff\xdc"
    ),
    "WebP as large as can be": lambda: riff((b"VP8L", one_colour_webp(16_383, 16_383))),
    "WebP of 81 megapixels": lambda: riff(canvas(9_000, 9_000), (b"VP8L", one_colour_webp(9_000, 9_000))),
    "WebP canvas larger than its picture": lambda: riff(canvas(1 << 24, 1 << 24), (b"VP8L", one_colour_webp(9, 9))),
    "zTXt of 64 MB before the pixels": lambda: png(10, 10, before=chunk(b"zTXt", b"a\0\0" + packed(64 * MIB)), rows=10),
    "zTXt of 64 MB after the pixels": lambda: png(10, 10, after=chunk(b"zTXt", b"a\0\0" + packed(64 * MIB)), rows=10),
    "iTXt of 64 MB": lambda: png(10, 10, before=chunk(b"iTXt", b"a\0\1\0\0\0" + packed(64 * MIB)), rows=10),
    "ICC profile of 64 MB": lambda: png(10, 10, before=chunk(b"iCCP", b"a\0\0" + packed(64 * MIB)), rows=10),
    "10,000 ICC profiles": lambda: png(10, 10, before=chunk(b"iCCP", b"a\0\0" + packed(MIB - 1)) * 10_000, rows=10),
    "a million PNG chunks": lambda: png(10, 10, before=chunk(b"teSt", b"") * 1_000_000, rows=10),
    "a million EXIF segments": lambda: jpeg_with(b"\xff\xe1\0\x10Exif\0\0 growing" * 1_000_000),
    "zeros between JPEG segments": lambda: jpeg_with(bytes(20 * MIB)),
    "2,000 JPEG scans": jpeg_of_many_scans,
}
# Pictures all the same: only the first frame is decoded, and Pillow reads no more EXIF than the file has bytes.
DEFUSED = {
    "PNG of 5,000 frames": lambda: many_png_frames(5_000),
    "WebP of 50,000 frames": lambda: many_webp_frames(50_000),
    "JPEG with 240 GB of EXIF": jpeg_with_exif_bomb,
    "PNG with 60 GB of EXIF": lambda: png(10, 10, before=chunk(b"eXIf", exif_bomb(60_000, MIB)), rows=10),
    "WebP with 60 GB of EXIF": lambda: riff(
        canvas(9, 9, flags=8), (b"VP8L", one_colour_webp(9, 9)), (b"EXIF", exif_bomb(60_000, MIB))
    ),
}

MEASURE = """
import json, re, sys, time
from pathlib import Path
from media_store.pictures import InvalidPicture, check_picture
from media_store.thumbnails import upright_size
for path in sys.argv[1:]:
    start = time.monotonic()
    with open(path, "rb") as file:
        try:
            outcome = check_picture(file).format
            upright_size(file)
        except InvalidPicture as exc:
            outcome = exc.details
    # ru_maxrss would count the process that started this one.
    peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps([outcome, time.monotonic() - start, peak]))
"""


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """(outcome, seconds, peak MiB up to then) of each bomb, in a process of its own."""
    folder, bombs = tmp_path_factory.mktemp("bombs"), BOMBS | DEFUSED
    paths = [folder / str(number) for number in range(len(bombs))]
    for path, content in zip(paths, bombs.values(), strict=True):
        path.write_bytes(content())
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *map(str, paths)], cwd=BACKEND, capture_output=True, check=True, timeout=120
    )
    return dict(zip(bombs, map(json.loads, run.stdout.splitlines()), strict=True))


@needs_proc
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_without_going_off(name, measured):
    outcome, seconds, peak_mib = measured[name]
    assert outcome not in ("JPEG", "PNG", "WEBP")
    assert seconds < 5
    assert peak_mib < 300


@needs_proc
@pytest.mark.parametrize("name", DEFUSED)
def test_a_picture_whose_extras_would_fill_the_memory_is_used_without_them(name, measured):
    outcome, seconds, peak_mib = measured[name]
    assert outcome == name.split(maxsplit=1)[0].upper()
    assert seconds < 5
    assert peak_mib < 300


def test_the_sentence_about_size_has_the_numbers():
    assert refusal_of(png(8_000, 8_000)) == "64,000,000 pixels; up to 50 megapixels can be used."
    assert refusal_of(png(16_385, 10)) == "The picture is 16,385 by 10 pixels; each side can have up to 16,384."


@pytest.mark.parametrize("size", [(16_384, 1), (1, 16_384), (16_384, 3_051)])
def test_the_largest_allowed_sides_are_accepted(size):
    assert check_picture(BytesIO(encoded(Image.new("1", size), "PNG"))).width == size[0]


# Anything at all


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


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [*SAMPLES, "MPO"])
def test_a_mutated_picture_is_used_or_refused_and_nothing_else_happens(name):
    content, chance, outcomes = mpo() if name == "MPO" else sample(name), random.Random(name), set()
    for _ in range(120):
        file = BytesIO(mutated(content, chance))
        try:
            check_picture(file)
            outcomes.add("used")
        except InvalidPicture as exc:
            assert exc.details.endswith(".")
            outcomes.add("refused")
        assert file.tell() == 0
    assert "refused" in outcomes
