"""Bringing things back from the one trash of all doors: each door registers how its kinds of things return."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from media_store import trash
from media_store.dead_operations import undo_unfinished_restores
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation

# Takes the running operation, the entry, and where a person wants it if not at its own place; does its part of the
# operation's transaction, and returns what the answer says of it.
Restorer = Callable[[Operation, TrashEntry, Any], dict[str, Any]]

_restorers: dict[str, Restorer] = {}


def register(kind: str, restorer: Restorer) -> None:
    """Tell the store how a kind of trash entry comes back; called from a door's ``AppConfig.ready``."""
    _restorers[kind] = restorer


def restore_entry(entry_id: int, *, by: str, target: Any = None) -> dict[str, Any]:
    """Bring an entry back, byte-identical and in one step.

    Raises ``NotInTrash``, ``CannotRestore``, what the door's restorer raises, or the store's failures, with
    everything as it was.
    """
    with Operation("restore", by=by) as operation, operation.transaction():
        entry = trash.entry_in_trash(entry_id)
        undo_unfinished_restores(operation.layout, entry.files.filter(is_folder=True))
        if entry.kind not in _restorers:
            raise CannotRestore("Nothing here knows how to bring this back.")
        answer = _restorers[entry.kind](operation, entry, target)
        trash.mark_restored(entry)
    return {"id": entry.pk, "what": entry.kind, **answer}
