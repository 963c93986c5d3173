"""One operation: complete or without effect, whatever raises in the middle of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from api.models import Project, Segment
from api.services import projects, segment_images, segments, story_trash
from media_store import disk
from media_store.errors import DiskFull, FileDeleteFailed, StorageFailed
from media_store.layout import Layout
from media_store.models import AuditEntry, MediaOperation, TrashEntry
from media_store.operations import Operation
from media_store.pending import open_pending
from media_store.purging import purge
from media_store.recovery import recover
from media_store.tests.conftest import PLACE, a_segment_owning, an_operation, everything, write
from media_store.uploads import upload_from_bytes

# Real transactions: a commit that fails must be a real one.
pytestmark = pytest.mark.django_db(transaction=True)
BY = "test"


@pytest.fixture
def store(transactional_db: None, store: Layout) -> Layout:
    return store


def file(name: str = "a.jpg", content: bytes = b"new") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_segment_with_picture(store: Layout, content: bytes = b"old") -> Segment:
    segment = a_segment_owning("media/projects/x.jpg")
    place = f"media/projects/{segment.project_id}/images/{segment.pk}_a.jpg"
    Segment.objects.filter(pk=segment.pk).update(image_file=place.removeprefix("media/"))
    write(store.live(place), content)
    segment.refresh_from_db()
    return segment


def rows() -> dict[str, Any]:
    return {
        "segments": list(Segment.objects.order_by("pk").values()),
        "projects": list(Project.objects.order_by("pk").values()),
        "trash": list(TrashEntry.objects.order_by("pk").values()),
        "operations": MediaOperation.objects.count(),
        "audit": AuditEntry.objects.exclude(kind="operation").count(),
    }


ACTS: dict[str, Callable[[Segment], object]] = {
    "upload": lambda segment: segment_images.upload_image(segment.pk, file("b.jpg"), by=BY),
    "same name": lambda segment: segment_images.upload_image(segment.pk, file("a.jpg"), by=BY),
    "remove": lambda segment: segment_images.remove_image(segment.pk, by=BY),
    "delete segment": lambda segment: segments.delete_segment(segment.pk, by=BY),
    "delete project": lambda segment: projects.delete_project(segment.project_id, by=BY),
}


def failing_commit(monkeypatch: pytest.MonkeyPatch, *, takes_effect: bool) -> None:
    """Let the next commit raise, before or after it took effect."""
    real = BaseDatabaseWrapper._commit
    remaining = [True]

    def commit(self: BaseDatabaseWrapper) -> Any:
        if not remaining:
            return real(self)
        remaining.clear()
        if takes_effect:
            real(self)
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", commit)


@pytest.mark.parametrize("act", ACTS)
def test_a_commit_that_fails_leaves_everything_as_it_was(
    act: str, store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    before, files = rows(), everything(store)
    failing_commit(monkeypatch, takes_effect=False)
    with pytest.raises(OperationalError):
        ACTS[act](segment)
    assert (rows(), everything(store)) == (before, files)


@pytest.mark.parametrize("act", ACTS)
def test_a_commit_that_reports_failure_but_took_effect_is_a_success(
    act: str, store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    failing_commit(monkeypatch, takes_effect=True)
    ACTS[act](segment)
    assert MediaOperation.objects.count() == 1
    assert b"old" in [content for name, content in everything(store).items() if "/.sf/trash/" in name]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("model", [MediaOperation, TrashEntry, AuditEntry], ids=lambda model: model.__name__)
def test_a_row_that_cannot_be_written_leaves_everything_as_it_was(act: str, model: Any, store: Layout) -> None:
    segment = a_segment_with_picture(store)
    before, files = rows(), everything(store)

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{model._meta.db_table}"'):
            raise OperationalError("disk I/O error")
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse), pytest.raises(OperationalError):
        ACTS[act](segment)
    assert (rows(), everything(store)) == (before, files)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.EIO, errno.ENOSPC, errno.EXDEV])
@pytest.mark.parametrize("act", ACTS)
def test_a_file_that_cannot_be_moved_leaves_everything_as_it_was(
    act: str, code: int, store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    before, files = rows(), everything(store)

    def refuse(source: Path, target: Path) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(disk, "rename", refuse)
    with pytest.raises(FileDeleteFailed):
        ACTS[act](segment)
    assert (rows(), everything(store)) == (before, files)


@pytest.mark.parametrize("act", ACTS)
def test_an_fsync_that_fails_after_the_move_is_taken_back(
    act: str, store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    before, files = rows(), everything(store)
    real = disk.sync_folder

    def refuse_trash(folder: Path) -> None:
        if folder == store.trash:
            raise OSError(errno.EIO, "fsync")
        real(folder)

    monkeypatch.setattr(disk, "sync_folder", refuse_trash)
    with pytest.raises(FileDeleteFailed):
        ACTS[act](segment)
    # The disk may still be failing while it is taken back; then the rest of it is recovery's.
    monkeypatch.undo()
    recover()
    assert (rows(), everything(store)) == (before, files)


@pytest.mark.parametrize(
    ("code", "error"), [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EIO, StorageFailed)]
)
@pytest.mark.parametrize("function", ["write_new", "link", "make_folder"])
def test_an_upload_the_disk_refuses_leaves_the_old_picture(
    function: str, code: int, error: type[Exception], store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    before, files = rows(), everything(store)

    def refuse(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(disk, function, refuse)
    with pytest.raises(error):
        segment_images.upload_image(segment.pk, file(), by=BY)
    assert (rows(), everything(store)) == (before, files)
    assert os.listdir(store.incoming) == []


def test_clearing_up_that_fails_does_not_turn_success_into_failure(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)

    def refuse(path: Path) -> None:
        raise OSError(errno.EIO, "unlink")

    monkeypatch.setattr(disk, "unlink", refuse)
    assert segment_images.upload_image(segment.pk, file("b.jpg"), by=BY)["image_file"].endswith("_b.jpg")


def test_a_filesystem_without_nameless_files_gets_the_bytes_copied(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = a_segment_with_picture(store)
    real = os.link

    def refuse_naming(source: Any, target: Any, **options: Any) -> None:
        if str(source).startswith("/proc/"):
            raise OSError(errno.ENOENT, "no such thing here")
        real(source, target, **options)

    monkeypatch.setattr(os, "link", refuse_naming)
    row = segment_images.upload_image(segment.pk, file("b.jpg", b"copied"), by=BY)
    assert store.live(f"media/{row['image_file']}").read_bytes() == b"copied"


def test_a_file_nobody_owns_is_not_overwritten(store: Layout) -> None:
    segment = a_segment_with_picture(store)
    stray = write(store.live(f"media/projects/{segment.project_id}/images/{segment.pk}_b.jpg"), b"stray")
    row = segment_images.upload_image(segment.pk, file("b.jpg"), by=BY)
    assert stray.read_bytes() == b"stray"
    assert store.live(f"media/{row['image_file']}").read_bytes() == b"new"


def test_what_a_killed_command_left_is_settled_by_the_next_removal(store: Layout) -> None:
    """The server runs on after another command was killed between rename and commit."""
    segment = a_segment_with_picture(store)
    place = f"media/{segment.image_file.name}"
    dead = an_operation(is_committed=False)
    os.rename(store.live(place), store.trashed(dead, place))
    segment_images.remove_image(segment.pk, by=BY)
    kept = [content for name, content in everything(store).items() if "/.sf/trash/" in name]
    assert kept == [b"old"]
    assert TrashEntry.objects.get().size_bytes == 3


def test_what_a_killed_upload_of_the_same_name_left_is_settled_by_the_next_removal(store: Layout) -> None:
    segment = a_segment_with_picture(store)
    place = f"media/{segment.image_file.name}"
    dead = an_operation(is_committed=False)
    os.rename(store.live(place), store.trashed(dead, place))
    staged = write(store.staged(dead, place), b"never committed")
    os.link(staged, store.live(place))
    segment_images.remove_image(segment.pk, by=BY)
    assert list(everything(store).values()) == [b"old"]


def test_a_second_name_that_vanishes_while_we_look_is_not_a_missing_file(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A load test with 16 clients found this: the file stayed unowned while the operation before it cleared ``in``."""
    segment = a_segment_with_picture(store)
    live = store.live(f"media/{segment.image_file.name}")
    staged = store.staged(an_operation(is_committed=True), f"media/{segment.image_file.name}")
    staged.parent.mkdir()
    os.link(live, staged)
    real = Path.samefile

    def after_it_vanished(self: Path, other: Path) -> bool:
        staged.unlink()
        return real(self, other)

    monkeypatch.setattr(Path, "samefile", after_it_vanished)
    segment_images.remove_image(segment.pk, by=BY)
    assert not live.exists()
    assert TrashEntry.objects.get().size_bytes == 3


