"""Faces are found, and the frame keeps the whole head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from rendering.faces import faces_in
from rendering.interest import interest_of, place_in
from rendering.pictures import read_picture

PHOTOGRAPHS = sorted((Path(__file__).parents[3] / "examples/half-a-fig/pictures").glob("*.jpg"))


def a_head(size: int) -> Image.Image:
    """Drawn, ``size`` pixels wide: hair, brows, eyes, a nose and a mouth."""
    image = Image.new("L", (240, 300), 90)
    draw = ImageDraw.Draw(image)
    draw.ellipse([20, 0, 220, 300], fill=60)
    draw.ellipse([40, 40, 200, 290], fill=200)
    for left in (60, 135):
        draw.rectangle([left, 110, left + 45, 118], fill=90)
        draw.ellipse([left + 3, 122, left + 43, 146], fill=70)
    draw.polygon([(112, 150), (128, 150), (136, 200), (104, 200)], fill=185)
    draw.rectangle([104, 196, 136, 206], fill=130)
    draw.ellipse([85, 222, 155, 246], fill=100)
    return image.filter(ImageFilter.GaussianBlur(5)).resize((size, size * 5 // 4)).convert("RGB")


def a_portrait(*heads: tuple[int, int, int], size: tuple[int, int] = (640, 360)) -> Image.Image:
    """With heads at (left, top), so many pixels wide."""
    image = Image.new("RGB", size, (120, 140, 110))
    for left, top, wide in heads:
        image.paste(a_head(wide), (left, top))
    return image


@pytest.mark.parametrize(("left", "top", "wide"), [(60, 40, 96), (500, 200, 96), (200, 60, 200), (10, 10, 110)])
def test_a_face_is_found_where_it_is(left: int, top: int, wide: int) -> None:
    (face,) = faces_in(np.asarray(a_portrait((left, top, wide))))
    middle = ((left + wide / 2) / 640, (top + wide * 0.65) / 360)
    assert face[0] < middle[0] < face[2]
    assert face[1] < middle[1] < face[3]
    assert 0.5 * wide < (face[2] - face[0]) * 640 < 1.3 * wide


def test_several_are_found_the_largest_first() -> None:
    faces = faces_in(np.asarray(a_portrait((60, 40, 96), (400, 60, 160))))
    assert len(faces) == 2
    assert faces[0][0] > 0.5 > faces[1][0]


@pytest.mark.parametrize("path", PHOTOGRAPHS, ids=lambda path: path.stem)
def test_none_is_found_where_there_is_none(path: Path) -> None:
    image = read_picture(path, 400)
    image.thumbnail((400, 400))
    assert faces_in(np.asarray(image)) == ()


def test_pictures_of_any_shape_and_noise_are_looked_at() -> None:
    dice = np.random.default_rng(3)
    for size in ((1, 1), (5, 4000), (4000, 5), (24, 24), (300, 200)):
        for rgb in (dice.integers(0, 255, (*size, 3), np.uint8), np.zeros((*size, 3), np.uint8)):
            assert faces_in(rgb) == ()


@pytest.mark.parametrize(
    ("left", "top", "size", "frame"),
    [
        (40, 40, (640, 360), (1080, 1920)),
        (500, 200, (640, 360), (1080, 1920)),
        (500, 120, (640, 360), (1080, 1080)),
        (100, 20, (360, 640), (1920, 1080)),
        (200, 500, (360, 640), (1920, 1080)),
        (100, 10, (600, 400), (1920, 1080)),
    ],
)
def test_a_frame_of_another_shape_keeps_the_whole_head_also_when_the_camera_is_close(
    left: int, top: int, size: tuple[int, int], frame: tuple[int, int], tmp_path: Path
) -> None:
    a_portrait((left, top, 96), size=size).save(tmp_path / "a.png")
    interest = interest_of(tmp_path / "a.png")
    assert interest is not None
    assert len(interest.faces) == 1
    x, y = place_in(interest, *frame)
    for zoom in (1, 1.25):
        step = min(size[0] / frame[0], size[1] / frame[1]) / zoom
        first, over = (size[0] - frame[0] * step) * x, (size[1] - frame[1] * step) * y
        # The head without its outermost hair.
        assert first <= left + 10 and left + 86 <= first + frame[0] * step, zoom
        assert over <= top + 10 and top + 110 <= over + frame[1] * step, zoom


def test_a_frame_of_the_picture_s_own_shape_stays_in_the_middle(tmp_path: Path) -> None:
    a_portrait((40, 20, 96)).save(tmp_path / "a.png")
    interest = interest_of(tmp_path / "a.png")
    assert interest is not None
    assert place_in(interest, 1920, 1080) == (0.5, 0.5)
    assert interest.point[0] < 0.25
