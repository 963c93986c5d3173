"""The point of interest that is found in a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rendering.errors import PictureUnreadable
from rendering.interest import PARTS, Interest, interest_of, place_in

DOGS = Path(__file__).parents[3] / "examples/half-a-fig/pictures/1-dogs-at-the-window.jpg"
# Of the dogs' picture: from the crown of the upper dog to the chin of the lower, as shares of the height.
CROWN, CHIN = 0.235, 0.6


def a_meadow(folder: Path, spot: tuple[float, float], size: tuple[int, int] = (800, 450), name: str = "a.png") -> Path:
    """Grass with a red ball at ``spot``, its middle."""
    dice = np.random.default_rng(1)
    grass = np.clip(dice.normal((70, 130, 60), 12, (size[1], size[0], 3)), 0, 255).astype(np.uint8)
    image = Image.fromarray(grass)
    x, y, r = spot[0] * size[0], spot[1] * size[1], min(size) / 10
    ImageDraw.Draw(image).ellipse([x - r, y - r, x + r, y + r], fill=(200, 30, 30))
    path = folder / name
    image.save(path)
    return path


def view(interest: Interest, width: int, height: int) -> tuple[float, float, float, float]:
    """What such a frame sees: left, top, right, bottom as shares of the picture."""
    x, y = place_in(interest, width, height)
    wide = min(1.0, width / height / (interest.width / interest.height))
    high = min(1.0, interest.width / interest.height / (width / height))
    left, top = (1 - wide) * x, (1 - high) * y
    return left, top, left + wide, top + high


def found(path: Path) -> Interest:
    interest = interest_of(path)
    assert interest is not None
    return interest


@pytest.mark.parametrize("at", [0.15, 0.35, 0.5, 0.65, 0.85])
def test_a_tall_frame_keeps_what_stands_out_of_a_wide_picture_whole(at: float, tmp_path: Path) -> None:
    interest = found(a_meadow(tmp_path, (at, 0.5)))
    radius = 45 / 800
    left, _, right, _ = view(interest, 1080, 1920)
    assert left <= at - radius and at + radius <= right
    assert abs(interest.point[0] - at) < 2 * radius


@pytest.mark.parametrize("at", [0.15, 0.35, 0.5, 0.65, 0.85])
def test_a_wide_frame_keeps_what_stands_out_of_a_tall_picture_whole(at: float, tmp_path: Path) -> None:
    interest = found(a_meadow(tmp_path, (0.5, at), (450, 800)))
    radius = 45 / 800
    _, top, _, bottom = view(interest, 1920, 1080)
    assert top <= at - radius and at + radius <= bottom


def test_no_head_is_cut_off_in_the_example_s_picture_of_two_dogs() -> None:
    interest = found(DOGS)
    for width, height in ((1920, 1080), (1080, 1080), (1440, 1080)):
        _, top, _, bottom = view(interest, width, height)
        assert top <= CROWN and bottom >= CHIN, (width, height)


def test_a_picture_of_about_the_frame_s_shape_stays_in_the_middle_wherever_something_is(tmp_path: Path) -> None:
    interest = found(a_meadow(tmp_path, (0.1, 0.1), (1500, 1000)))
    assert place_in(interest, 1920, 1080) == (0.5, 0.5)
    assert place_in(interest, 3000, 2000) == (0.5, 0.5)


def test_only_the_axis_that_is_cropped_is_moved_along(tmp_path: Path) -> None:
    interest = found(a_meadow(tmp_path, (0.1, 0.1)))
    assert place_in(interest, 1080, 1920)[1] == 0.5
    assert place_in(interest, 1080, 1920)[0] < 0.2


def test_where_all_is_alike_nothing_stands_out(tmp_path: Path) -> None:
    for size in ((300, 200), (1, 1), (1, 3000), (3000, 1)):
        Image.new("RGB", size, "teal").save(tmp_path / "flat.png")
        assert interest_of(tmp_path / "flat.png") is None


@pytest.mark.parametrize("size", [(2, 2), (1, 2), (3, 4000), (4000, 3), (17, 9)])
def test_pictures_of_any_shape_are_looked_at(size: tuple[int, int], tmp_path: Path) -> None:
    dice = np.random.default_rng(2)
    Image.fromarray(dice.integers(0, 255, (size[1], size[0], 3), np.uint8)).save(tmp_path / "a.png")
    interest = interest_of(tmp_path / "a.png")
    for width, height in ((1920, 1080), (1080, 1920), (64, 4096)):
        place = place_in(interest, width, height) if interest else (0.5, 0.5)
        assert all(0 <= share <= 1 for share in place)


def test_grey_transparent_and_turned_pictures_are_looked_at_as_they_are_seen(tmp_path: Path) -> None:
    plain = found(a_meadow(tmp_path, (0.2, 0.5)))
    with Image.open(tmp_path / "a.png") as image:
        image.convert("L").save(tmp_path / "grey.png")
        image.convert("RGBA").save(tmp_path / "clear.webp", lossless=True)
        exif = Image.Exif()
        exif[0x0112] = 6
        image.rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif, quality=95)
    for name in ("clear.webp", "turned.jpg"):
        other = found(tmp_path / name)
        assert abs(place_in(other, 9, 16)[0] - place_in(plain, 9, 16)[0]) < 0.1, name
    assert found(tmp_path / "grey.png").width == plain.width


def test_the_same_picture_says_the_same_and_its_shares_add_up(tmp_path: Path) -> None:
    path = a_meadow(tmp_path, (0.3, 0.6))
    interest = found(path)
    assert interest == interest_of(path)
    for shares in (interest.columns, interest.rows):
        assert len(shares) == PARTS
        assert abs(sum(shares) - 1) < 1e-3


def test_a_file_that_is_no_picture_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    for path in (tmp_path / "a.png", tmp_path / "missing.png"):
        with pytest.raises(PictureUnreadable, match=path.name):
            interest_of(path)
