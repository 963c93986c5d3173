"""Making the disk agree with the database after a crash, and putting aside what nobody owns.

Runs at every start and every hour, with the store's lock held exclusively. What each combination of names and rows
means is the truth table of docs/media-store.md; every line of it has a test. Recovery moves and adds, it never
unlinks a file that is not a second name or decided to be purged, and never deletes a row. Running it twice changes
nothing the second time.
"""

from __future__ import annotations

import logging
import os
import uuid
from dataclasses import dataclass, field

from django.db import transaction

from media_store import disk, locks, thumbnail_cache, trash
from media_store.dead_operations import (
    adopt,
    clear_staged,
    exists,
    is_committed,
    staged_places,
    trashed_names,
    undo_by_names,
)
from media_store.identity import verify_identity
from media_store.layout import Layout, current_layout, live_files, printable
from media_store.models import TrashEntry, TrashFile
from media_store.records import is_owned, owners_of, referenced_places

log = logging.getLogger(__name__)

# More than this looks like the wrong folder or a half restored backup, not like a crash: report and leave it.
SUSPICIOUS_SHARE = 0.05
SUSPICIOUS_COUNT = 20
BALLAST_BYTES = 8 * 1024 * 1024


@dataclass
class RecoveryReport:
    """What was found and done; lists hold places."""

    undone: list[str] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    unowned: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    files: int = 0
    warning: str = ""

    @property
    def is_clean(self) -> bool:
        return not (self.unowned or self.missing or self.warning)


def recover(layout: Layout | None = None, *, wait: bool = True) -> RecoveryReport:
    """Settle whatever a crash left. Raises ``StoreMismatch`` before touching anything if folder and database differ.

    With ``wait=False`` raises ``BlockingIOError`` instead of waiting for operations under way.
    """
    layout = layout or current_layout()
    layout.ensure()
    report = RecoveryReport()
    with locks.exclusive(layout, wait=wait):
        verify_identity(layout)
        _take_back_unfinished_restores(layout)
        _undo_dead(layout, report)
        _finish_committed(layout, report)
        trash.finish_purges(layout)
        _drop_restored(layout)
        _take_back_unfinished_restores(layout)
        _survey(layout, report)
        thumbnail_cache.sweep(layout)
        _lay_in_ballast(layout)
    for name in ("undone", "finished", "quarantined", "unowned", "missing"):
        if places := getattr(report, name):
            log.warning("Recovery: %s %s: %s", len(places), name, ", ".join(places[:10]))
    if report.warning:
        log.error("Recovery: %s", report.warning)
    return report


def _undo_dead(layout: Layout, report: RecoveryReport) -> None:
    on_disk = {path.name for path in layout.incoming.iterdir() if path.is_dir()}
    on_disk |= {op_id for op_id, _ in trashed_names(layout)}
    for op_id in sorted(on_disk):
        if not is_committed(op_id):
            report.undone += undo_by_names(layout, op_id) or [op_id]


def _finish_committed(layout: Layout, report: RecoveryReport) -> None:
    """Link what a committed operation did not get to link, then drop its second names."""
    for folder in sorted(layout.incoming.iterdir()):
        if not folder.is_dir():
            continue
        for place in staged_places(layout, folder.name):
            live = layout.live(place)
            if not exists(live) and owners_of(place):
                disk.make_folder(live.parent)
                disk.link(layout.staged(folder.name, place), live)
            report.finished.append(place)
        clear_staged(layout, folder.name)


def _drop_restored(layout: Layout) -> None:
    """The bytes of a restored entry are in their place; what the trash has is a second name."""
    for file in TrashFile.objects.filter(entry__state=TrashEntry.State.RESTORED):
        path = layout.trashed(file.op_id, file.place)
        if exists(path) and not path.is_dir():
            disk.unlink(path)


def _take_back_unfinished_restores(layout: Layout) -> None:
    """A folder that was renamed out of the trash by a restore that never committed goes back there."""
    names = set(trashed_names(layout))
    waiting = [
        file
        for file in TrashFile.objects.filter(entry__state=TrashEntry.State.TRASHED)
        if (file.op_id, file.place) not in names and exists(layout.live(file.place))
    ]
    referenced = referenced_places() if waiting else set()
    for file in waiting:
        live = layout.live(file.place)
        if live.is_dir() == file.is_folder and not is_owned(file.place, referenced):
            disk.rename(live, layout.trashed(file.op_id, file.place))


def _survey(layout: Layout, report: RecoveryReport) -> None:
    """Compare every file with every row: quarantine what no row owns, report what no disk has."""
    referenced = referenced_places()
    files = set(live_files(layout))
    report.files = len(files)
    report.missing = sorted(referenced - files)
    unowned = sorted(files - referenced)
    whole = max(len(files), len(referenced))
    for count, words in ((len(unowned), "belong to no record"), (len(report.missing), "are missing from disk")):
        if count > SUSPICIOUS_COUNT and count > SUSPICIOUS_SHARE * whole:
            report.warning = f"{count} of {whole} files {words}. Nothing was moved; is this the right data folder?"
    for place in unowned:
        if not report.warning and _quarantine(layout, place):
            report.quarantined.append(place)
        elif not owners_of(place):
            report.unowned.append(printable(place))


def _quarantine(layout: Layout, place: str) -> bool:
    """Move a file that no row owns into the trash, where a person can find it for the usual time."""
    op_id = uuid.uuid4().hex
    try:
        with transaction.atomic(durable=True):
            if owners_of(place):
                return False
            disk.rename(layout.live(place), layout.trashed(op_id, place))
            adopt(layout, op_id, place, reason="found without a record")
    except (OSError, UnicodeEncodeError):
        # A name too long for the trash, or not text at all: it stays where it is, and the report says so.
        log.warning("Recovery: %r could not be put aside; it stays where it is.", place)
        undo_by_names(layout, op_id)
        return False
    return True


def _lay_in_ballast(layout: Layout) -> None:
    if not exists(layout.ballast) and disk.free_bytes(layout.private) > 16 * BALLAST_BYTES:
        with layout.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)
