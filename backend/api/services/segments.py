"""Editing, reordering, deleting and restoring segments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.http import parse_etags

from api.errors import PreconditionFailed
from api.models import Project, Segment
from api.serializers import SegmentUpdateSerializer, segment_etag, segment_shape
from api.services.projects import project_group
from api.services.row_snapshots import insert_snapshots, snapshot_of
from api.services.rows import (
    Row,
    change_segment,
    positions,
    segment_row,
    segment_to_change,
    stored_time,
    touch_project,
    write_many,
    write_transaction,
)
from core.errors import InvalidInput, NotFound, RecordLocked
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation
from media_store.trash import TrashRecord

INVALID_ORDER = "Invalid segment IDs"
NO_ORDER = "segment_order must be a list with every segment id of the project."
EDIT_LOCKED = "Cannot edit a locked segment. Unlock it first."
WRITABLE = frozenset(SegmentUpdateSerializer().fields)
MAX_IDS_NAMED = 20
FILES = ("image_file", "audio_file")
# Called with the operation and the trash entry of a segment that was just restored, inside the transaction. Returns a
# sentence about what else was done, or "".
RestoreHook = Callable[[Operation, TrashEntry], str]

_hooks: list[RestoreHook] = []


def register(hook: RestoreHook) -> None:
    """Register a hook. Called from ``AppConfig.ready`` of a package that does more with a segment than to delete it."""
    _hooks.append(hook)


def edit_segment(segment_id: int, body: Mapping[str, Any], *, if_match: str | None = None) -> Row:
    """Change text, prompt or lock. Returns the changed segment.

    Raises ``NotFound``; ``PreconditionFailed`` if ``if_match`` names another version; ``RecordLocked`` if the segment
    is locked and ``body`` changes more than the lock; and DRF's ``ValidationError``.
    """
    with write_transaction():
        segment = segment_to_change(segment_id)
        check_if_match(segment, if_match)
        if segment["is_locked"] and WRITABLE & set(body) - {"is_locked"}:
            raise RecordLocked(EDIT_LOCKED)
        form = SegmentUpdateSerializer(data=body, partial=True)
        form.is_valid(raise_exception=True)
        changes = {name: value for name, value in form.validated_data.items() if segment[name] != value}
        if changes:
            change_segment(segment, **changes)
        return segment_row(segment_id)


def check_if_match(segment: Row, if_match: str | None) -> None:
    """Raises ``PreconditionFailed`` if ``if_match`` names another version. None accepts every version."""
    if if_match is None:
        return
    current = segment_shape(segment)
    etag = segment_etag(current)
    accepted = parse_etags(if_match)
    if "*" not in accepted and etag not in accepted:
        raise PreconditionFailed(current, etag)


def delete_segment(segment_id: int, *, by: str) -> None:
    """Move a segment with its picture and narration to the trash, even if it is locked. Raises ``NotFound``.

    The other segments keep their positions.
    """
    with Operation("delete segment", by=by) as operation, operation.transaction():
        segment = Segment.objects.select_for_update().filter(pk=segment_id).first()
        if segment is None:
            raise NotFound("There is no such segment.")
        discard_segment(operation, segment, reason="segment deleted")
        touch_project(segment.project_id)


def discard_segment(operation: Operation, segment: Segment, *, reason: str) -> None:
    """Move the segment with its files to the trash as one entry, inside ``operation``'s transaction."""
    files = ((field, getattr(segment, field).name) for field in FILES)
    operation.discard(discard_of(segment, reason), {field: f"media/{name}" for field, name in files if name})
    segment.delete()


def discard_segments(operation: Operation, segments: list[Segment], *, reason: str) -> None:
    """Move each segment to the trash, as ``discard_segment`` does.

    Segments without files take only a few statements.
    """
    without_files = [segment for segment in segments if not any(getattr(segment, field).name for field in FILES)]
    with_files = {segment.pk for segment in segments} - {segment.pk for segment in without_files}
    operation.discard_without_files([discard_of(segment, reason) for segment in without_files])
    # Django reads the rows that it deletes, to follow references to them; the texts are not needed for that.
    Segment.objects.filter(pk__in=[segment.pk for segment in without_files]).only("pk").delete()
    for segment in segments:
        if segment.pk in with_files:
            discard_segment(operation, segment, reason=reason)


