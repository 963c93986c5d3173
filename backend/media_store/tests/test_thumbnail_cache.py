"""Thumbnails that an older release made are not shown again."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from media_store import thumbnail_cache
from media_store.layout import Layout, quote_place
from media_store.tests.conftest import PLACE, write

WEB_CLIENT = Path(__file__).resolve().parents[3] / "frontend" / "lib" / "api.ts"


@pytest.fixture
def picture(store: Layout) -> Path:
    content = BytesIO()
    Image.new("RGBA", (40, 20), (200, 30, 30, 0)).save(content, "PNG")
    return write(store.live(PLACE), content.getvalue())


def shown(store: Layout, picture: Path, width: int = 160) -> tuple[Image.Image, str]:
    descriptor = os.open(picture, os.O_RDONLY)
    try:
        file, version = thumbnail_cache.open_thumbnail(store, PLACE, descriptor, width)
        with file:
            return Image.open(BytesIO(file.read())), version
    finally:
        os.close(descriptor)


def made_by_the_release_before(store: Layout, picture: Path, width: int = 160) -> tuple[Path, str]:
    """Return a thumbnail under the name that the previous release gave it: without a rule."""
    status = picture.stat()
    version = f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}-{width}"
    path = store.cache / f"{quote_place(PLACE)}~{version}.webp"
    Image.new("RGBA", (40, 20), (200, 30, 30, 0)).save(path, "WEBP")
    return path, version


def test_one_of_the_release_before_is_made_anew(store: Layout, picture: Path) -> None:
    _, old_version = made_by_the_release_before(store, picture)
    image, version = shown(store, picture)
    assert (image.mode, version == old_version) == ("RGB", False)


def test_one_of_the_release_before_is_swept_and_a_new_one_stays(store: Layout, picture: Path) -> None:
    _, version = shown(store, picture)
    old = [made_by_the_release_before(store, picture, width)[0] for width in (160, 2)]
    assert thumbnail_cache.sweep(store) == 2
    assert not any(path.exists() for path in old)
    assert [path.name for path in store.cache.glob("*.webp")] == [f"{quote_place(PLACE)}~{version}.webp"]


def test_another_rule_is_another_version_and_another_file(
    store: Layout, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, version = shown(store, picture)
    monkeypatch.setattr(thumbnail_cache, "RULE", thumbnail_cache.RULE + 1)
    _, later = shown(store, picture)
    assert later != version
    assert thumbnail_cache.sweep(store) == 1
    assert shown(store, picture)[1] == later


def test_the_web_client_asks_by_the_same_rule() -> None:
    assert re.findall(r"THUMBNAIL_RULE = (\d+);", WEB_CLIENT.read_text("utf-8")) == [str(thumbnail_cache.RULE)]
