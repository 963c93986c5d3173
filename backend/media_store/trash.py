"""The trash's rows: what was taken out, until when it can be brought back, and its end."""

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

# How many days what is thrown away now is kept; a room above may know of a person's choice.
DaysReader = Callable[[], int]
_days_reader: list[DaysReader] = []


def register_days(reader: DaysReader) -> None:
    """Called from an ``AppConfig.ready``; without it the environment decides."""
    _days_reader[:] = [reader]


def retention_days() -> int:
    return _days_reader[0]() if _days_reader else int(settings.TRASH_DAYS)


FOUND = "file"
FOUND_RETENTION_DAYS = 30


@dataclass(frozen=True)
class TrashRecord:
    """What a trash entry says: the owning door's words for a thing that goes.

    ``rows`` holds what is needed to make the record again; an entry without rows and without any file that was
    still there has nothing to bring back and is not kept.
    """

    kind: str
    record: str
    group: str
    title: str
    reason: str
    rows: dict[str, Any] = field(default_factory=dict)
    # What the machine made and can make again is not kept.
    is_regenerable: bool = False


def add_entry(what: TrashRecord, files: list[TrashFile], *, op_id: str, act: str, by: str) -> TrashEntry:
    """Write the entry, its files and an audit row a file; part of the caller's transaction."""
    entry = _entry(what, files, op_id=op_id, by=by, days=_days_of(what), now=timezone.now())
    insert(entry)
    for file in files:
        file.entry = entry
        insert(file)
    for row in _audit_rows(entry, files, act=act, by=by):
        insert(row)
    return entry


def add_entries_without_files(whats: list[TrashRecord], *, op_id: str, act: str, by: str, days: int) -> None:
    """As ``add_entry`` for each, in a few statements; ``days`` is how long they are kept, at least one."""
    now = timezone.now()
    entries = [_entry(what, [], op_id=op_id, by=by, days=days, now=now) for what in whats]
    insert_many(entries)
    insert_many(row for entry in entries for row in _audit_rows(entry, [], act=act, by=by))


def _days_of(what: TrashRecord) -> int:
    days = 0 if what.is_regenerable else retention_days()
    # Nobody threw away what was merely found: it is kept even when removals are not.
    return max(days, FOUND_RETENTION_DAYS) if what.kind == FOUND else days


def _entry(what: TrashRecord, files: list[TrashFile], *, op_id: str, by: str, days: int, now: datetime) -> TrashEntry:
    return TrashEntry(
        op_id=op_id,
        kind=what.kind,
        record=what.record,
        group=what.group,
        title=what.title[:200],
        reason=what.reason,
        by=by,
        snapshot=what.rows,
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
    """The hash noted when this place was last filled, or "" when a file came there some other way."""
    # Under the write lock at every removal: as SQL, because the ORM takes ten times as long to write the same.
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sha256 FROM {table} WHERE place = %s AND sha256 <> '' ORDER BY id DESC LIMIT 1",  # noqa: S608
            [place],
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def entry_in_trash(entry_id: int) -> TrashEntry:
    """Raises ``NotInTrash`` for an entry that is not there (any more)."""
    entry = TrashEntry.objects.filter(pk=entry_id, state=TrashEntry.State.TRASHED).first()
    if entry is None:
        raise NotInTrash
    return entry


def open_trashed(layout: Layout, file: TrashFile, *, inside: str = "") -> int | None:
    """A descriptor of a file in the trash, or of one ``inside`` a folder there; None when there is no such file."""
    name = layout.trashed(file.op_id, file.place).name
    return open_beneath(layout.trash, f"{name}/{inside}" if inside else name)


def mark_restored(entry: TrashEntry) -> None:
    """Part of the transaction that brings it back; the row stays as history without its snapshot."""
    TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.RESTORED, snapshot={})


def finish_purges(layout: Layout, *, only: int | None = None) -> None:
    """Unlink the bytes of entries that are decided to go, then say so in their rows."""
    entries = TrashEntry.objects.filter(state=TrashEntry.State.PURGING)
    for entry in entries.filter(pk=only) if only is not None else entries:
        for file in entry.files.all():
            remove_bytes(layout, file)
        # A power cut must not bring a name back that no row speaks of any more.
        disk.sync_folder(layout.trash)
        TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.PURGED, snapshot={})


def remove_bytes(layout: Layout, file: TrashFile) -> None:
    """Unlink one file or folder of the trash; one that is gone already is no trouble."""
    path = layout.trashed(file.op_id, file.place)
    with suppress(FileNotFoundError):
        if file.is_folder:
            disk.remove_tree(path)
        else:
            disk.unlink(path)
    thumbnail_cache.forget(layout, file.place)


def reopen_as_new_entry(file: TrashFile, *, reason: str) -> None:
    """Give a file whose entry is closed an entry of its own, so that it can be found and brought back."""
    old = file.entry
    what = TrashRecord(kind=FOUND, record="", group=old.group, title=old.title, reason=reason)
    with transaction.atomic():
        entry = add_entry(what, [], op_id=file.op_id, act="keep", by="recovery")
        TrashEntry.objects.filter(pk=entry.pk).update(size_bytes=file.size_bytes)
        TrashFile.objects.filter(pk=file.pk).update(entry=entry)
