"""A fixture with a new store for every test, and small builders of the state after a crash."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest

from api.models import Project, Segment
from media_store.identity import verify_identity
from media_store.layout import Layout, current_layout
from media_store.models import MediaOperation, TrashEntry, TrashFile
from media_store.trash import TrashRecord, add_entry
from proof.crash.torture import build_shim

PLACE = "media/projects/1/images/1_a.jpg"


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("gcc"):
        pytest.skip("needs gcc to build the shim that faults")
    return build_shim(tmp_path_factory.mktemp("shim"))


@pytest.fixture
def store(tmp_path: Path, settings: Any, db: None) -> Layout:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    layout = current_layout()
    layout.ensure()
    verify_identity(layout)
    return layout


def write(path: Path, content: bytes = b"old") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def an_operation(*, is_committed: bool) -> str:
    op_id = uuid.uuid4().hex
    if is_committed:
        MediaOperation.objects.create(op_id=op_id, act="test")
    return op_id


def a_segment_owning(place: str = PLACE) -> Segment:
    project = Project.objects.create(title="A story")
    return Segment.objects.create(
        project=project, sequence_index=0, text_content="Text", image_file=place.removeprefix("media/")
    )


def a_trash_entry(op_id: str, place: str = PLACE, *, state: str = "trashed", is_folder: bool = False) -> TrashEntry:
    what = TrashRecord(kind="image", record="1", group="projects/1", title="A picture", reason="removed")
    file = TrashFile(op_id=op_id, place=place, role="image_file", is_folder=is_folder)
    entry = add_entry(what, [file], op_id=op_id, act="remove", by="test")
    TrashEntry.objects.filter(pk=entry.pk).update(state=state)
    return entry


def an_upload(content: bytes = b"new", name: str = "a.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from media_store.uploads import as_streamed

    return as_streamed(SimpleUploadedFile(name, content))


Snapshot = dict[str, bytes]


def everything(store: Layout) -> Snapshot:
    """Return path and bytes of every file of the store, except its private ones (lock, id, ballast, thumbnails)."""
    found: Snapshot = {}
    for root in (store.private.parent, store.areas["uploads"]):
        for path in sorted(root.rglob("*")):
            relative = path.relative_to(root.parent).as_posix()
            if path.is_file() and path.parent != store.private and path.parent != store.cache:
                found[relative] = path.read_bytes()
    return found
