"""Every kind of picture keeps its colours, and transparent pictures get a suitable background."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from rendering.pictures import read_picture

GREEN = (60, 200, 80)
# A display's profile with other primaries than sRGB's: its red and green are exchanged, which nobody can overlook.
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exchanged() -> bytes:
    """sRGB's profile with the tags of its red and green colorants exchanged."""
    return SRGB.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def grey_profile() -> bytes:
    """An ICC profile of grey with a gamma of 1.0 (ICC.1:2022: header, wtpt, kTRC)."""
    tags = [(b"wtpt", b"XYZ \0\0\0\0" + bytes.fromhex("0000f6d6000100000000d32d")), (b"kTRC", b"curv" + bytes(8))]
    offset, table, body = 128 + 4 + 12 * len(tags), len(tags).to_bytes(4, "big"), b""
    for name, content in tags:
        table += name + (offset + len(body)).to_bytes(4, "big") + len(content).to_bytes(4, "big")
        body += content
    size = (128 + len(table) + len(body)).to_bytes(4, "big")
    head = size + bytes(4) + bytes.fromhex("02400000") + b"mntrGRAYXYZ " + bytes(12) + b"acsp" + bytes(28)
    head += bytes.fromhex("0000f6d6000100000000d32d")
    return head.ljust(128, b"\0") + table + body


def shown(folder: Path, image: Image.Image, name: str = "p.png", **options: object) -> np.ndarray:
    """(height, width, 3) int, as the film has it."""
    image.save(folder / name, **options)
    return np.asarray(read_picture(folder / name, 1000)).astype(int)


def of_mode(mode: str) -> Image.Image:
    image = Image.new("RGB", (40, 30), GREEN)
    if mode == "P with alpha":
        palette = image.quantize(4)
        palette.info["transparency"] = bytes([255] * 3 + [0])
        return palette
    if mode == "RGB with a clear colour":
        image.info["transparency"] = (1, 2, 3)
        return image
    return image.quantize(4) if mode == "P" else image.convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "P with alpha", "RGB with a clear colour"])
def test_a_colour_profile_holds_for_every_mode(tmp_path: Path, mode: str) -> None:
    plain = shown(tmp_path, of_mode("RGB"))[5, 5]
    assert np.abs(plain - GREEN).max() <= 1
    converted = shown(tmp_path, of_mode(mode), icc_profile=exchanged())[5, 5]
    assert converted == pytest.approx(shown(tmp_path, of_mode("RGB"), icc_profile=exchanged())[5, 5], abs=2)
    assert converted[0] > 150 > 120 > converted[1]


@pytest.mark.parametrize("name", ["p.jpg", "p.webp"])
def test_a_colour_profile_holds_for_every_format(tmp_path: Path, name: str) -> None:
    converted = shown(tmp_path, of_mode("RGB"), name, icc_profile=exchanged(), quality=95)[5, 5]
    assert converted[0] > 150 > 120 > converted[1]


@pytest.mark.parametrize("mode", ["L", "LA", "I;16", "1"])
def test_a_profile_of_grey_holds_for_every_grey(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((30, 40), 128 * 257, np.uint16))
    elif mode == "1":
        image = Image.new("1", (40, 30), 1)
    else:
        image = Image.new("L", (40, 30), 128).convert(mode)
    linear = shown(tmp_path, image, icc_profile=grey_profile())[5, 5]
    assert linear == pytest.approx([255] * 3 if mode == "1" else [188] * 3, abs=2)  # sRGB of a half of the light


@pytest.mark.parametrize(
    "profile",
    [b"", b"none", SRGB[:60], SRGB[:16] + b"Lab " + SRGB[20:], grey_profile()],
    # A profile holds the moment at which it was made, which is no name for a test.
    ids=["empty", "no profile", "cut off", "of another space", "of grey"],
)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "LA", "CMYK"])
def test_a_profile_that_does_not_fit_is_passed_over(tmp_path: Path, mode: str, profile: bytes) -> None:
    grey = Image.new("RGB", (40, 30), (128, 128, 128))
    image = grey.quantize(4) if mode == "P" else grey.convert(mode)
    options = {"icc_profile": profile} if profile else {}
    if mode in ("L", "LA"):
        options = {"icc_profile": profile.replace(b"GRAY", b"CMYK")} if profile else {}
    name = "p.jpg" if mode == "CMYK" else "p.png"
    assert shown(tmp_path, image, name, **options)[5, 5] == pytest.approx([128] * 3, abs=6)


def line_art(colour: tuple[int, ...], mode: str) -> Image.Image:
    """A cross on nothing, as a drawing program saves it."""
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(0, 0), (59, 59)], fill=(*colour, 255), width=3)
    if mode == "LA":
        return image.convert("LA")
    if mode == "P":
        palette = Image.new("P", (60, 60), 0)
        palette.putpalette([0, 0, 0, *colour])
        palette.paste(1, mask=image.getchannel("A").point(lambda alpha: 255 if alpha else 0))
        palette.info["transparency"] = 0
        return palette
    return image


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(
    ("colour", "ground"),
    [((0, 0, 0), 255), ((30, 40, 90), 255), ((128, 128, 128), 255), ((255, 255, 255), 0), ((240, 230, 200), 0)],
)
def test_a_drawing_on_nothing_stands_out_dark_or_light(
    tmp_path: Path, mode: str, colour: tuple[int, int, int], ground: int
) -> None:
    pixels = shown(tmp_path, line_art(colour, mode))
    assert (pixels[10, 50] == ground).all()
    luma = int(np.dot(colour, (0.299, 0.587, 0.114)))
    assert pixels[30, 30] == pytest.approx(colour if mode != "LA" else [luma] * 3, abs=2)


def test_one_clear_grey_of_sixteen_bits_is_clear(tmp_path: Path) -> None:
    values = np.full((30, 40), 9000, np.uint16)
    values[:, 20:] = 64
    image = Image.fromarray(values)
    pixels = shown(tmp_path, image, transparency=64)
    assert (pixels[5, 30] == 255).all()
    assert (pixels[5, 5] == 35).all()


def test_what_is_half_clear_is_mixed_with_what_lies_behind(tmp_path: Path) -> None:
    half_black = Image.new("RGBA", (40, 30), (0, 0, 0, 128))
    assert shown(tmp_path, half_black)[5, 5] == pytest.approx([127] * 3, abs=1)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_a_picture_without_a_clear_pixel_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    white = Image.new("RGB", (40, 30), "white").convert(mode)
    assert (shown(tmp_path, white) == 255).all()
