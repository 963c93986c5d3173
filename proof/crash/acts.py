"""The acts into which faults are injected, on a small story of known bytes, and the state that is compared."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from api.models import Project, Segment
from api.services import picture_swap, projects, revising, segment_images, segments, story_trash
from filming import bundle_import, duplicating, merging, splitting
from items.models import Item
from items.services import item_images, items
from media_store.layout import current_layout, live_files
from media_store.models import TrashEntry, TrashFile
from media_store.purging import purge
from media_store.records import referenced_places

BY = "crash test"
NEW = b"the new picture" * 4000


def picture(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def bytes_of(word: str) -> bytes:
    return f"picture {word} ".encode() * 3000


def make_story() -> None:
    """Four projects; segments with and without pictures; a trash that holds a picture, two segments and a project."""
    first = Project.objects.create(pk=1, title="First")
    second = Project.objects.create(pk=2, title="Second")
    third = Project.objects.create(pk=3, title="Third")
    for pk, project in ((1, first), (2, first), (3, first), (4, second), (5, third), (6, first)):
        Segment.objects.create(pk=pk, project=project, sequence_index=pk, text_content=f"Text {pk}")
    for pk, word in ((1, "one"), (3, "three"), (4, "four"), (5, "five"), (6, "six")):
        segment_images.upload_image(pk, picture(f"{word}.jpg", bytes_of(word)), by=BY)
    segment_images.upload_image(2, picture("two.jpg", bytes_of("two")), by=BY)
    segment_images.remove_image(2, by=BY)
    segment_images.upload_image(3, picture("three again.jpg", bytes_of("again")), by=BY)
    segments.delete_segment(6, by=BY)
    projects.delete_project(3, by=BY)
    make_pairs()
    for word in ("lamp", "drill", "tent"):
        Item.objects.create(pk=item_id(word), name=word, category="Things")
        item_images.upload_image(str(item_id(word)), picture(f"{word}.jpg", bytes_of(word)), by=BY)
    item_images.delete_image(str(item_id("drill")), by=BY)
    items.delete_item(str(item_id("tent")), by=BY)


def make_pairs() -> None:
    """The fourth project: two neighbours with pictures, and one that has the picture of the one merged into it."""
    fourth = Project.objects.create(pk=4, title="Fourth")
    for pk in (7, 8, 9, 10):
        Segment.objects.create(pk=pk, project=fourth, sequence_index=pk, text_content=f"Text {pk}")
    for pk, word in ((7, "seven"), (8, "eight"), (10, "ten")):
        segment_images.upload_image(pk, picture(f"{word}.jpg", bytes_of(word)), by=BY)
    merging.merge_segment(10, {}, by=BY)


def item_id(word: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, word)


def entry_of(kind: str, record: object) -> int:
    return TrashEntry.objects.get(kind=kind, record=str(record), state="trashed").pk


def revised_script() -> dict[str, Any]:
    """Of the first story's three segments the second is kept, the third changed, the first missing; one is new."""
    texts = ("Text 2", "Something else altogether", "The text 3 again")
    return {"format": "json", "segments": [{"text_content": text} for text in texts]}


def a_bundle() -> BytesIO:
    """A project of two segments, each with a picture."""
    bundle, picture = BytesIO(), BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "JPEG")
    names = ["pictures/1-a.jpg", "pictures/2-b.jpg"]
    segments = [{"text_content": f"Text of {name}", "picture": name} for name in names]
    with zipfile.ZipFile(bundle, "w") as archive:
        for name in names:
            archive.writestr(name, picture.getvalue())
        archive.writestr("story.json", json.dumps({"bundle": 1, "title": "Sent", "segments": segments}))
    bundle.seek(0)
    return bundle


