"""Recovery: it makes the disk agree with the database after a crash, and quarantines files that no row owns.

It runs at every start and every hour, and holds the store lock exclusively. The truth table in docs/media-store.md
says what each combination of names and rows means; each of its lines has a test. Recovery moves files and adds rows.
It unlinks a file only if the name is a second one or the file is to be purged, and it never deletes a row. It is
idempotent.
"""

from __future__ import annotations

import logging
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from media_store import ballast, disk, locks, thumbnail_cache, trash
from media_store.dead_operations import (
    adopt,
    check_no_links_above,
    clear_staged,
    exists,
    has_same_bytes,
    operations_in,
    staged_places,
    trashed_names,
    undo_by_names,
    undo_unfinished_restores,
)
from media_store.finality import final_recovery, is_committed
from media_store.identity import verify_identity
from media_store.layout import Layout, current_layout, live_files, printable
from media_store.models import TrashEntry, TrashFile
from media_store.records import owners_of, referenced_places

log = logging.getLogger(__name__)

# Above both limits the cause is likely a wrong folder or an incomplete backup, not a crash: report, move nothing.
SUSPICIOUS_SHARE = 0.05
SUSPICIOUS_COUNT = 20


@dataclass
class RecoveryReport:
    """The result of a recovery; the lists hold places."""

    undone: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    unowned: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    files: int = 0
    warning: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.unowned or self.missing or self.failed or self.warning)


def recover(layout: Layout | None = None, *, wait: bool = True) -> RecoveryReport:
    """Make disk and database agree. The default ``layout`` is the one of the settings.

    Raises ``StoreMismatch`` if folder and database do not belong together; then nothing is changed. Raises
    ``BlockingIOError`` if ``wait`` is false and an operation is running.
    """
    layout = layout or current_layout()
    layout.ensure()
    report = RecoveryReport()
    with locks.exclusive(layout, wait=wait):
        verify_identity(layout)
        _recover_all(layout, report)
    for name in ("undone", "finished", "quarantined", "unowned", "missing", "failed"):
        if places := getattr(report, name):
            log.warning("Recovery: %s %s: %s", len(places), name, ", ".join(places[:10]))
    if report.warning:
        log.error("Recovery: %s", report.warning)
    return report


def _recover_all(layout: Layout, report: RecoveryReport) -> None:
    with final_recovery(layout):
        _undo_restores(layout, report)
        _undo_dead(layout, report)
        _finish_committed(layout, report)
        _finish_purges(layout, report)
        _check_trash_names(layout, report)
        _undo_restores(layout, report)
        with _report_os_error(report, "the survey of all files"):
            _survey(layout, report)
        with _report_os_error(report, "the thumbnail cache"):
            thumbnail_cache.sweep(layout)
        with _report_os_error(report, "the ballast"):
            ballast.allocate(layout)


@contextmanager
def _report_os_error(report: RecoveryReport, what: str) -> Iterator[None]:
    """Report an ``OSError`` of one step, so that recovery goes on with the others and StoryFlow starts."""
    try:
        yield
    except OSError as exc:
        log.error("Recovery: %s could not be settled: %s", printable(what), exc)  # noqa: TRY400 - the reason is enough
        report.failed.append(printable(what))


def _undo_dead(layout: Layout, report: RecoveryReport) -> None:
    places: dict[str, list[str]] = {op_id: [] for op_id in operations_in(layout)}
    for op_id, place in trashed_names(layout):
        places.setdefault(op_id, []).append(place)
    for op_id, trashed in sorted(places.items()):
        with _report_os_error(report, f"operation {op_id}"):
            if not is_committed(op_id):
                report.undone += undo_by_names(layout, op_id, trashed) or [op_id]


def _finish_committed(layout: Layout, report: RecoveryReport) -> None:
    """Link the staged files that a committed operation did not link, then unlink its second names."""
    for op_id in operations_in(layout):
        with _report_os_error(report, f"operation {op_id}"):
            for place in staged_places(layout, op_id):
                check_no_links_above(layout, place)
                live = layout.live(place)
                if not exists(live) and owners_of(place):
                    disk.make_folder(live.parent)
                    disk.link(layout.staged(op_id, place), live)
                elif _is_last_copy(layout, op_id, place):
                    _keep_staged(layout, op_id, place)
                report.finished.append(place)
            clear_staged(layout, op_id)


