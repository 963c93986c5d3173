"""Store a person's recording as a segment's narration, and restore it from the trash."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_row, segment_to_change
from core.errors import InvalidInput, NotFound, RecordLocked
from filming.models import Narration
from filming.narrations import TRASH_KIND, discard_narration, save_narration
from filming.sound_slots import sound_slot
from media_store.errors import CannotRestore
from media_store.models import TrashEntry
from media_store.operations import Operation
from media_store.uploads import check_size
from narration.recordings import narrated_by

MAX_RECORDING_BYTES = 200 * 1024 * 1024

__all__ = ["MAX_RECORDING_BYTES", "TRASH_KIND", "restore_recording", "upload_recording"]


def upload_recording(segment_id: int, file: UploadedFile[Any], *, by: str) -> Row:
    """Level the recording, align its words with the text, and store it as the segment's narration.

    Raises ``NotFound``, ``RecordLocked``, ``InvalidRecording``, ``UploadTooLarge``, ``Busy`` and the store's errors.
    """
    row = segment_row(segment_id)
    if row["is_locked"]:
        raise RecordLocked
    check_size(file.size or 0, MAX_RECORDING_BYTES)
    with sound_slot():
        speech = narrated_by(cast(BinaryIO, file.file), row["text_content"])
        return save_narration(segment_id, row["text_content"], speech, digest="", voice="", by=by, is_recording=True)


def restore_recording(operation: Operation, entry: TrashEntry, target: Any) -> dict[str, Any]:
    """Restore a recording from the trash to its own segment; a narration that it replaces goes into the trash.

    Registered as the store's restorer of recordings. Raises ``InvalidInput`` for another target, ``CannotRestore`` if
    the segment or the file is gone, and ``RecordLocked``.
    """
    if target is not None:
        raise InvalidInput("A recording can only be restored to its own segment.")
    try:
        segment = segment_to_change(int(entry.record))
    except NotFound as exc:
        raise CannotRestore("Its segment is gone. Restore the segment or its project first.") from exc
    if segment["is_locked"]:
        raise RecordLocked
    file = entry.files.first()
    if file is None:
        raise CannotRestore("Its file is gone.")
    discard_narration(operation, segment, reason="replaced")
    name = operation.restore_file(file, file.place).removeprefix("media/")
    known = entry.snapshot.get("narration")
    if known:
        Narration.objects.update_or_create(audio_file=name, defaults=known)
    change_segment(segment, audio_file=name, audio_duration=round(known["duration_s"], 3) if known else None)
    operation.audit(TRASH_KIND, entry.record, project_group(segment["project"]), place=f"media/{name}")
    return {"project": segment["project"], "segment": segment["id"], "message": "Recording restored"}
