"""The rows of the trash: what was removed, until when it can be restored, and its permanent deletion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from media_store import disk, thumbnail_cache
from media_store.errors import NotInTrash
from media_store.layout import Layout
from media_store.models import AuditEntry, TrashEntry, TrashFile
from media_store.safe_open import open_beneath
from media_store.statements import insert, insert_many

# Returns the days for which a new trash entry is kept. A package above registers it, because a person may set them.
DaysReader = Callable[[], int]
_days_reader: list[DaysReader] = []


def register_days(reader: DaysReader) -> None:
    """Register the source of the retention days; called from an ``AppConfig.ready``. The default is the environment."""
    _days_reader[:] = [reader]


def retention_days() -> int:
    return _days_reader[0]() if _days_reader else int(settings.TRASH_DAYS)


FOUND = "file"
FOUND_RETENTION_DAYS = 30


@dataclass(frozen=True)
class TrashRecord:
    """The data of a trash entry, chosen by the app that owns the removed record.

    ``rows`` holds the columns that create the record again. Without ``rows`` and without a file on disk there is
    nothing to restore, and no entry is made.
    """

    kind: str
    record: str
    group: str
    title: str
    reason: str
    rows: dict[str, Any] = field(default_factory=dict)
    # True for files that StoryFlow made and can make again: their entry is purged at once.
    is_regenerable: bool = False


def add_entry(record: TrashRecord, files: list[TrashFile], *, op_id: str, act: str, by: str) -> TrashEntry:
    """Insert the entry, its files and its audit rows in the transaction of the caller."""
    entry = _entry(record, files, op_id=op_id, by=by, days=_retention_days_of(record), now=timezone.now())
    insert(entry)
    for file in files:
        file.entry = entry
        insert(file)
    for row in _audit_rows(entry, files, act=act, by=by):
        insert(row)
    return entry


def add_entries_without_files(records: list[TrashRecord], *, op_id: str, act: str, by: str, days: int) -> None:
    """Insert an entry without files for each record, in a few statements; they are kept for ``days``, at least one."""
    now = timezone.now()
    entries = [_entry(record, [], op_id=op_id, by=by, days=days, now=now) for record in records]
    insert_many(entries)
    insert_many(row for entry in entries for row in _audit_rows(entry, [], act=act, by=by))


def _retention_days_of(record: TrashRecord) -> int:
    days = 0 if record.is_regenerable else retention_days()
    # No person removed a file that recovery found: it is kept even if removed things are not.
    return max(days, FOUND_RETENTION_DAYS) if record.kind == FOUND else days


def _entry(record: TrashRecord, files: list[TrashFile], *, op_id: str, by: str, days: int, now: datetime) -> TrashEntry:
    return TrashEntry(
        op_id=op_id,
        kind=record.kind,
        record=record.record,
        group=record.group,
        title=record.title[:200],
        reason=record.reason,
        by=by,
        snapshot=record.rows,
        size_bytes=sum(file.size_bytes for file in files),
        state=TrashEntry.State.TRASHED if days else TrashEntry.State.PURGING,
        trashed_at=now,
        expires_at=now + timedelta(days=days),
    )


def _audit_rows(entry: TrashEntry, files: list[TrashFile], *, act: str, by: str) -> Iterable[AuditEntry]:
    about = {"op_id": entry.op_id, "by": by, "kind": entry.kind, "record": entry.record, "group": entry.group}
    for file in files:
        name = file.place.rpartition("/")[2]
        yield AuditEntry(
            act="trash", place=file.place, file_name=name, size_bytes=file.size_bytes, sha256=file.sha256, **about
        )
    yield AuditEntry(act=act, note=entry.reason, **about)


def known_sha256(place: str) -> str:
    """Return the SHA-256 that the audit log has for the last file written to this place, or "" if it has none."""
    # Runs under the write lock at every removal. SQL, because the ORM takes ten times as long to build the statement.
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sha256 FROM {table} WHERE place = %s AND sha256 <> '' ORDER BY id DESC LIMIT 1",  # noqa: S608
            [place],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def entry_in_trash(entry_id: int) -> TrashEntry:
    """Raises ``NotInTrash`` if no such entry exists, or it is restored or purged."""
    entry = TrashEntry.objects.filter(pk=entry_id, state=TrashEntry.State.TRASHED).first()
    if entry is None:
        raise NotInTrash
    return entry


def open_trashed(layout: Layout, file: TrashFile, *, inside: str = "") -> int | None:
    """Open a file in the trash, or the file ``inside`` of a folder there; return None if there is no such file."""
    name = layout.trashed(file.op_id, file.place).name
    return open_beneath(layout.trash, f"{name}/{inside}" if inside else name)


def mark_restored(entry: TrashEntry) -> None:
    """Mark an entry as restored, in the transaction of the restore. The row stays without its snapshot."""
    TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.RESTORED, snapshot={})


def finish_purges(layout: Layout, *, only: int | None = None) -> None:
    """Remove the files of the entries in state ``PURGING``, then set their state to ``PURGED``."""
    entries = TrashEntry.objects.filter(state=TrashEntry.State.PURGING)
    for entry in entries.filter(pk=only) if only is not None else entries:
        for file in entry.files.all():
            remove_bytes(layout, file)
        # After the update no row refers to these names, so a power cut must not undo the unlinks.
        disk.sync_folder(layout.trash)
        TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.PURGED, snapshot={})


def remove_bytes(layout: Layout, file: TrashFile) -> None:
    """Remove a file or folder from the trash folder, and its thumbnails; a missing file is not an error."""
    path = layout.trashed(file.op_id, file.place)
    with suppress(FileNotFoundError):
        if file.is_folder:
            disk.remove_tree(path)
        else:
            disk.unlink(path)
    thumbnail_cache.forget(layout, file.place)


def reopen_as_new_entry(file: TrashFile, *, reason: str) -> None:
    """Create a new entry for a file whose entry is restored, so that a person can find and restore the file."""
    old = file.entry
    record = TrashRecord(kind=FOUND, record="", group=old.group, title=old.title, reason=reason)
    with transaction.atomic():
        entry = add_entry(record, [], op_id=file.op_id, act="keep", by="recovery")
        TrashEntry.objects.filter(pk=entry.pk).update(size_bytes=file.size_bytes)
        TrashFile.objects.filter(pk=file.pk).update(entry=entry)
