"""Every file of the corpus through both APIs: used, or refused with the right sentence and without any effect."""

from __future__ import annotations

import os
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageOps
from rest_framework.test import APIClient

from api.models import Segment
from items.models import Item
from media_store.layout import Layout
from media_store.tests.conftest import a_segment_owning, everything, write
from proof.corpus.ends import end_of_picture
from proof.corpus.rows import CORPUS, ITEM_LIMIT, Row

OLD_PLACE, OLD_ITEM_PLACE = "media/projects/1/images/1_old.jpg", "uploads/items/item-1-old.jpg"


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 200
    assert (
        min(sum(row.reason is None for row in CORPUS.values()), sum(bool(row.reason) for row in CORPUS.values())) > 99
    )


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("title", CORPUS)
def test_each_file_is_used_or_refused_with_its_reason(title: str, store: Layout, tmp_path: Path) -> None:
    row, content = CORPUS[title], CORPUS[title].content()
    segment, item = a_segment_owning(OLD_PLACE), a_item_owning(OLD_ITEM_PLACE)
    for place in (OLD_PLACE, OLD_ITEM_PLACE):
        write(store.live(place))

    check_story_door(row, content, segment, store)
    check_item_door(row, content, item, store)

    assert os.listdir(store.incoming) == []
    assert sorted(os.listdir(tmp_path)) == ["media", "uploads"]


def a_item_owning(place: str) -> Item:
    return Item.objects.create(name="Lamp", category="Light", image_file=place.removeprefix("uploads/"))


def check_story_door(row: Row, content: bytes, segment: Segment, store: Layout) -> None:
    before, rows = everything(store), Segment.objects.values().get()
    response = send(f"/api/segments/{segment.pk}/upload-image/", row.name, content)
    if row.reason is None:
        assert response.status_code == 200, response.content
        check_stored(row, content, response.json()["image_file"], before, store)
        return
    assert (response.status_code, response.json()["error"]) == (400, "Invalid image file")
    assert set(response.json()) == {"error", "details"}
    assert row.reason in response.json()["details"]
    assert everything(store) == before
    assert Segment.objects.values().get() == rows


def check_item_door(row: Row, content: bytes, item: Item, store: Layout) -> None:
    before, rows = everything(store), Item.objects.values().get()
    response = send(f"/api/v1/items/{item.pk}/image", row.name, content)
    body = response.json()
    reason = row.item_reason or row.reason
    if reason is None:
        assert response.status_code == 201, body
        check_stored(row, content, body["data"]["imageUrl"], before, store)
        return
    is_too_large = row.item_code == "FILE_TOO_LARGE"
    assert is_too_large == (len(content) > ITEM_LIMIT)
    assert (response.status_code, body["error"]["code"]) == (413 if is_too_large else 400, row.item_code), body
    assert (body["data"], body["message"]) == (None, "Image upload failed")
    assert reason in body["error"]["message"]
    assert everything(store) == before
    assert Item.objects.values().get() == rows


def send(url: str, name: str, content: bytes) -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return APIClient(raise_request_exception=False).post(url, {"image": file}, format="multipart")


def check_stored(row: Row, content: bytes, url: str, before: dict[str, bytes], store: Layout) -> None:
    """Check a stored picture: same look and orientation, no trailing data, right content type, old one in the trash."""
    place = url.removeprefix("/")
    stored = store.live(place).read_bytes()
    assert end_of_picture(stored) == len(stored)
    assert not row.never or row.never not in stored
    assert seen(stored) == seen(content)
    added = {name: data for name, data in everything(store).items() if before.get(name) != data}
    assert sorted(added.values()) == sorted([stored, b"old"])
    answer = APIClient().get(url)
    assert b"".join(answer.streaming_content) == stored
    assert answer["Content-Type"] == media_type_of(stored)
    assert answer["X-Content-Type-Options"] == "nosniff"


def seen(content: bytes) -> tuple[str, tuple[int, int], bytes, bytes | None]:
    """Return what a person sees: the first frame, upright, and its colour profile."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        image.load()
        try:
            upright = ImageOps.exif_transpose(image)
        except (SyntaxError, struct.error):
            upright = image  # EXIF that cannot be read turns nothing
        return upright.mode, upright.size, upright.tobytes(), image.info.get("icc_profile")


def media_type_of(content: bytes) -> str:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
        return {"MPO": "image/jpeg", "PNG": "image/png"}.get(image.format) or image.get_format_mimetype()