def discard_of(segment: Segment, reason: str, **rows: Any) -> TrashRecord:
    """Return the trash record of a segment. ``rows`` is additional data that a hook needs when it is restored."""
    return TrashRecord(
        kind="segment",
        record=str(segment.pk),
        group=project_group(segment.project_id),
        title=segment.text_content,
        reason=reason,
        rows={"segments": [snapshot_of(segment)], **rows},
    )


def restore_segment(operation: Operation, entry: TrashEntry) -> str:
    """Restore a deleted segment at its old position, inside ``operation``'s transaction. Later segments move up.

    Returns what the hooks say about what else was done, or "". Raises ``CannotRestore`` if the project is deleted.
    """
    snapshot = entry.snapshot["segments"][0]
    project_id, position = snapshot["project_id"], snapshot["sequence_index"]
    if not Project.objects.select_for_update().filter(pk=project_id).exists():
        raise CannotRestore("Its project is in the trash too. Restore the project first.")
    files = {}
    for file in entry.files.all():
        files[file.role] = operation.restore_file(file, file.place).removeprefix("media/")
    others = Segment.objects.filter(project_id=project_id)
    if others.filter(sequence_index=position).exists():
        others.filter(sequence_index__gte=position).update(sequence_index=F("sequence_index") + 1)
    # A file that was missing when the segment was deleted is still missing, so the row must not name it.
    insert_snapshots(Segment, [{**snapshot, "image_file": None, "audio_file": None, **files}])
    touch_project(project_id)
    return " ".join(filter(None, [hook(operation, entry) for hook in _hooks]))


def reorder_segments(project_id: int, order: Any) -> list[dict[str, int]]:
    """Set the position of every segment of the project to the index of its id in ``order``.

    Returns id and position of each segment in the new order. Raises ``NotFound`` for the project, and ``InvalidInput``
    if ``order`` is not exactly the list of the project's ids.
    """
    with write_transaction():
        if not Project.objects.select_for_update().filter(pk=project_id).exists():
            raise NotFound("There is no such project.")
        if not isinstance(order, list) or not order:
            raise InvalidInput(INVALID_ORDER, details=NO_ORDER)
        if set(map(type, order)) != {int}:
            raise InvalidInput(INVALID_ORDER, details="segment_order must hold whole numbers only.")
        now_at = positions(project_id)
        _check_complete_order(order, set(now_at))
        now = stored_time(timezone.now())
        moved = [
            (position, now, segment_id) for position, segment_id in enumerate(order) if now_at[segment_id] != position
        ]
        if moved:
            write_many(Segment, ("sequence_index", "updated_at"), moved)
            touch_project(project_id)
    return [{"id": segment_id, "sequence_index": position} for position, segment_id in enumerate(order)]


def _check_complete_order(order: list[int], expected: set[int]) -> None:
    if len(order) == len(expected) and expected == set(order):
        return
    times = Counter(order)
    found = {
        "named more than once": {segment_id for segment_id, count in times.items() if count > 1},
        "missing": expected - times.keys(),
        "not in this project": times.keys() - expected,
    }
    problems = [f"{words}: {_some(ids)}" for words, ids in found.items() if ids]
    if problems:
        raise InvalidInput(INVALID_ORDER, details="; ".join(problems).capitalize() + ".")


def _some(ids: set[int]) -> str:
    named = [str(segment_id) if abs(segment_id) < 10**18 else "a very large number" for segment_id in sorted(ids)]
    rest = len(named) - MAX_IDS_NAMED
    return ", ".join(named[:MAX_IDS_NAMED]) + (f" and {rest} more" if rest > 0 else "")
