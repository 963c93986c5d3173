"""Permanent deletion of trash entries, by a person or after their expiry."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime

from media_store import trash
from media_store.dead_operations import undo_unfinished_restores
from media_store.errors import NotInTrash
from media_store.models import TrashEntry
from media_store.operations import Operation
from media_store.trash_clock import due_entries

log = logging.getLogger(__name__)


def purge(entry_id: int, *, by: str, only_expired_at: datetime | None = None) -> None:
    """Delete a trash entry and its files permanently.

    The transaction only sets the state ``PURGING``; the files are removed after the commit, so that recovery finishes
    a purge that a crash interrupts. Raises ``NotInTrash`` if there is no such entry, or if it expires after
    ``only_expired_at``.
    """
    with Operation("purge", by=by) as operation, operation.transaction():
        entry = trash.entry_in_trash(entry_id)
        if only_expired_at and entry.expires_at > only_expired_at:
            raise NotInTrash
        undo_unfinished_restores(operation.layout, entry.files.filter(is_folder=True))
        TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.PURGING)
        operation.audit(entry.kind, entry.record, entry.group, size_bytes=entry.size_bytes)
        operation.on_commit(lambda: trash.finish_purges(operation.layout, only=entry_id))


def purge_expired(*, by: str = "storyflow") -> int:
    """Purge the expired entries. Returns their number, which is 0 while a large purge is delayed (``trash_clock``)."""
    due = due_entries()
    if due.sentence:
        log.warning(due.sentence)
    purged = 0
    for entry_id in due.ids:
        with suppress(NotInTrash):
            purge(entry_id, by=by, only_expired_at=due.until)
            purged += 1
    return purged
