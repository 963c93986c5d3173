"""Uploading, copying, removing, restoring and opening the picture of a segment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile

from accounts.viewers import EVERYBODY, Viewer
from api.permissions import require_access_to_segment
from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_row, segment_to_change
from core.errors import InvalidInput, NotFound, RecordLocked
from media_store import picture_sources, thumbnail_cache
from media_store.errors import CannotRestore, NoImage
from media_store.layout import current_layout
from media_store.models import TrashEntry, TrashFile
from media_store.names import safe_picture_name
from media_store.operations import MAX_PLACE_LENGTH, Operation
from media_store.pending import open_pending
from media_store.pictures import EXTENSIONS
from media_store.safe_open import open_beneath
from media_store.thumbnails import upright_size
from media_store.trash import TrashRecord
from media_store.uploads import as_streamed, without_private_metadata

MAX_NAME_BYTES = 60
# A picture can be replaced between reading its row and opening its file; then the row is read again.
MAX_ATTEMPTS = 5


def check_unlocked(segment_id: int) -> None:
    """Raises ``NotFound``, or ``RecordLocked`` if the segment is locked.

    Called before the request body is validated.
    """
    if segment_row(segment_id)["is_locked"]:
        raise RecordLocked


def picture_place(project_id: int, segment_id: int, name: str) -> str:
    """Return the place of a picture with this file name. It fits into the model's column for ids of any length."""
    beginning = f"media/projects/{project_id}/images/{segment_id}_"
    return beginning + safe_picture_name(name, max_length=min(MAX_NAME_BYTES, MAX_PLACE_LENGTH - len(beginning)))


def upload_image(segment_id: int, file: UploadedFile[Any], *, by: str) -> Row:
    """Set a validated file as the segment's picture. The previous picture moves to the trash.

    Raises ``NotFound``, ``RecordLocked``, ``DiskFull``, ``StorageFailed`` or ``FileDeleteFailed``; then nothing has
    changed.
    """
    upload = without_private_metadata(as_streamed(file))
    place = picture_place(segment_row(segment_id)["project"], segment_id, upload.name or "")
    with Operation("upload", by=by) as operation:
        operation.stage(upload, place)
        with operation.transaction():
            segment = _unlocked(segment_id)
            _discard_picture(operation, segment, reason="replaced")
            placed = operation.place_staged(place)
            _set_picture(segment, placed)
            operation.audit(
                "image",
                str(segment_id),
                project_group(segment["project"]),
                place=placed,
                file_name=(upload.name or "")[:255],
                size_bytes=upload.size,
                sha256=upload.sha256,
            )
    return segment_row(segment_id)


def use_item_image(segment_id: int, item_id: str, *, by: str, borrower: Viewer = EVERYBODY) -> Row:
    """Copy the picture of an item that ``borrower`` may use to the segment.

    Raises as ``upload_image``, and the errors of the items API for the item.
    """
    with picture_sources.copy_picture("item", item_id, viewer=borrower) as upload:
        return upload_image(segment_id, upload, by=by)


def use_segment_image(segment_id: int, other_id: int, *, by: str, borrower: Viewer = EVERYBODY) -> Row:
    """Copy the picture of another segment to the segment.

    The other segment may be of any story that ``borrower`` may use.

    Raises as ``upload_image``; ``NotFound`` for the other segment; ``NoImage`` if it has no picture; ``InvalidInput``
    if both are the same segment.
    """
    if segment_id == other_id:
        raise InvalidInput("That is the picture it has.")
    with picture_sources.copy_picture("segment", str(other_id), viewer=borrower) as upload:
        return upload_image(segment_id, upload, by=by)


def picture_to_lend(segment_id: str, borrower: Viewer) -> str:
    """Return the place of the segment's picture. Registered with ``media_store.lending``.

    Raises ``NotFound``, also if ``borrower`` may not use the segment, or ``NoImage``.
    """
    require_access_to_segment(borrower, int(segment_id))
    name = segment_row(int(segment_id))["image_file"]
    if not name:
        raise NoImage("That segment has no picture to use.")
    return f"media/{name}"


