"""Restoring trash entries; each app registers a restorer for each kind of its entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from media_store import trash
from media_store.dead_operations import undo_unfinished_restores
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation

# Takes the running operation, the entry, and the record to restore to (None: the original one). Changes files and rows
# in the operation's transaction and returns fields for the response.
Restorer = Callable[[Operation, TrashEntry, Any], dict[str, Any]]

_restorers: dict[str, Restorer] = {}


def register(kind: str, restorer: Restorer) -> None:
    """Register the restorer of one kind of trash entry; called from the ``AppConfig.ready`` of its app."""
    _restorers[kind] = restorer


def restore_entry(entry_id: int, *, by: str, target: Any = None) -> dict[str, Any]:
    """Restore an entry with identical bytes, in one operation. Returns the fields of the response.

    Raises ``NotInTrash``, ``CannotRestore``, the errors of the restorer, ``DiskFull`` or ``StorageFailed``; then
    nothing is changed.
    """
    with Operation("restore", by=by) as operation, operation.transaction():
        entry = trash.entry_in_trash(entry_id)
        undo_unfinished_restores(operation.layout, entry.files.filter(is_folder=True))
        if entry.kind not in _restorers:
            raise CannotRestore("Nothing here knows how to bring this back.")
        answer = _restorers[entry.kind](operation, entry, target)
        trash.mark_restored(entry)
    return {"id": entry.pk, "what": entry.kind, **answer}
