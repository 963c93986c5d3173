"""Upload, delete, restore and locate the picture of an item."""

from __future__ import annotations

import secrets
import time
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.viewers import Viewer
from items.errors import ItemNotFound
from items.models import Item
from items.services.items import AREA, group_of, item_for_update, item_of, require_access_to_item
from media_store.errors import CannotRestore, FileDeleteFailed, NoImage, StorageFailed, storage_failure
from media_store.models import TrashEntry
from media_store.names import picture_name, safe_picture_name
from media_store.operations import Operation
from media_store.trash import TrashRecord
from media_store.uploads import as_streamed, check_size, check_upload, without_private_metadata

MAX_IMAGE_BYTES = 5 * 1024 * 1024


def validate_image(file: UploadedFile[Any]) -> UploadedFile[Any]:
    """Check name, size and content. Raises ``InvalidPicture`` or ``UploadTooLarge``."""
    file.seek(0)
    file.name = picture_name(file.name or "", file.read(12))
    safe_picture_name(file.name)
    check_size(file.size or 0, MAX_IMAGE_BYTES)
    check_upload(file)
    return file


def image_place(name: str) -> str:
    """Return a new place ``uploads/items/item-{ms}-{random}.{ext}``; only the extension comes from ``name``."""
    ending = safe_picture_name(name).rpartition(".")[2]
    return f"{AREA}items/item-{time.time_ns() // 1_000_000}-{secrets.token_hex(6)}.{ending}"


def upload_image(item_id: str, file: UploadedFile[Any], *, by: str) -> Item:
    """Make a validated file the item's picture and move the previous picture to the trash.

    Raises ``ItemNotFound``, ``DiskFull`` or ``StorageFailed``; then nothing is changed.
    """
    upload = without_private_metadata(as_streamed(file))
    place = image_place(upload.name or "")
    with Operation("upload", by=by) as operation:
        operation.stage(upload, place)
        with operation.transaction():
            item = item_for_update(item_id)
            try:
                _discard_image(operation, item, reason="replaced")
            except FileDeleteFailed as exc:
                # The client asked for an upload, so report a storage failure, not a delete failure.
                raise _storage_failure(exc) from exc
            placed = operation.place_staged(place)
            _set_image(item, placed)
            operation.audit(
                "item-image",
                str(item.pk),
                group_of(item),
                place=placed,
                file_name=(upload.name or "")[:255],
                size_bytes=upload.size,
                sha256=upload.sha256,
            )
    return item_of(item_id)


def delete_image(item_id: str, *, by: str) -> Item:
    """Move the item's picture to the trash; a file that is missing from disk is not an error.

    Raises ``ItemNotFound``, ``NoImage`` or ``FileDeleteFailed``; then nothing is changed.
    """
    with Operation("remove", by=by) as operation, operation.transaction():
        item = item_for_update(item_id)
        if not item.image_file:
            raise NoImage
        _discard_image(operation, item, reason="removed")
        _set_image(item, None)
    return item_of(item_id)


def restore_image(operation: Operation, entry: TrashEntry, target: object = None) -> dict[str, Any]:
    """Restore a picture to its item in the transaction of ``operation``; the item's present picture goes to the trash.

    Raises ``CannotRestore`` if the item does not exist, or if ``target`` names another record.
    """
    if target is not None:
        raise CannotRestore("An item's picture goes back to its item only; a segment can copy it from there.")
    try:
        item = item_for_update(entry.record)
    except ItemNotFound as exc:
        raise CannotRestore("Its item is in the trash too. Restore the item first.") from exc
    file = entry.files.get()
    _discard_image(operation, item, reason="replaced")
    placed = operation.restore_file(file, file.place)
    _set_image(item, placed)
    operation.audit(entry.kind, entry.record, entry.group, place=placed, size_bytes=file.size_bytes, sha256=file.sha256)
    return {"item": entry.record, "message": "Picture restored"}


def locate_picture(item_id: str, viewer: Viewer) -> str:
    """Return the place of an item's picture.

    Raises ``ItemNotFound`` if the item does not exist or ``viewer`` may not use it, and ``NoImage`` if it has no
    picture.
    """
    require_access_to_item(viewer, item_id)
    item = item_of(item_id)
    if not item.image_file:
        raise NoImage("The item has no picture to lend.")
    return AREA + item.image_file


def _discard_image(operation: Operation, item: Item, *, reason: str) -> None:
    if item.image_file:
        trash_record = TrashRecord(
            kind="item-image", record=str(item.pk), group=group_of(item), title=f"Picture of {item.name}", reason=reason
        )
        operation.discard(trash_record, {"image_file": AREA + item.image_file})


def _storage_failure(exc: FileDeleteFailed) -> StorageFailed:
    return storage_failure(exc.__cause__) if isinstance(exc.__cause__, OSError) else StorageFailed()


def _set_image(item: Item, place: str | None) -> None:
    image_file = place.removeprefix(AREA) if place else None
    Item.objects.filter(pk=item.pk).update(image_file=image_file, updated_at=timezone.now())
