"""The end of what is in the trash: deleted for good, by a person or because its time is over."""

from __future__ import annotations

from contextlib import suppress

from django.utils import timezone

from media_store import trash
from media_store.dead_operations import take_back_unfinished_restores
from media_store.errors import NotInTrash
from media_store.models import TrashEntry
from media_store.operations import Operation


def purge(entry_id: int, *, by: str, only_expired: bool = False) -> None:
    """Delete for good; with ``only_expired`` not what is to be kept longer by now. Raises ``NotInTrash``.

    Decided by a commit first and done afterwards, so that a crash in the middle is finished by recovery.
    """
    with Operation("purge", by=by) as operation, operation.transaction():
        entry = trash.entry_in_trash(entry_id)
        if only_expired and entry.expires_at > timezone.now():
            raise NotInTrash
        take_back_unfinished_restores(operation.layout, entry.files.filter(is_folder=True))
        TrashEntry.objects.filter(pk=entry.pk).update(state=TrashEntry.State.PURGING)
        operation.audit(entry.kind, entry.record, entry.group, size_bytes=entry.size_bytes)
        operation.afterwards(lambda: trash.finish_purges(operation.layout, only=entry_id))


def purge_expired(*, by: str = "storyflow") -> int:
    """Purge what has waited its time; returns how many entries went."""
    due = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED, expires_at__lte=timezone.now())
    purged = 0
    for entry_id in due.values_list("pk", flat=True):
        with suppress(NotInTrash):
            purge(entry_id, by=by, only_expired=True)
            purged += 1
    return purged
