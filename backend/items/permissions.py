"""Access to items. An item of another user gets the same response as an item that does not exist."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from accounts.viewers import viewer_of
from items.models import Item
from items.services.items import KIND, require_access_to_item


class OwnItem(BasePermission):
    """Allow the request if the viewer may use the item in the URL."""

    def has_permission(self, request: Any, view: Any) -> bool:
        require_access_to_item(viewer_of(request), view.kwargs["item_id"])
        return True


def owner_of_place(path: str) -> tuple[str, str] | None:
    """Return kind and id of the item that owns a file below ``uploads/``, or None if no item owns it."""
    item_id = Item.objects.filter(image_file=path).values_list("pk", flat=True).first()
    return (KIND, str(item_id)) if item_id else None