def test_a_picture_on_its_way_to_the_trash_can_still_be_read(store: Layout) -> None:
    segment = a_segment_with_picture(store)
    place = f"media/{segment.image_file.name}"
    os.rename(store.live(place), store.trashed(an_operation(is_committed=False), place))
    descriptor = open_pending(place)
    assert descriptor is not None
    with os.fdopen(descriptor, "rb") as opened:
        assert opened.read() == b"old"


def test_a_removed_picture_cannot_be_read_at_its_old_place(store: Layout) -> None:
    segment = a_segment_with_picture(store)
    place = f"media/{segment.image_file.name}"
    segment_images.remove_image(segment.pk, by=BY)
    assert open_pending(place) is None


def test_every_act_is_in_the_audit_with_who_and_what(store: Layout) -> None:
    segment = a_segment_with_picture(store)
    segment_images.upload_image(segment.pk, file("My holiday.jpg"), by="127.0.0.1")
    upload = AuditEntry.objects.get(act="upload", file_name="My holiday.jpg")
    assert (upload.by, upload.kind, upload.record, upload.size_bytes) == ("127.0.0.1", "image", str(segment.pk), 3)
    assert AuditEntry.objects.filter(act="trash", file_name=f"{segment.pk}_a.jpg").exists()


def test_a_failed_restore_leaves_the_trash_as_it_was(store: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = a_segment_with_picture(store)
    projects.delete_project(segment.project_id, by=BY)
    before, files = rows(), everything(store)
    failing_commit(monkeypatch, takes_effect=False)
    with pytest.raises(OperationalError):
        story_trash.restore_entry(TrashEntry.objects.get().pk, by=BY)
    assert (rows(), everything(store)) == (before, files)


def test_a_symbolic_link_among_the_folders_is_not_followed(store: Layout, tmp_path: Path) -> None:
    segment = a_segment_with_picture(store)
    images = store.live(f"media/projects/{segment.project_id}/images")
    elsewhere = tmp_path / "elsewhere"
    os.rename(images, elsewhere)
    images.symlink_to(elsewhere)
    with pytest.raises(FileDeleteFailed):
        segment_images.remove_image(segment.pk, by=BY)
    assert len(list(elsewhere.iterdir())) == 1


def test_a_place_outside_its_area_is_no_place(store: Layout) -> None:
    for place in ("media/../db.sqlite3", "other/x.jpg", "media//x", "media/", "../x", "media/./x", "media/a\0b"):
        with pytest.raises(ValueError, match="not a place"):
            store.live(place)
    assert store.live(PLACE).name == "1_a.jpg"


def test_the_connection_is_usable_after_a_failed_commit(store: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = a_segment_with_picture(store)
    failing_commit(monkeypatch, takes_effect=False)
    with pytest.raises(OperationalError):
        segment_images.remove_image(segment.pk, by=BY)
    assert not connection.in_atomic_block
    assert segment_images.remove_image(segment.pk, by=BY)["image_file"] is None


def test_bytes_that_have_arrived_are_given_their_name_and_not_copied(store: Layout) -> None:
    upload = upload_from_bytes(b"bytes", name="a.jpg")
    with Operation("upload", by=BY) as operation:
        operation.stage(upload, PLACE)
        staged = store.staged(operation.id, PLACE).stat()
    assert os.path.samestat(staged, os.fstat(upload.content.fileno()))


def a_project_restored_by_a_dead_command(store: Layout) -> tuple[int, Path]:
    """Delete a project, and rename its folder out of the trash without a commit. Returns entry id and folder."""
    segment = a_segment_with_picture(store)
    projects.delete_project(segment.project_id, by=BY)
    entry = TrashEntry.objects.get(kind="project")
    file = entry.files.get()
    disk.rename(store.trashed(file.op_id, file.place), store.live(file.place))
    return entry.pk, store.live(file.place)


def test_a_purge_takes_a_restore_that_never_committed_with_it(store: Layout) -> None:
    entry, folder = a_project_restored_by_a_dead_command(store)
    purge(entry, by=BY)
    assert not folder.exists()
    assert b"old" not in everything(store).values()


def test_a_restore_begins_where_one_that_never_committed_ended(store: Layout) -> None:
    entry, folder = a_project_restored_by_a_dead_command(store)
    story_trash.restore_entry(entry, by=BY)
    assert Project.objects.count() == 1
    assert [path.read_bytes() for path in folder.rglob("*.jpg")] == [b"old"]


@pytest.mark.parametrize("act", ["upload", "restore"])
def test_a_picture_is_placed_in_the_folder_that_a_dead_removal_of_its_project_took(act: str, store: Layout) -> None:
    segment = a_segment_with_picture(store)
    other = Segment.objects.create(project=segment.project, sequence_index=1, text_content="Other")
    segment_images.upload_image(other.pk, file("c.jpg"), by=BY)
    segment_images.remove_image(other.pk, by=BY)
    folder = f"media/projects/{segment.project_id}"
    disk.rename(store.live(folder), store.trashed(an_operation(is_committed=False), folder))
    if act == "upload":
        segment_images.upload_image(other.pk, file("d.jpg"), by=BY)
    else:
        story_trash.restore_entry(TrashEntry.objects.get(kind="image").pk, by=BY)
    recover()
    rows = Segment.objects.exclude(image_file=None)
    assert sorted(store.live(f"media/{row.image_file.name}").read_bytes() for row in rows) == [b"new", b"old"]
