"""The trash as this door shows it: what is there, bringing it back, deleting it for good."""

from __future__ import annotations

from typing import Any

from api.serializers import iso_time
from api.services.projects import project_group, restore_project
from api.services.segment_images import restore_image
from api.services.segments import restore_segment
from media_store import trash
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation

KINDS = ("image", "segment", "project", "file")


def trash_entries(project_id: int | None = None) -> list[dict[str, Any]]:
    """What can be brought back, newest first; of one project or of all."""
    entries = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED, kind__in=KINDS)
    if project_id is not None:
        entries = entries.filter(group=project_group(project_id))
    return [trash_answer(entry) for entry in entries.defer("snapshot").order_by("-trashed_at", "-id")]


def trash_answer(entry: TrashEntry) -> dict[str, Any]:
    kind, _, group_id = entry.group.partition("/")
    return {
        "id": entry.pk,
        "what": entry.kind,
        "title": entry.title,
        "why": entry.reason,
        "project": int(group_id) if kind == "projects" and group_id.isdigit() else None,
        "segment": int(entry.record) if entry.kind in ("image", "segment") else None,
        "size_bytes": entry.size_bytes,
        "deleted_at": iso_time(entry.trashed_at),
        "expires_at": iso_time(entry.expires_at),
    }


def restore_entry(entry_id: int, *, by: str, segment_id: int | None = None) -> dict[str, Any]:
    """Bring an entry back to its place, or a picture to another segment; byte-identical, in one step.

    Raises ``NotInTrash``, ``CannotRestore``, ``RecordLocked`` or the store's failures, with everything as it was.
    """
    with Operation("restore", by=by) as operation, operation.transaction():
        entry = trash.entry_in_trash(entry_id)
        answer = {"id": entry.pk, "what": entry.kind, "project": trash_answer(entry)["project"], "segment": None}
        if entry.kind == "project":
            restore_project(operation, entry)
            answer["message"] = "Project restored"
        elif entry.kind == "segment":
            restore_segment(operation, entry)
            answer |= {"segment": int(entry.record), "message": "Segment restored"}
        else:
            target = segment_id or (int(entry.record) if entry.record else None)
            if target is None:
                raise CannotRestore("This file belongs to no record. Name the segment that is to have it.")
            restore_image(operation, entry, target)
            answer |= {"segment": target, "message": "Picture restored"}
        if entry.kind in ("project", "segment"):
            operation.audit(entry.kind, entry.record, entry.group)
        trash.mark_restored(entry)
    return answer