ACTS: dict[str, Callable[[], Any]] = {
    "upload": lambda: segment_images.upload_image(2, picture("b.jpg", NEW), by=BY),
    "replace": lambda: segment_images.upload_image(1, picture("new.jpg", NEW), by=BY),
    "replace by the same name": lambda: segment_images.upload_image(1, picture("one.jpg", NEW), by=BY),
    "replace by the same bytes": lambda: segment_images.upload_image(1, picture("one.jpg", bytes_of("one")), by=BY),
    "swap": lambda: picture_swap.swap_images(1, 3, by=BY),
    "swap with none": lambda: picture_swap.swap_images(2, 1, by=BY),
    "remove": lambda: segment_images.remove_image(1, by=BY),
    "delete segment": lambda: segments.delete_segment(1, by=BY),
    "split": lambda: splitting.split_segment(1, {"at": 4}, by=BY),
    "merge": lambda: merging.merge_segment(8, {}, by=BY),
    "merge, the picture moves": lambda: merging.merge_segment(3, {}, by=BY),
    "restore a merge": lambda: story_trash.restore_entry(entry_of("segment", 10), by=BY),
    "duplicate segment": lambda: duplicating.duplicate_segment(7, by=BY),
    "import revised script": lambda: revising.revise_project(1, revised_script(), by=BY),
    "import bundle": lambda: bundle_import.import_bundle(a_bundle(), by=BY, limit_bytes=10**7),
    "delete project": lambda: projects.delete_project(1, by=BY),
    "restore image": lambda: story_trash.restore_entry(entry_of("image", 2), by=BY),
    "restore image over another": lambda: story_trash.restore_entry(entry_of("image", 3), by=BY),
    "restore segment": lambda: story_trash.restore_entry(entry_of("segment", 6), by=BY),
    "restore project": lambda: story_trash.restore_entry(entry_of("project", 3), by=BY),
    "upload item image": lambda: item_images.upload_image(str(item_id("drill")), picture("b.jpg", NEW), by=BY),
    "replace item image": lambda: item_images.upload_image(str(item_id("lamp")), picture("b.jpg", NEW), by=BY),
    "delete item image": lambda: item_images.delete_image(str(item_id("lamp")), by=BY),
    "delete item": lambda: items.delete_item(str(item_id("lamp")), by=BY),
    "restore item image": lambda: story_trash.restore_entry(entry_of("item-image", item_id("drill")), by=BY),
    "restore item": lambda: story_trash.restore_entry(entry_of("item", item_id("tent")), by=BY),
    "use item image": lambda: segment_images.use_item_image(2, str(item_id("lamp")), by=BY),
    "purge image": lambda: purge(entry_of("image", 2), by=BY),
    "purge project": lambda: purge(entry_of("project", 3), by=BY),
}


def state() -> dict[str, Any]:
    """Return what a person sees: the rows with the bytes of their files, and the trash with its bytes."""
    layout = current_layout()
    return {
        "projects": sorted(Project.objects.values_list("pk", "title")),
        "segments": {
            segment.pk: (
                segment.project_id,
                segment.sequence_index,
                segment.text_content,
                segment.is_locked,
                segment.image_file.name,
                digest(layout.live(f"media/{segment.image_file.name}")) if segment.image_file else None,
            )
            for segment in Segment.objects.order_by("pk")
        },
        "items": {
            str(item.pk): (item.name, digest(layout.live(f"uploads/{item.image_file}")) if item.image_file else None)
            for item in Item.objects.order_by("pk")
        },
        "trash": sorted(
            (entry.kind, entry.record, [digest(layout.trashed(file.op_id, file.place)) for file in entry.files.all()])
            for entry in TrashEntry.objects.filter(state="trashed").prefetch_related("files")
        ),
    }


def digest(path: Path) -> str:
    """Return a hash of a file, or the names and hashes of a folder's files."""
    if path.is_dir():
        return str(sorted((p.relative_to(path).as_posix(), digest(p)) for p in path.rglob("*") if p.is_file()))
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "MISSING"


def violations() -> list[str]:
    """Return violations of the invariants: rows without files, files without rows, live or in the trash, leftovers."""
    layout = current_layout()
    owned = referenced_places()
    live = set(live_files(layout))
    waiting = {layout.trashed(file.op_id, file.place).name for file in TrashFile.objects.filter(entry__state="trashed")}
    kept = set(os.listdir(layout.trash))
    return [
        *(f"row without file: {place}" for place in owned - live),
        *(f"file without row: {place}" for place in live - owned),
        *(f"trash row without bytes: {name}" for name in waiting - kept),
        *(f"trash bytes without row: {name}" for name in kept - waiting),
        *(f"left in `in`: {name}" for name in os.listdir(layout.incoming)),
    ]


def lies() -> list[str]:
    """Return trash entries that are marked as purged although their bytes are still on disk."""
    layout = current_layout()
    purged = TrashFile.objects.filter(entry__state="purged")
    there = (layout.trashed(file.op_id, file.place) for file in purged)
    return [f"said to be purged, but there: {path.name}" for path in there if os.path.lexists(path)]
