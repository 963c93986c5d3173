"""The trash, which both APIs share, as the story API shows it; and the restorers of this API's records."""

from __future__ import annotations

from typing import Any

from accounts.viewers import EVERYBODY, Viewer
from api.permissions import own_entries
from api.serializers import iso_time
from api.services.projects import project_group, restore_project
from api.services.rows import segment_row
from api.services.segment_images import restore_image
from api.services.segments import restore_segment
from api.services.trash_pictures import has_picture, with_pictures
from core.errors import InvalidInput
from media_store import restoring
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation


def trash_entries(project_id: int | None = None, *, viewer: Viewer = EVERYBODY) -> list[dict[str, Any]]:
    """Return the trash entries that the viewer may restore, newest first, of one project or of all."""
    entries = own_entries(TrashEntry.objects.filter(state=TrashEntry.State.TRASHED), viewer)
    if project_id is not None:
        entries = entries.filter(group=project_group(project_id))
    newest_first = with_pictures(entries.defer("snapshot")).order_by("-trashed_at", "-id")
    return [trash_payload(entry) for entry in newest_first]


def trash_payload(entry: Any) -> dict[str, Any]:
    """Return the response shape of an entry that was read ``with_pictures``."""
    return {
        "id": entry.pk,
        "what": entry.kind,
        "title": entry.title,
        "why": entry.reason,
        "project": _project_of(entry),
        "segment": int(entry.record) if entry.kind in ("image", "segment", "recording") else None,
        "item": entry.record if entry.kind in ("item", "item-image") else None,
        "has_picture": has_picture(entry),
        "size_bytes": entry.size_bytes,
        "deleted_at": iso_time(entry.trashed_at),
        "expires_at": iso_time(entry.expires_at),
    }


def restore_entry(entry_id: int, *, by: str, segment_id: int | None = None) -> dict[str, Any]:
    """Restore an entry of any kind to its place, or a picture to the segment ``segment_id``.

    Raises ``NotInTrash``, ``CannotRestore``, ``NotFound`` for the segment, ``RecordLocked`` or the errors of the media
    store; then nothing has changed.
    """
    return NO_SUBJECT | restoring.restore_entry(entry_id, by=by, target=segment_id)


def _restore_project_entry(operation: Operation, entry: TrashEntry, target: int | None) -> dict[str, Any]:
    _check_no_target(target)
    restore_project(operation, entry)
    operation.audit(entry.kind, entry.record, entry.group)
    return {"project": int(entry.record), "message": "Project restored"}


def _restore_segment_entry(operation: Operation, entry: TrashEntry, target: int | None) -> dict[str, Any]:
    _check_no_target(target)
    besides = restore_segment(operation, entry)
    operation.audit(entry.kind, entry.record, entry.group)
    message = besides or "Segment restored"
    return {"project": _project_of(entry), "segment": int(entry.record), "message": message}


def _restore_image_entry(operation: Operation, entry: TrashEntry, target: int | None) -> dict[str, Any]:
    if target is not None:
        segment_row(target)
    segment_id = target or (int(entry.record) if entry.record else None)
    if segment_id is None:
        raise CannotRestore("This file belongs to no record. Name the segment that is to have it.")
    restore_image(operation, entry, segment_id)
    return {"project": _project_of(entry), "segment": segment_id, "message": "Picture restored"}


def _check_no_target(target: int | None) -> None:
    if target is not None:
        raise InvalidInput("Only a picture can be restored to another segment.")


def _project_of(entry: TrashEntry) -> int | None:
    kind, _, project_id = entry.group.partition("/")
    return int(project_id) if kind == "projects" and project_id.isdigit() else None


NO_SUBJECT = {"project": None, "segment": None, "item": None}
RESTORERS: dict[str, restoring.Restorer] = {
    "project": _restore_project_entry,
    "segment": _restore_segment_entry,
    "image": _restore_image_entry,
    "file": _restore_image_entry,
}
