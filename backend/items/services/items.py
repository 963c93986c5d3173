"""Create, find, change, delete and restore items."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.ownership import claim, may_use
from accounts.viewers import Viewer
from items.errors import ItemNotFound
from items.models import Item
from media_store.models import TrashEntry
from media_store.operations import Operation
from media_store.trash import TrashRecord

AREA = "uploads/"
KIND = "items"


def group_of(item: Item) -> str:
    """Return the ``group`` of an item's trash entries and audit rows."""
    return f"{KIND}/{item.pk}"


def create_item(columns: dict[str, Any], *, owner: Viewer) -> Item:
    with transaction.atomic():
        item = Item.objects.create(**columns)
        claim(owner, KIND, item.pk)
    return item


def require_access_to_item(viewer: Viewer, item_id: str) -> None:
    """Raises ``ItemNotFound`` if the item does not exist or ``viewer`` may not use it."""
    if not viewer.sees_all and not may_use(viewer, KIND, _uuid(item_id)):
        raise ItemNotFound(item_id)


def item_of(item_id: str) -> Item:
    """Raises ``ItemNotFound`` if no item has this id or the id is not a UUID."""
    item = Item.objects.filter(pk=_uuid(item_id)).first()
    if item is None:
        raise ItemNotFound(item_id)
    return item


def item_for_update(item_id: str) -> Item:
    """Return the item, its row locked until the caller's transaction ends. Raises ``ItemNotFound``."""
    item = Item.objects.select_for_update().filter(pk=_uuid(item_id)).first()
    if item is None:
        raise ItemNotFound(item_id)
    return item


def _uuid(item_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(item_id)
    except ValueError as exc:
        raise ItemNotFound(item_id) from exc


def change_item(item_id: str, changes: dict[str, Any]) -> Item:
    """Write the changed columns; empty ``changes`` leave ``updated_at`` as it is. Raises ``ItemNotFound``."""
    with transaction.atomic():
        item = item_for_update(item_id)
        if changes:
            Item.objects.filter(pk=item.pk).update(**changes, updated_at=timezone.now())
    return item_of(item_id)


def delete_item(item_id: str, *, by: str) -> None:
    """Move an item and its picture to the trash. Raises ``ItemNotFound`` or ``FileDeleteFailed``."""
    with Operation("delete item", by=by) as operation, operation.transaction():
        item = item_for_update(item_id)
        trash_record = TrashRecord(
            kind="item",
            record=str(item.pk),
            group=group_of(item),
            title=item.name,
            reason="item deleted",
            rows={"item": _snapshot(item)},
        )
        operation.discard(trash_record, {"image_file": AREA + item.image_file} if item.image_file else {})
        item.delete()


def _snapshot(item: Item) -> dict[str, Any]:
    columns = {field.attname: field.value_from_object(item) for field in item._meta.concrete_fields}
    return columns | {
        "id": str(item.pk),
        "created_at": item.created_at.isoformat(),
        "updated_at": item.updated_at.isoformat(),
    }


def restore_item(operation: Operation, entry: TrashEntry, target: object = None) -> dict[str, Any]:
    """Create a deleted item again, with its picture, in the transaction of ``operation``."""
    snapshot = entry.snapshot["item"]
    files = {file.role: operation.restore_file(file, file.place).removeprefix(AREA) for file in entry.files.all()}
    times = {name: snapshot[name] for name in ("created_at", "updated_at")}
    # If the file was missing when the item was deleted, it is still missing: the new row must not name it.
    Item.objects.create(**{**snapshot, "image_file": None, **files})
    Item.objects.filter(pk=snapshot["id"]).update(**times)
    operation.audit(entry.kind, entry.record, entry.group)
    return {"item": entry.record, "message": "Item restored"}
