"""Every line of recovery's truth table (docs/media-store.md), and what recovery refuses to do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from api.models import Segment
from api.services import projects, segment_images
from api.services.story_trash import restore_entry
from media_store import disk, identity
from media_store.errors import CannotRestore, StoreMismatch
from media_store.layout import Layout
from media_store.models import MediaOperation, TrashEntry, TrashFile
from media_store.recovery import recover
from media_store.tests.conftest import (
    PLACE,
    a_segment_owning,
    a_trash_entry,
    an_operation,
    everything,
    write,
)

pytestmark = pytest.mark.django_db
LIVE = PLACE


def trash_name(store: Layout, op_id: str, place: str = PLACE) -> str:
    return store.trashed(op_id, place).relative_to(store.private.parent.parent).as_posix()


# No row in media_op: the operation never took place


def test_bytes_that_never_reached_their_place_are_dropped(store: Layout) -> None:
    write(store.staged(an_operation(is_committed=False), PLACE), b"new")
    recover()
    assert everything(store) == {}
    assert os.listdir(store.incoming) == []


def test_an_uncommitted_upload_is_taken_from_its_place(store: Layout) -> None:
    staged = write(store.staged(an_operation(is_committed=False), PLACE), b"new")
    store.live(PLACE).parent.mkdir(parents=True)
    os.link(staged, store.live(PLACE))
    recover()
    assert everything(store) == {}


def test_an_uncommitted_replacement_is_undone_and_the_old_picture_put_back(store: Layout) -> None:
    a_segment_owning(PLACE)
    op_id = an_operation(is_committed=False)
    staged = write(store.staged(op_id, PLACE), b"new")
    write(store.trashed(op_id, PLACE), b"old")
    store.live(PLACE).parent.mkdir(parents=True)
    os.link(staged, store.live(PLACE))
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_an_uncommitted_replacement_is_undone_though_a_backup_broke_its_links(store: Layout) -> None:
    a_segment_owning(PLACE)
    op_id = an_operation(is_committed=False)
    write(store.staged(op_id, PLACE), b"new")
    write(store.live(PLACE), b"new")
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_a_place_that_a_row_owns_is_left_when_staged_bytes_differ(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.live(PLACE), b"old")
    write(store.staged(an_operation(is_committed=False), PLACE), b"new")
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_the_same_bytes_sent_twice_do_not_cost_the_row_its_file(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.live(PLACE), b"same")
    write(store.staged(an_operation(is_committed=False), PLACE), b"same")
    recover()
    assert everything(store) == {LIVE: b"same"}


def test_an_uncommitted_removal_is_put_back(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.trashed(an_operation(is_committed=False), PLACE), b"old")
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_an_uncommitted_project_removal_is_put_back_whole(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.trashed(an_operation(is_committed=False), "media/projects/1") / "images" / "1_a.jpg", b"old")
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_an_uncommitted_removal_whose_place_was_filled_since_becomes_a_trash_entry(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.live(PLACE), b"newer")
    op_id = an_operation(is_committed=False)
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {LIVE: b"newer", trash_name(store, op_id): b"old"}
    entry = TrashEntry.objects.get()
    assert (entry.state, entry.kind, entry.group) == ("trashed", "file", "projects/1")


def test_both_names_that_a_power_cut_left_of_a_rename_become_one_again(store: Layout) -> None:
    a_segment_owning(PLACE)
    trashed = write(store.trashed(an_operation(is_committed=False), PLACE), b"old")
    store.live(PLACE).parent.mkdir(parents=True)
    os.link(trashed, store.live(PLACE))
    recover()
    assert everything(store) == {LIVE: b"old"}
    assert not TrashEntry.objects.exists()


# A row in media_op: the operation took place


@pytest.mark.parametrize("in_its_place", [None, b"older, from a backup"])
def test_committed_bytes_that_are_nowhere_else_are_kept(store: Layout, in_its_place: bytes | None) -> None:
    """After an incomplete restore of a backup, the place holds the old file, or no file that a row owns."""
    op_id = an_operation(is_committed=True)
    write(store.staged(op_id, PLACE), b"acknowledged")
    if in_its_place is not None:
        a_segment_owning(PLACE)
        write(store.live(PLACE), in_its_place)
    recover()
    assert b"acknowledged" in everything(store).values()
    assert TrashEntry.objects.get().reason == "its place holds something else"
    assert os.listdir(store.incoming) == []


def test_a_committed_upload_missing_from_its_place_is_linked_there(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.staged(an_operation(is_committed=True), PLACE), b"new")
    recover()
    assert everything(store) == {LIVE: b"new"}
    assert os.listdir(store.incoming) == []


def test_a_committed_upload_only_loses_its_second_name(store: Layout) -> None:
    a_segment_owning(PLACE)
    staged = write(store.staged(an_operation(is_committed=True), PLACE), b"new")
    store.live(PLACE).parent.mkdir(parents=True)
    os.link(staged, store.live(PLACE))
    recover()
    assert everything(store) == {LIVE: b"new"}


def test_what_a_committed_removal_left_in_its_place_goes_to_the_trash(store: Layout) -> None:
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id)
    write(store.live(PLACE), b"old")
    recover()
    assert everything(store) == {trash_name(store, op_id): b"old"}


def test_the_second_name_of_a_restored_picture_is_unlinked(store: Layout) -> None:
    a_segment_owning(PLACE)
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id, state="restored")
    trashed = write(store.trashed(op_id, PLACE), b"old")
    store.live(PLACE).parent.mkdir(parents=True)
    os.link(trashed, store.live(PLACE))
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_a_restored_picture_that_only_the_trash_still_has_is_put_in_its_place(store: Layout) -> None:
    """A media folder from a backup older than the restore."""
    a_segment_owning(PLACE)
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id, state="restored")
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {LIVE: b"old"}


def test_restored_bytes_that_no_row_owns_any_more_are_kept(store: Layout) -> None:
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id, state="restored")
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {trash_name(store, op_id): b"old"}
    assert TrashEntry.objects.get(state="trashed").kind == "file"


@pytest.mark.parametrize("state", ["purging", "purged"])
def test_what_was_deleted_for_good_is_gone_for_good(store: Layout, state: str) -> None:
    op_id = an_operation(is_committed=True)
    entry = a_trash_entry(op_id, state=state)
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {}
    entry.refresh_from_db()
    assert entry.state == "purged"


def test_a_name_in_the_trash_that_no_row_tells_of_gets_one(store: Layout) -> None:
    op_id = an_operation(is_committed=True)
    write(store.trashed(op_id, PLACE), b"old")
    recover()
    assert everything(store) == {trash_name(store, op_id): b"old"}
    assert TrashEntry.objects.get().reason == "found in the trash without a record"


def test_a_purge_of_a_folder_is_finished(store: Layout) -> None:
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id, "media/projects/1", state="purging", is_folder=True)
    write(store.trashed(op_id, "media/projects/1") / "images" / "1_a.jpg")
    recover()
    assert list(store.trash.iterdir()) == []
    assert TrashEntry.objects.get().state == "purged"


def test_a_project_restore_that_never_committed_goes_back_to_the_trash(store: Layout) -> None:
    op_id = an_operation(is_committed=True)
    a_trash_entry(op_id, "media/projects/1", is_folder=True)
    write(store.live(PLACE), b"old")
    recover()
    assert not store.live("media/projects/1").exists()
    assert (store.trashed(op_id, "media/projects/1") / "images" / "1_a.jpg").read_bytes() == b"old"


# Files and rows that no operation explains


def test_a_file_without_a_row_is_put_aside_not_deleted(store: Layout) -> None:
    write(store.live(PLACE), b"stray")
    report = recover()
    assert report.quarantined == [PLACE]
    file = TrashFile.objects.get()
    assert store.trashed(file.op_id, PLACE).read_bytes() == b"stray"
    assert file.entry.reason == "found without a record"


def test_a_row_without_a_file_is_reported_and_kept(store: Layout) -> None:
    segment = a_segment_owning(PLACE)
    report = recover()
    assert report.missing == [PLACE]
    assert Segment.objects.get(pk=segment.pk).image_file.name == PLACE.removeprefix("media/")


def test_recovering_twice_changes_nothing_the_second_time(store: Layout) -> None:
    a_segment_owning(PLACE)
    write(store.trashed(an_operation(is_committed=False), PLACE), b"old")
    write(store.live("media/projects/1/images/9_stray.jpg"), b"stray")
    recover()
    before, rows = everything(store), TrashEntry.objects.count()
    report = recover()
    assert (everything(store), TrashEntry.objects.count()) == (before, rows)
    assert not (report.undone or report.finished or report.quarantined)


# What recovery refuses


def test_many_files_without_rows_are_reported_and_not_moved(store: Layout) -> None:
    for number in range(30):
        write(store.live(f"media/projects/1/images/{number}_a.jpg"), b"%d" % number)
    before = everything(store)
    report = recover()
    assert "30 of 30 files belong to no record" in report.warning
    assert (everything(store), TrashEntry.objects.count()) == (before, 0)


def test_many_rows_without_files_stop_the_moving_of_strays(store: Layout) -> None:
    for number in range(30):
        a_segment_owning(f"media/projects/1/images/{number}_a.jpg")
    write(store.live("media/projects/1/images/99_stray.jpg"))
    report = recover()
    assert "missing from disk" in report.warning
    assert report.unowned == ["media/projects/1/images/99_stray.jpg"]


def test_another_databases_media_folder_is_refused_untouched(store: Layout) -> None:
    recover()
    store.identity_file.write_text("0" * 32)
    write(store.live(PLACE), b"theirs")
    with pytest.raises(StoreMismatch, match="another StoryFlow database"):
        recover()
    assert everything(store) == {LIVE: b"theirs"}


def test_an_empty_media_folder_is_refused_when_rows_expect_files(store: Layout) -> None:
    recover()
    a_segment_owning(PLACE)
    shutil.rmtree(store.private)
    with pytest.raises(StoreMismatch, match="expects pictures"):
        recover()


def test_a_new_database_over_a_used_media_folder_is_refused(store: Layout) -> None:
    recover()
    write(store.live(PLACE))
    identity.StoreIdentity.objects.all().delete()
    with pytest.raises(StoreMismatch, match="database is a new one"):
        recover()


def test_adopting_settles_a_mismatch(store: Layout) -> None:
    recover()
    store.identity_file.write_text("0" * 32)
    identity.mark(store)
    assert recover().is_clean


def test_links_and_hidden_files_are_neither_followed_nor_moved(store: Layout, tmp_path: object) -> None:
    folder = store.live(PLACE).parent
    folder.mkdir(parents=True)
    (folder / ".DS_Store").write_bytes(b"mac")
    (folder / "link.jpg").symlink_to(write(store.private.parent.parent / "elsewhere.jpg"))
    report = recover()
    assert report.quarantined == []
    assert (folder / "link.jpg").is_symlink()


def test_a_name_that_is_not_text_is_reported_and_left(store: Layout) -> None:
    folder = store.live(PLACE).parent
    folder.mkdir(parents=True)
    (folder / os.fsdecode(b"caf\xe9.jpg")).write_bytes(b"latin")
    report = recover()
    assert len(report.unowned) == 1
    assert (folder / os.fsdecode(b"caf\xe9.jpg")).read_bytes() == b"latin"
    assert not MediaOperation.objects.exists()


def test_what_was_merely_found_is_kept_though_removals_are_not(store: Layout, settings: Any) -> None:
    settings.TRASH_DAYS = 0
    write(store.live(PLACE), b"theirs")
    recover()
    recover()
    assert list(everything(store).values()) == [b"theirs"]
    entry = TrashEntry.objects.get()
    assert (entry.state, (entry.expires_at - entry.trashed_at).days) == ("trashed", 30)


def test_a_used_folder_is_not_taken_over_by_a_new_database(store: Layout) -> None:
    identity.StoreIdentity.objects.all().delete()
    store.identity_file.unlink()
    write(store.live("media/mine/holiday.jpg"), b"mine")
    with pytest.raises(StoreMismatch, match="database is a new one"):
        recover()
    assert everything(store) == {"media/mine/holiday.jpg": b"mine"}


@pytest.mark.parametrize(
    "name", ["cache/@eaDir/x", "in/@eaDir/x", "in/.DS_Store", "trash/notes.txt~", "trash/.DS_Store", "trash/@eaDir/x~y"]
)
def test_what_other_programs_leave_in_our_folders_is_passed_over(store: Layout, name: str) -> None:
    foreign = write(store.private / name, b"foreign")
    assert recover().is_clean
    assert foreign.read_bytes() == b"foreign"


def test_a_foreign_file_beside_staged_bytes_stays(store: Layout) -> None:
    op_id = an_operation(is_committed=False)
    write(store.staged(op_id, PLACE), b"new")
    foreign = write(store.incoming / op_id / ".DS_Store", b"mac")
    recover()
    assert not store.staged(op_id, PLACE).exists()
    assert foreign.exists()


def test_one_thing_the_disk_refuses_does_not_keep_the_rest_from_being_settled(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_segment_owning(PLACE)
    write(store.trashed(an_operation(is_committed=False), PLACE), b"old")
    stuck = an_operation(is_committed=True)
    a_trash_entry(stuck, "media/projects/9", state="purging", is_folder=True)
    write(store.trashed(stuck, "media/projects/9") / "x.jpg", b"stuck")

    def refuse(folder: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(disk, "remove_tree", refuse)
    report = recover()
    assert len(report.failed) == 1
    assert store.live(PLACE).read_bytes() == b"old"


def test_of_a_dead_operation_what_can_be_put_back_is_and_the_rest_adopted(store: Layout) -> None:
    """Adopting makes an operation count as committed, so what can be put back must have been before."""
    other = PLACE.replace("1_a", "1_b")
    a_segment_owning(PLACE)
    a_segment_owning(other)
    op_id = an_operation(is_committed=False)
    write(store.live(PLACE), b"newer")
    write(store.trashed(op_id, PLACE), b"old a")
    write(store.trashed(op_id, other), b"old b")
    recover()
    assert everything(store) == {LIVE: b"newer", other: b"old b", trash_name(store, op_id): b"old a"}


def test_a_project_comes_back_though_empty_folders_stand_in_its_place(store: Layout) -> None:
    segment = a_segment_owning("media/projects/x.jpg")
    place = f"media/projects/{segment.project_id}/images/{segment.pk}_a.jpg"
    Segment.objects.update(image_file=place.removeprefix("media/"))
    write(store.live(place), b"old")
    projects.delete_project(segment.project_id, by="test")
    store.live(place).parent.mkdir(parents=True)
    restore_entry(TrashEntry.objects.get().pk, by="test")
    assert everything(store) == {place: b"old"}


def test_a_project_comes_back_and_what_stood_in_its_place_goes_to_the_trash(store: Layout) -> None:
    segment = a_segment_owning("media/projects/x.jpg")
    place = f"media/projects/{segment.project_id}/images/{segment.pk}_a.jpg"
    Segment.objects.update(image_file=place.removeprefix("media/"))
    write(store.live(place), b"old")
    projects.delete_project(segment.project_id, by="test")
    write(store.live(place), b"stray")
    restore_entry(TrashEntry.objects.get().pk, by="test")
    assert store.live(place).read_bytes() == b"old"
    assert TrashEntry.objects.get(state="trashed").reason == "in the way"
    assert sorted(everything(store).values()) == [b"old", b"stray"]


def test_a_dead_removal_inside_a_project_is_settled_before_the_project_goes(store: Layout) -> None:
    segment = a_segment_owning("media/projects/x.jpg")
    place = f"media/projects/{segment.project_id}/images/{segment.pk}_a.jpg"
    Segment.objects.update(image_file=place.removeprefix("media/"))
    store.live(place).parent.mkdir(parents=True)
    write(store.trashed(an_operation(is_committed=False), place), b"old")
    projects.delete_project(segment.project_id, by="test")
    restore_entry(TrashEntry.objects.get().pk, by="test")
    assert everything(store) == {place: b"old"}


def test_a_file_gone_from_the_trash_is_told_and_changes_nothing(store: Layout) -> None:
    segment = a_segment_owning(PLACE)
    write(store.live(PLACE), b"old")
    segment_images.remove_image(segment.pk, by="test")
    entry = TrashEntry.objects.get()
    next(store.trash.iterdir()).unlink()
    with pytest.raises(CannotRestore, match="gone from the trash"):
        restore_entry(entry.pk, by="test")
    assert TrashEntry.objects.get(state="trashed").pk == entry.pk


def test_a_folder_that_cannot_be_read_is_reported_and_nothing_is_concluded_from_it(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store.live(PLACE), b"stray")

    def refuse(layout: Layout) -> Any:
        raise PermissionError(13, "Permission denied", "lost+found")

    monkeypatch.setattr("media_store.recovery.live_files", refuse)
    report = recover()
    assert (report.is_clean, report.failed) == (False, ["the survey of all files"])
    assert everything(store) == {LIVE: b"stray"}


def test_a_stray_that_can_be_neither_put_aside_nor_back_does_not_stop_the_start(
    store: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store.live(PLACE), b"stray")

    def refuse(source: Path, target: Path) -> None:
        os.rename(source, target)
        raise OSError(5, "fsync")

    monkeypatch.setattr(disk, "rename", refuse)
    report = recover()
    monkeypatch.undo()
    assert not report.is_clean
    assert everything(store) == {LIVE: b"stray"}
    assert recover().quarantined == [PLACE]


@pytest.mark.timeout(10)
def test_an_identity_that_is_a_named_pipe_is_refused_and_not_waited_for(store: Layout) -> None:
    store.identity_file.unlink()
    os.mkfifo(store.identity_file)
    with pytest.raises(StoreMismatch, match="cannot be read"):
        recover()


@pytest.mark.parametrize("folder", ["in", "trash"])
def test_a_name_like_ours_that_is_not_text_is_passed_over(store: Layout, folder: str) -> None:
    op_id, place = an_operation(is_committed=True), "media/\udcff.jpg"
    path = write({"in": store.staged, "trash": store.trashed}[folder](op_id, place))
    assert recover().is_clean
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("state", ["dead", "staged", "restored", "trashed"])
def test_recovery_moves_nothing_through_a_folder_that_is_a_link(store: Layout, tmp_path: Path, state: str) -> None:
    elsewhere = tmp_path / "elsewhere" / "images"
    elsewhere.mkdir(parents=True)
    store.live("media/projects/x").parent.mkdir()
    store.live("media/projects/1").symlink_to(elsewhere.parent)
    op_id = an_operation(is_committed=state != "dead")
    if state == "trashed":
        write(elsewhere / "1_a.jpg", b"theirs")
        a_trash_entry(op_id)
    else:
        a_segment_owning(PLACE)
        write(store.staged(op_id, PLACE) if state == "staged" else store.trashed(op_id, PLACE), b"ours")
        if state == "restored":
            a_trash_entry(op_id, state="restored")
    before, theirs = everything(store), os.listdir(elsewhere)
    recover()
    assert (everything(store), os.listdir(elsewhere)) == (before, theirs)
