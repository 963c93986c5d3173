"""The item door: each view reads the request, calls one service and answers in the envelope."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.ownership import visible
from accounts.permissions import SignedIn
from accounts.viewers import actor, viewer_of
from items import envelope
from items.errors import MissingFile
from items.models import Item
from items.permissions import OwnItem
from items.serializers import AuditQuerySerializer, AuditSerializer, ItemSerializer
from items.services import audit, item_images, items
from media_store.audit import audit_rows


class ItemDoorView(APIView):
    """What all views of this door share; ``failure`` is the ``message`` of a refused request."""

    failures: ClassVar[dict[str, str]] = {}

    def get_exception_handler(self) -> Any:
        return envelope.answer_error

    @property
    def failure(self) -> str:
        return self.failures.get(str(self.request.method), "Request failed")

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        return envelope.answer(None, "The header Allow names what can be done here")


class ItemListView(ItemDoorView):
    permission_classes = [SignedIn]
    failures: ClassVar = {"POST": "Item creation failed"}

    def get(self, request: Request) -> Response:
        found = visible(Item.objects.all(), viewer_of(request), items.KIND)
        return envelope.answer(ItemSerializer(found, many=True).data, "Items retrieved successfully")

    def post(self, request: Request) -> Response:
        form = ItemSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        item = items.create_item(form.validated_data, owner=viewer_of(request))
        return envelope.answer(ItemSerializer(item).data, "Item created successfully", code=status.HTTP_201_CREATED)


class ItemView(ItemDoorView):
    permission_classes = [OwnItem]
    failures: ClassVar = {
        "GET": "Item retrieval failed",
        "PATCH": "Item update failed",
        "DELETE": "Item deletion failed",
    }

    def get(self, request: Request, item_id: str) -> Response:
        return envelope.answer(ItemSerializer(items.item_of(item_id)).data, "Item retrieved successfully")

    def patch(self, request: Request, item_id: str) -> Response:
        form = ItemSerializer(items.item_of(item_id), data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        item = items.change_item(item_id, form.validated_data)
        return envelope.answer(ItemSerializer(item).data, "Item updated successfully")

    def delete(self, request: Request, item_id: str) -> Response:
        items.delete_item(item_id, by=actor(request))
        return envelope.answer(None, "Item deleted successfully")


class ItemImageView(ItemDoorView):
    permission_classes = [OwnItem]
    failures: ClassVar = {"POST": "Image upload failed", "DELETE": "Image deletion failed"}

    def post(self, request: Request, item_id: str) -> Response:
        items.item_of(item_id)
        request._request.upload_limit_bytes = item_images.MAX_IMAGE_BYTES  # type: ignore[attr-defined]
        file = request.FILES.get("image")
        if file is None:
            raise MissingFile
        item = item_images.upload_image(item_id, item_images.validate_image(file), by=actor(request))
        return envelope.answer(ItemSerializer(item).data, "Image uploaded successfully", code=status.HTTP_201_CREATED)

    def delete(self, request: Request, item_id: str) -> Response:
        item = item_images.delete_image(item_id, by=actor(request))
        return envelope.answer(ItemSerializer(item).data, "Image deleted successfully")


class AuditView(ItemDoorView):
    """Who did what to which file, of all doors, newest first."""

    permission_classes = [SignedIn]
    failures: ClassVar = {"GET": "Audit retrieval failed"}

    def get(self, request: Request) -> Response:
        query = AuditQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = audit_rows(within=audit.acts_shown_to(viewer_of(request)), **query.validated_data)
        return envelope.answer(AuditSerializer(rows, many=True).data, "Audit retrieved successfully")
