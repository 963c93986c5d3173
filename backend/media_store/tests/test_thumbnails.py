from __future__ import annotations

import os
import struct
import threading
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageCms, JpegImagePlugin

from media_store.errors import InvalidPicture
from media_store.thumbnails import make_thumbnail, upright_size

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
Turn = Image.Transpose
# What a camera stores when the scene is seen through each orientation (EXIF 2.32, tag 0x0112).
STORED_AS = {
    1: None,
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}


def four_corners(width=400, height=200):
    scene = Image.new("RGB", (2, 2))
    scene.putdata([RED, GREEN, BLUE, WHITE])
    return scene.resize((width, height), Image.Resampling.NEAREST)


def encoded(image, image_format, **options):
    buffer = BytesIO()
    image.save(buffer, image_format, **options)
    return BytesIO(buffer.getvalue())


def thumbnail_of(source, folder, width=160):
    target = Path(folder) / "thumb.webp"
    make_thumbnail(source, target, width)
    with Image.open(target) as thumbnail:
        thumbnail.load()
        return thumbnail


def is_near(pixel, colour, tolerance=40):
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=False))


def photographed(orientation, image_format):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    turn = STORED_AS[orientation]
    scene = four_corners() if turn is None else four_corners().transpose(turn)
    return encoded(scene, image_format, exif=exif.tobytes())


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_stands_upright(orientation, image_format, tmp_path):
    thumbnail = thumbnail_of(photographed(orientation, image_format), tmp_path)
    assert thumbnail.size == (160, 80)
    corners = [(8, 8), (151, 8), (8, 71), (151, 71)]
    seen = [thumbnail.getpixel(corner) for corner in corners]
    assert all(map(is_near, seen, (RED, GREEN, BLUE, WHITE))), seen


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_upright_size_is_the_one_a_person_sees(orientation):
    assert upright_size(photographed(orientation, "JPEG")) == (400, 200)


@pytest.mark.parametrize(
    ("size", "width", "expected"),
    [
        ((3000, 2000), 600, (600, 400)),
        ((100, 50), 1920, (100, 50)),
        ((1000, 1), 160, (160, 1)),
        ((400, 16_384), 1920, (400, 16_383)),
        ((400, 200), 1, (160, 80)),
        ((4000, 20), 9999, (1920, 10)),
    ],
)
def test_a_thumbnail_keeps_the_ratio_and_is_never_enlarged(size, width, expected, tmp_path):
    assert thumbnail_of(encoded(Image.new("RGB", size), "PNG"), tmp_path, width).size == expected


def test_a_large_jpeg_is_decoded_at_a_reduced_scale(tmp_path, monkeypatch):
    loaded = []
    load_end = JpegImagePlugin.JpegImageFile.load_end
    monkeypatch.setattr(
        JpegImagePlugin.JpegImageFile, "load_end", lambda self: (loaded.append(self.size), load_end(self))[1]
    )
    thumbnail_of(encoded(four_corners(4000, 2000), "JPEG"), tmp_path)
    assert loaded == [(500, 250)]


def with_transparent_index():
    image = four_corners().quantize(4)
    image.info["transparency"] = image.getpixel((8, 8))
    return encoded(image, "PNG")


def with_palette_alpha():
    image = four_corners().quantize(4)
    alpha = bytearray(b"\xff" * 4)
    alpha[image.getpixel((8, 8))] = 0x80
    return encoded(image, "PNG", transparency=bytes(alpha))


def with_a_clear_grey():
    row = struct.pack("<H", 64) * 100 + struct.pack("<H", 0x8000) * 300
    image = Image.frombytes("I;16", (400, 200), row * 200)
    return encoded(image, "PNG", transparency=64)


