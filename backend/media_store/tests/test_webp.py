"""Large WebP pictures, which are decoded without Pillow's copies of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from media_store import webp
from media_store.errors import InvalidPicture
from media_store.pictures import PictureFacts, check_picture
from media_store.thumbnails import make_thumbnail
from media_store.uploads import MAX_PICTURE_BYTES

BUDGET_BYTES = 400 * 1024 * 1024
MAKE = """
import sys
from PIL import Image
picture = Image.linear_gradient("L").resize((16383, 3000), Image.Resampling.NEAREST).convert(sys.argv[2])
more = {"save_all": True, "append_images": [picture.point(lambda value: 255 - value)]} if sys.argv[4] == "True" else {}
picture.save(sys.argv[1], "WEBP", lossless=sys.argv[3] == "True", quality=25, method=1, **more)
"""
MEASURE = """
import sys
from pathlib import Path
import media_store.thumbnails
from media_store.pictures import check_picture
def most():
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) * 1024
before = most()
with open(sys.argv[1], "rb") as file:
    if sys.argv[2] == "check":
        check_picture(file)
    else:
        media_store.thumbnails.make_thumbnail(file, Path(sys.argv[1] + ".small"), 1920)
print(most() - before)
"""
KINDS: list[dict[str, Any]] = [
    {"mode": "RGB", "lossless": True},
    {"mode": "RGB", "lossless": False, "quality": 90},
    {"mode": "RGBA", "lossless": True},
    {"mode": "RGBA", "lossless": False, "quality": 90},
]


def a_picture(*, mode: str, size: tuple[int, int] = (300, 200), frames: int = 1, **how: Any) -> bytes:
    red, green = Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size)
    bands = [red, green, Image.new("L", size, 80), ImageChops.invert(green)]
    picture = Image.merge(mode, bands[: len(mode)])
    content, others = BytesIO(), [picture.rotate(90 * turn) for turn in range(1, frames)]
    picture.save(content, "WEBP", **({"save_all": True, "append_images": others} if others else {}), **how)
    return content.getvalue()


@pytest.fixture
def all_large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(webp, "LARGE_PIXELS", 1)
    yield


def unlike(one: Image.Image, other: Image.Image) -> int:
    """Return the largest difference of any pixel, 0 to 255, on a grey backdrop, which hides transparent colours."""
    seen = []
    for picture in (one.convert("RGBA"), other.convert("RGBA")):
        grey = Image.new("RGBA", picture.size, "grey")
        seen.append(Image.alpha_composite(grey, picture))
    return int(max(high for _, high in ImageChops.difference(*seen).getextrema()))


def verdict(content: bytes) -> PictureFacts | str:
    try:
        return check_picture(BytesIO(content))
    except InvalidPicture as exc:
        return str(exc.details)


@pytest.mark.slow
@pytest.mark.parametrize("act", ["check", "thumbnail"])
@pytest.mark.parametrize(
    ("mode", "lossless", "animated"),
    [("RGB", True, False), ("RGB", False, False), ("RGBA", True, False), ("RGB", True, True)],
)
def test_the_largest_picture_takes_no_more_memory_than_any_may(
    mode: str, lossless: bool, animated: bool, act: str, tmp_path: Path
) -> None:
    picture = str(tmp_path / "large.webp")
    subprocess.run([sys.executable, "-c", MAKE, picture, mode, str(lossless), str(animated)], check=True)
    done = subprocess.run([sys.executable, "-c", MEASURE, picture, act], check=True, capture_output=True, text=True)
    assert Path(picture).stat().st_size <= MAX_PICTURE_BYTES
    assert int(done.stdout) < BUDGET_BYTES


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_it_looks_as_pillow_shows_it(kind: dict[str, Any], frames: int, all_large: None) -> None:
    content = a_picture(**kind, frames=frames)
    still = webp.large_still(content, (300, 200))
    assert still
    small = webp.decode_scaled(still, (60, 40), kind["mode"])
    expected = Image.open(BytesIO(content)).convert(kind["mode"]).resize((60, 40), Image.Resampling.BOX)
    assert unlike(small, expected) <= 8


@pytest.mark.parametrize("frames", [1, 3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_thumbnail_of_it_is_as_that_of_a_small_one(
    kind: dict[str, Any], frames: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = a_picture(**kind, frames=frames)
    make_thumbnail(BytesIO(content), tmp_path / "one.webp", 160)
    monkeypatch.setattr(webp, "LARGE_PIXELS", 1)
    make_thumbnail(BytesIO(content), tmp_path / "other.webp", 160)
    one, other = Image.open(tmp_path / "one.webp"), Image.open(tmp_path / "other.webp")
    assert (one.size, one.mode) == (other.size, other.mode)
    assert unlike(one, other) <= 24


@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_broken_is_refused_as_it_is_of_a_small_one(
    kind: dict[str, Any], frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = a_picture(**kind, frames=frames)
    broken = [content[:at] + bytes(len(content) - at) for at in range(40, len(content), max(1, len(content) // 40))]
    small = [verdict(one) for one in broken]
    monkeypatch.setattr(webp, "LARGE_PIXELS", 1)
    large = [verdict(one) for one in broken]
    assert not [pair for pair in zip(small, large, strict=True) if isinstance(pair[0], str) and pair[1] != pair[0]]
    assert any(isinstance(one, str) for one in large)
    assert verdict(content) == PictureFacts("WEBP", 300, 200)


def test_a_first_frame_that_covers_only_a_part_is_left_to_pillow(all_large: None) -> None:
    content = a_picture(mode="RGB", lossless=True, frames=2)
    place = content.index(b"ANMF") + 8
    moved = content[:place] + b"\1\0\0" + content[place + 3 :]
    assert webp.large_still(moved, (300, 200)) is None


def test_without_libwebps_functions_pillow_does_it(all_large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webp, "_libwebp", lambda: None)
    assert verdict(a_picture(mode="RGB")) == PictureFacts("WEBP", 300, 200)
