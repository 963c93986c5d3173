from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from rendering.film import Film, Picture
from rendering.framing import View
from rendering.planes import empty_planes, source_of, to_planes, warp
from rendering.tests.making import SMALL, a_scene
from rendering.timeline import lay_out


def planes_of(tmp_path: Path, image: Image.Image, name: str = "p.png", fit: str = "cover", **save: object):
    path = tmp_path / name
    image.save(path, **save)
    scene = a_scene(tmp_path, picture=Picture(path, name), motion="still")
    film = Film("t", (scene,), replace(SMALL, fit=fit))
    return source_of(lay_out(film).shots[0], film)


def halves(size: tuple[int, int] = (160, 90)) -> Image.Image:
    """Left half white, right half black."""
    image = Image.new("RGB", size, "black")
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    return image


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        ((255, 255, 255), (235, 128, 128)),
        ((0, 0, 0), (16, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_colours_are_those_of_bt709_limited_range(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    planes = to_planes(np.full((4, 4, 3), rgb, np.uint8))
    assert [int(plane[1, 1]) for plane in planes] == pytest.approx(yuv, abs=1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_before_it_is_cut(tmp_path: Path, orientation: int) -> None:
    upright = halves()
    stored = upright
    for turn in {
        1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
    }[orientation]:  # fmt: skip
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    luma = planes_of(tmp_path, stored, "p.jpg", exif=exif, quality=95)[0]
    assert luma.shape == (90, 160)
    assert luma[:, :70].min() > 200
    assert luma[:, 90:].max() < 50


def test_cover_fills_the_frame_and_keeps_what_sticks_out_for_the_camera(tmp_path: Path) -> None:
    luma = planes_of(tmp_path, Image.new("RGB", (100, 200), "white"))[0]
    assert luma.shape == (320, 160)
    assert luma.min() == 235


def test_contain_shows_all_of_it_on_black(tmp_path: Path) -> None:
    luma = planes_of(tmp_path, Image.new("RGB", (100, 200), "white"), fit="contain")[0]
    assert luma.shape == (90, 160)
    assert luma[:, 60:100].min() > 230
    assert luma[:, :50].max() == luma[:, 110:].max() == 16


def test_contain_blur_fills_the_rest_with_the_picture_dimmed(tmp_path: Path) -> None:
    luma = planes_of(tmp_path, Image.new("RGB", (100, 200), "white"), fit="contain-blur")[0]
    assert luma[:, 60:100].min() > 230
    assert 100 < luma[:, :50].mean() < 180


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "I;16", "1", "CMYK"])
def test_every_kind_of_pixel_comes_out_as_bright_as_it_is(tmp_path: Path, mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((90, 160), 65535, np.uint16))
    else:
        image = Image.new("RGB", (160, 90), "white").convert(mode)
    name = "p.jpg" if mode == "CMYK" else "p.png"
    assert int(np.median(planes_of(tmp_path, image, name)[0])) >= 230


def test_what_is_transparent_is_black(tmp_path: Path) -> None:
    assert planes_of(tmp_path, Image.new("RGBA", (160, 90), (255, 255, 255, 0)))[0].max() == 16


def test_a_colour_profile_is_heeded_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    grey = Image.new("RGB", (160, 90), (128, 128, 128))
    plain = planes_of(tmp_path, grey)[0][0, 0]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert abs(int(planes_of(tmp_path, grey, "s.png", icc_profile=srgb)[0][0, 0]) - int(plain)) <= 1
    assert planes_of(tmp_path, grey, "b.png", icc_profile=b"no profile")[0][0, 0] == plain


def test_a_view_of_half_a_step_lies_between_two_pixels() -> None:
    ramp = np.tile(np.arange(0, 200, 2, dtype=np.uint8), (60, 1))
    source = (ramp, ramp[::2, ::2].copy(), ramp[::2, ::2].copy())
    out = empty_planes(replace(SMALL, width=64, height=64))
    out = tuple(plane[: plane.shape[0] // 2] for plane in out)
    warp(source, View(10.0, 5.0, 1.0), out)
    whole = out[0][10].astype(int)
    warp(source, View(10.5, 5.0, 1.0), out)
    assert np.abs(out[0][10].astype(int) - whole - 1).max() <= 1


@pytest.mark.parametrize("left, top", [(0.0, 0.0), (10.25, 5.0), (3.4, 7.9), (36.0, 28.0)])
def test_a_view_of_step_one_is_drawn_as_one_of_nearly_one(left: float, top: float) -> None:
    rng = np.random.default_rng(7)
    noise = rng.integers(0, 256, (92, 100), dtype=np.uint8)
    source = (noise, noise[:46, :50].copy(), noise[46:, 50:].copy())
    fmt = replace(SMALL, width=64, height=64)
    # With room beside the planes, as an encoder's frame has it: nothing may be drawn there.
    rooms = [np.full((plane.shape[0], plane.shape[1] + 16), 3, np.uint8) for plane in empty_planes(fmt)]
    shifted = tuple(room[:, :-16] for room in rooms)
    nearly = empty_planes(fmt)
    warp(source, View(left, top, 1.0), shifted)
    warp(source, View(left, top, 1.0 + 1e-9), nearly)
    for one, other in zip(shifted, nearly, strict=True):
        assert np.abs(one.astype(int) - other.astype(int)).max() <= 6  # OpenCV places to a 32nd of a pixel
    assert all((room[:, -16:] == 3).all() for room in rooms)