def remove_image(segment_id: int, *, by: str) -> Row:
    """Move the picture to the trash. A file that is already missing on disk is not an error.

    Raises ``NotFound``, ``RecordLocked``, ``NoImage`` or ``FileDeleteFailed``; then nothing has changed.
    """
    with Operation("remove", by=by) as operation, operation.transaction():
        segment = _unlocked(segment_id)
        if not segment["image_file"]:
            raise NoImage
        _discard_picture(operation, segment, reason="removed")
        _set_picture(segment, None)
    return segment_row(segment_id)


def restore_image(operation: Operation, entry: TrashEntry, segment_id: int) -> None:
    """Restore a picture from the trash to a segment. The segment's current picture moves to the trash in the same step.

    Part of ``operation``'s transaction. Raises ``CannotRestore`` if the segment or the file cannot be used, and
    ``RecordLocked``.
    """
    try:
        segment = _unlocked(segment_id)
    except NotFound as exc:
        raise CannotRestore(
            "Its segment is gone. Restore the segment or its project first, or name another segment."
        ) from exc
    file = _picture_file(entry)
    _discard_picture(operation, segment, reason="replaced")
    name = re.sub(r"^\d+_", "", file.place.rpartition("/")[2])
    place = file.place if str(segment_id) == entry.record else picture_place(segment["project"], segment_id, name)
    placed = operation.restore_file(file, place)
    _set_picture(segment, placed)
    operation.audit(
        "image",
        str(segment_id),
        project_group(segment["project"]),
        place=placed,
        file_name=name,
        size_bytes=file.size_bytes,
        sha256=file.sha256,
    )


def _picture_file(entry: TrashEntry) -> TrashFile:
    file = entry.files.first()
    if file is None or file.is_folder or not file.place.lower().endswith(EXTENSIONS):
        raise CannotRestore("This is not a picture; it can only be deleted for good, or copied from the data folder.")
    return file


def open_thumbnail(segment_id: int, width: int) -> tuple[BinaryIO, str]:
    """Return an open thumbnail of the segment's picture and the thumbnail's version.

    Raises ``NotFound``, or ``InvalidPicture`` for a damaged file.
    """
    with _opened(segment_id) as (place, descriptor):
        return thumbnail_cache.open_thumbnail(current_layout(), place, descriptor, width)


def picture_size(segment_id: int) -> tuple[int, int]:
    """Return width and height of the segment's picture in pixels, after its EXIF rotation.

    Raises ``NotFound``, or ``InvalidPicture`` for a damaged file.
    """
    with _opened(segment_id) as (_, descriptor), os.fdopen(os.dup(descriptor), "rb") as source:
        return upright_size(source)


@contextmanager
def _opened(segment_id: int) -> Iterator[tuple[str, int]]:
    """Yield the place of the segment's picture and an open file descriptor, which is closed at the end."""
    for _ in range(MAX_ATTEMPTS):
        name = segment_row(segment_id)["image_file"]
        if not name:
            break
        descriptor = open_beneath(current_layout().areas["media"], name) or open_pending(f"media/{name}")
        if descriptor is not None:
            try:
                yield f"media/{name}", descriptor
            finally:
                os.close(descriptor)
            return
    raise NotFound("The segment has no picture.")


def _unlocked(segment_id: int) -> Row:
    segment = segment_to_change(segment_id)
    if segment["is_locked"]:
        raise RecordLocked
    return segment


def _discard_picture(operation: Operation, segment: Row, *, reason: str) -> None:
    if segment["image_file"]:
        what = TrashRecord(
            kind="image",
            record=str(segment["id"]),
            group=project_group(segment["project"]),
            title=f"Picture of segment {segment['sequence_index'] + 1}",
            reason=reason,
        )
        operation.discard(what, {"image_file": f"media/{segment['image_file']}"})


def _set_picture(segment: Row, place: str | None) -> None:
    change_segment(segment, image_file=place.removeprefix("media/") if place else None)
