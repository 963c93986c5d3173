"""Whose an item is. Somebody else's is answered as if it did not exist."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from accounts.viewers import viewer_of
from items.models import Item
from items.services.items import KIND, demand_item


class OwnItem(BasePermission):
    """The item in the URL must be the viewer's."""

    def has_permission(self, request: Any, view: Any) -> bool:
        demand_item(viewer_of(request), view.kwargs["item_id"])
        return True


def owner_of_place(path: str) -> tuple[str, str] | None:
    """The item that a file below ``uploads/`` belongs to; nobody's when no item has it."""
    item_id = Item.objects.filter(image_file=path).values_list("pk", flat=True).first()
    return (KIND, str(item_id)) if item_id else None