BLACK = (0, 0, 0)
SOURCES = {
    "L": (lambda: encoded(Image.new("L", (400, 200), 90), "JPEG"), (90, 90, 90)),
    "1": (lambda: encoded(Image.new("1", (400, 200), 1), "PNG"), WHITE),
    "I;16": (lambda: encoded(Image.new("I;16", (400, 200), 0x8000), "PNG"), (128, 128, 128)),
    "I;16 white": (lambda: encoded(Image.new("I;16", (400, 200), 0xFFFF), "PNG"), WHITE),
    "I;16, one grey clear": (with_a_clear_grey, WHITE),
    "CMYK": (lambda: encoded(Image.new("CMYK", (400, 200), (0, 255, 255, 0)), "JPEG"), RED),
    "P": (lambda: encoded(four_corners().quantize(4), "PNG"), RED),
    "P, one index clear": (with_transparent_index, WHITE),
    "P, alpha table": (with_palette_alpha, (255, 127, 127)),
    "LA": (lambda: encoded(Image.new("LA", (400, 200), (100, 100)), "PNG"), (194, 194, 194)),
    "LA, light": (lambda: encoded(Image.new("LA", (400, 200), (200, 100)), "PNG"), (78, 78, 78)),
    "RGBA": (lambda: encoded(Image.new("RGBA", (400, 200), (*BLUE, 0x40)), "PNG"), (191, 191, 255)),
    "RGB, one colour clear": (
        lambda: encoded(Image.new("RGB", (400, 200), RED), "PNG", transparency=RED),
        BLACK,
    ),
    "WebP with alpha": (
        lambda: encoded(Image.new("RGBA", (400, 200), (*GREEN, 0x80)), "WEBP", lossless=True),
        (127, 255, 127),
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_kind_of_pixel_becomes_rgb(name, tmp_path):
    source, colour = SOURCES[name]
    thumbnail = thumbnail_of(source(), tmp_path)
    assert thumbnail.mode == "RGB"
    pixel = thumbnail.getpixel((8, 8))
    assert all(abs(have - want) <= 12 for have, want in zip(pixel, colour, strict=True)), pixel


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize(("ink", "ground"), [((0, 0, 0), 255), ((40, 40, 40), 255), ((250, 250, 250), 0)])
def test_a_drawing_on_nothing_stands_out_dark_or_light(mode, ink, ground, tmp_path):
    drawing = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    drawing.paste((*ink, 255), (190, 0, 210, 200))
    thumbnail = thumbnail_of(encoded(drawing.convert(mode), "PNG"), tmp_path)
    assert is_near(thumbnail.getpixel((20, 40)), [ground] * 3, 8)
    assert is_near(thumbnail.getpixel((80, 40)), ink, 30)


def test_what_the_camera_wrote_down_does_not_reach_the_thumbnail(tmp_path):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SECRETCAMERA"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    source = encoded(
        four_corners(), "JPEG", exif=exif, xmp=b"<x:xmpmeta>SECRETPLACE</x:xmpmeta>", comment=b"SECRETNOTE"
    )
    thumbnail = thumbnail_of(source, tmp_path)
    assert not {"exif", "xmp", "comment"} & set(thumbnail.info)
    assert b"SECRET" not in (tmp_path / "thumb.webp").read_bytes()


def test_the_colour_profile_is_kept(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    thumbnail = thumbnail_of(encoded(four_corners(), "JPEG", icc_profile=profile), tmp_path)
    assert thumbnail.info["icc_profile"] == profile


@pytest.mark.parametrize("profile", [bytes(16) + b"CMYK" + bytes(108), bytes(16) + b"RGB " + bytes(2 << 20)])
def test_a_profile_that_does_not_fit_is_dropped(profile, tmp_path):
    thumbnail = thumbnail_of(encoded(four_corners(), "JPEG", icc_profile=profile), tmp_path)
    assert "icc_profile" not in thumbnail.info


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03",
        b"Exif\0\0MM\0*\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x09\0\0",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_picture_with_broken_exif_still_gets_a_thumbnail(exif, tmp_path):
    assert thumbnail_of(encoded(four_corners(), "JPEG", exif=exif), tmp_path).size == (160, 80)


@pytest.mark.parametrize("orientation", [b"\0\x03\0\0\0\x01\0\x06\0\0", b"\0\x04\0\0\0\x01\0\0\0\x06"])
def test_an_orientation_may_be_short_or_long(orientation):
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12" + orientation + bytes(4)
    assert upright_size(encoded(four_corners(), "JPEG", exif=exif)) == (200, 400)


def test_a_pngs_orientation_may_come_behind_its_pixels():
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    png = encoded(four_corners(), "PNG").getvalue()
    content = png[:-12] + chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")) + png[-12:]
    assert upright_size(BytesIO(content)) == (200, 400)


def test_an_animation_shows_its_first_frame(tmp_path):
    frames = [Image.new("RGB", (400, 200), colour) for colour in (BLUE, RED, GREEN)]
    source = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert is_near(thumbnail_of(source, tmp_path).getpixel((80, 40)), BLUE)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_decoded_is_an_invalid_picture_and_leaves_nothing(content, tmp_path):
    with pytest.raises(InvalidPicture):
        make_thumbnail(BytesIO(content), tmp_path / "thumb.webp", 160)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_leaves_nothing_and_is_not_the_pictures_fault(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        make_thumbnail(encoded(four_corners(), "PNG"), tmp_path / "thumb.webp", 160)
    assert list(tmp_path.iterdir()) == []


def test_several_at_once_do_not_get_in_each_others_way(tmp_path):
    content, target, failures = encoded(four_corners(), "PNG").getvalue(), tmp_path / "thumb.webp", []

    def make():
        try:
            make_thumbnail(BytesIO(content), target, 160)
        except Exception as exc:
            failures.append(exc)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert list(tmp_path.iterdir()) == [target]
