"""The requests of random histories, each with its effect on the model."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from proof.crash.story_model import MISSING, Story, Thrown

NOBODY = 999
NO_ITEM = "550e8400-e29b-41d4-a716-446655440000"
# (request, what it does to the model)
Act = tuple[Callable[[Any], Any], Callable[[Story], int]]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def pick(names: Any, number: int, otherwise: Any) -> Any:
    """Return one of them, or sometimes an id that does not exist."""
    names = sorted(names)
    return names[number % len(names)] if names and number % 11 else otherwise


class World:
    """The real store, and the requests that change it."""

    def __init__(self) -> None:
        from django.conf import settings

        from api.models import Project, Segment
        from items.models import Item
        from media_store.identity import mark
        from media_store.layout import current_layout
        from proof.crash.api_client import ApiClient
        from proof.crash.trees import clear_rows

        clear_rows()
        for root in (settings.MEDIA_ROOT, settings.UPLOADS_ROOT):
            shutil.rmtree(root, ignore_errors=True)
        self.layout = current_layout()
        self.layout.ensure()
        mark(self.layout)
        self.client = ApiClient()
        self.pictures = 0
        for number in (2, 3):
            Project.objects.create(pk=number, title=f"Project {number}")
        for number in range(1, 6):
            project_id = 1 + number % 3
            Segment.objects.create(
                pk=number, project_id=project_id, sequence_index=number, text_content=f"Text {number}"
            )
        for name in ("lamp", "tent"):
            Item.objects.create(name=name, category="Things")

    def picture(self) -> bytes:
        from proof.crash.api_client import jpeg

        self.pictures += 1
        return jpeg("teal") + f"#{self.pictures}".encode()

    def seen(self) -> Story:
        """Return the rows, the bytes of their files, and the trash, in the form of the model."""
        from api.models import Project, Segment
        from items.models import Item
        from media_store.models import TrashEntry

        story = Story(projects=dict(Project.objects.values_list("pk", "title")))
        for segment in Segment.objects.all():
            name = segment.image_file.name
            picture = self.bytes_of(self.layout.live(f"media/{name}"))[0] if name else None
            story.segments[segment.pk] = {
                "project": segment.project_id,
                "position": segment.sequence_index,
                "text": segment.text_content,
                "locked": segment.is_locked,
                "picture": picture,
            }
        for item in Item.objects.all():
            path = self.layout.live(f"uploads/{item.image_file}") if item.image_file else None
            story.items[str(item.pk)] = {"name": item.name, "picture": path and self.bytes_of(path)[0]}
        story.trash = [self.thrown(entry) for entry in TrashEntry.objects.filter(state="trashed")]
        return story

    def thrown(self, entry: Any) -> Thrown:
        paths = [self.layout.trashed(file.op_id, file.place) for file in entry.files.all()]
        pictures = sorted(picture for path in paths for picture in self.bytes_of(path))
        rows: list[Any] = [entry.snapshot[kind] for kind in ("project", "item") if kind in entry.snapshot]
        rows = [row.get("title") or row.get("name") for row in rows]
        return Thrown(entry.kind, entry.record, tuple(pictures), (*rows, *self.rows_of(entry)))

    def rows_of(self, entry: Any) -> list[tuple[Any, ...]]:
        columns = ("id", "project_id", "sequence_index", "text_content", "is_locked")
        # The row does not hold the picture: it is in the files, or missing; the model has it.
        return sorted(tuple(row[name] for name in columns) for row in entry.snapshot.get("segments", ()))

    def bytes_of(self, path: Path) -> list[str]:
        if path.is_dir():
            return sorted(digest(file.read_bytes()) for file in path.rglob("*") if file.is_file())
        return [digest(path.read_bytes()) if path.exists() else MISSING]

    def entry_like(self, thrown: Thrown) -> int:
        from media_store.models import TrashEntry

        return max(
            entry.pk
            for entry in TrashEntry.objects.filter(state="trashed")
            if self.thrown(entry) == without_pictures(thrown)
        )


def without_pictures(thrown: Thrown) -> Thrown:
    """Return a removed thing as the database has it: rows of segments without their pictures."""
    rows = tuple(row[:5] if isinstance(row, tuple) else row for row in thrown.rows)
    return Thrown(thrown.kind, thrown.record, thrown.pictures, rows)


def as_seen(story: Story) -> dict[str, Any]:
    return {**story.seen(), "trash": sorted(map(without_pictures, story.trash))}


def acts(world: World, story: Story, number: int) -> dict[str, Callable[[], Act]]:
    """Return every request, on the records that ``number`` selects."""
    segment = pick(story.segments, number, NOBODY)
    other = pick(story.segments, number // 3, NOBODY)
    project = pick(story.projects, number, NOBODY)
    item = pick(story.items, number, NO_ITEM)
    thrown = pick(story.trash, number, None)

    def send(method: str, path: str, body: Any = None) -> Callable[[Any], Any]:
        return lambda client: client.send(method, path, body)

    def upload(path: str, name: str, verb: Callable[..., int], owner: Any) -> Act:
        content = world.picture()
        return lambda client: client.upload(path, name, content), lambda to: verb(to, owner, digest(content))

    def back(target: int | None) -> Act:
        if thrown is None:
            return send("POST", "trash/999999/restore/", {}), lambda to: 404
        body = {} if target is None else {"segment": target}
        path = f"trash/{world.entry_like(thrown)}/restore/"
        return send("POST", path, body), lambda to: to.restore(thrown, target)

    def purged() -> Act:
        if thrown is None:
            return send("DELETE", "trash/999999/"), lambda to: 404
        return send("DELETE", f"trash/{world.entry_like(thrown)}/"), lambda to: to.purge(thrown)

    is_picture = thrown is not None and thrown.kind == "image"
    name = f"{number % 3}.jpg"
    return {
        "upload": lambda: upload(f"segments/{segment}/upload-image/", name, Story.give, segment),
        "remove": lambda: (send("DELETE", f"segments/{segment}/remove-image/"), lambda to: to.remove(segment)),
        "swap": lambda: (
            send("POST", f"segments/{segment}/swap-image/", {"segment": other}),
            lambda to: to.swap(segment, other),
        ),
        "lock": lambda: (
            send("PATCH", f"segments/{segment}/", {"is_locked": True}),
            lambda to: to.lock(segment, is_locked=True),
        ),
        "unlock": lambda: (
            send("PATCH", f"segments/{segment}/", {"is_locked": False}),
            lambda to: to.lock(segment, is_locked=False),
        ),
        "lend": lambda: (
            send("POST", f"segments/{segment}/use-item-image/", {"item_id": item}),
            lambda to: to.lend(item, segment),
        ),
        "delete segment": lambda: (send("DELETE", f"segments/{segment}/"), lambda to: to.delete_segment(segment)),
        "delete project": lambda: (send("DELETE", f"projects/{project}/"), lambda to: to.delete_project(project)),
        "restore": lambda: back(None),
        "restore elsewhere": lambda: back(segment if is_picture else None),
        "purge": purged,
        "upload item image": lambda: upload(f"v1/items/{item}/image", name, Story.give_item, item),
        "remove item image": lambda: (send("DELETE", f"v1/items/{item}/image"), lambda to: to.remove_from_item(item)),
        "delete item": lambda: (send("DELETE", f"v1/items/{item}"), lambda to: to.delete_item(item)),
    }


ACTS = (
    "upload", "upload", "remove", "swap", "swap", "lock", "unlock", "lend", "delete segment", "delete project",
    "restore", "restore", "restore elsewhere", "purge", "upload item image", "upload item image", "remove item image",
    "delete item",
)  # fmt: skip