def _is_last_copy(layout: Layout, op_id: str, place: str) -> bool:
    """Return whether the staged file of a committed operation has its only copy here, as after a partial restore of a
    backup.
    """
    staged = layout.staged(op_id, place)
    found = staged.lstat()
    return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and not has_same_bytes(layout.live(place), staged)


def _keep_staged(layout: Layout, op_id: str, place: str) -> None:
    kept = uuid.uuid4().hex
    disk.rename(layout.staged(op_id, place), layout.trashed(kept, place))
    adopt(layout, kept, [place], reason="its place holds something else")


def _finish_purges(layout: Layout, report: RecoveryReport) -> None:
    purging = TrashEntry.objects.filter(state=TrashEntry.State.PURGING)
    for entry_id, title in purging.values_list("pk", "title"):
        with _report_os_error(report, f"purging “{title}”"):
            trash.finish_purges(layout, only=entry_id)


def _undo_restores(layout: Layout, report: RecoveryReport) -> None:
    with _report_os_error(report, "unfinished restores"):
        files = TrashFile.objects.filter(entry__state=TrashEntry.State.TRASHED)
        undo_unfinished_restores(layout, files)


def _check_trash_names(layout: Layout, report: RecoveryReport) -> None:
    """Compare every name in the trash folder with its row."""
    names = list(trashed_names(layout))
    rows = {
        (file.op_id, file.place): file
        for start in range(0, len(names), 500)
        for file in TrashFile.objects.select_related("entry").filter(
            op_id__in={op_id for op_id, _ in names[start : start + 500]}
        )
    }
    for op_id, place in names:
        file = rows.get((op_id, place))
        with _report_os_error(report, place):
            if file is None:
                adopt(layout, op_id, [place], reason="found in the trash without a record")
            elif file.entry.state == TrashEntry.State.RESTORED:
                _drop_restored(layout, file)
            elif file.entry.state == TrashEntry.State.PURGED:
                trash.remove_bytes(layout, file)


def _drop_restored(layout: Layout, file: TrashFile) -> None:
    """Unlink the trash name of a restored file if the file is in its place; otherwise keep it as a new entry.

    The file may be missing from its place if the media folder comes from a backup that is older than the restore.
    """
    check_no_links_above(layout, file.place)
    trashed, live = layout.trashed(file.op_id, file.place), layout.live(file.place)
    if not trashed.is_dir():
        if not exists(live) and owners_of(file.place):
            disk.make_folder(live.parent)
            disk.link(trashed, live)
        if _is_live_somewhere(layout, trashed) or has_same_bytes(live, trashed):
            disk.unlink(trashed)
            return
    trash.reopen_as_new_entry(file, reason="its restored copy is not there")


def _is_live_somewhere(layout: Layout, path: Path) -> bool:
    inode = path.lstat()
    return any(
        (found.st_dev, found.st_ino) == (inode.st_dev, inode.st_ino)
        for found in (layout.live(place).lstat() for place in live_files(layout))
    )


def _survey(layout: Layout, report: RecoveryReport) -> None:
    """Compare all files with all rows: quarantine files that no row owns, report files that are missing from disk."""
    referenced = referenced_places()
    files = set(live_files(layout))
    report.files = len(files)
    report.missing = sorted(referenced - files)
    unowned = sorted(files - referenced)
    whole = max(len(files), len(referenced))
    for count, words in ((len(unowned), "belong to no record"), (len(report.missing), "are missing from disk")):
        if count > SUSPICIOUS_COUNT and count > SUSPICIOUS_SHARE * whole:
            report.warning = f"{count} of {whole} files {words}. Nothing was moved; is this the right data folder?"
    if report.warning:
        report.unowned = list(map(printable, unowned))
        return
    for place in unowned:
        with _report_os_error(report, place):
            if _quarantine(layout, place):
                report.quarantined.append(place)
            elif not owners_of(place):
                report.unowned.append(printable(place))


def _quarantine(layout: Layout, place: str) -> bool:
    """Move a file that no row owns to the trash. Returns whether it was moved."""
    op_id = uuid.uuid4().hex
    try:
        place.encode()
        with transaction.atomic(durable=True):
            if owners_of(place):
                return False
            disk.rename(layout.live(place), layout.trashed(op_id, place))
            adopt(layout, op_id, [place], reason="found without a record")
    except (OSError, UnicodeEncodeError):
        # The name is too long for the trash or is not valid text: the file stays, and the report names it.
        log.warning("Recovery: %r could not be put aside; it stays where it is.", place)
        undo_by_names(layout, op_id)
        return False
    return True
