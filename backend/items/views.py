"""The views of the items API: each reads the request, calls one service and responds in the envelope."""

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


class ItemApiView(APIView):
    # A comment, because OpenAPI would show a docstring of this base class as the description of every endpoint.
    # HTTP method → ``message`` of its error responses.
    failures: ClassVar[dict[str, str]] = {}

    def get_exception_handler(self) -> Any:
        return envelope.handle_exception

    @property
    def failure(self) -> str:
        """The ``message`` of an error response to this request."""
        return self.failures.get(str(self.request.method), "Request failed")

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        return envelope.success_response(None, "The header Allow names what can be done here")


class ItemListView(ItemApiView):
    permission_classes = [SignedIn]
    failures: ClassVar = {"POST": "Item creation failed"}

    def get(self, request: Request) -> Response:
        found = visible(Item.objects.all(), viewer_of(request), items.KIND)
        return envelope.success_response(ItemSerializer(found, many=True).data, "Items retrieved successfully")

    def post(self, request: Request) -> Response:
        form = ItemSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        item = items.create_item(form.validated_data, owner=viewer_of(request))
        return envelope.success_response(
            ItemSerializer(item).data, "Item created successfully", code=status.HTTP_201_CREATED
        )


class ItemView(ItemApiView):
    permission_classes = [OwnItem]
    failures: ClassVar = {
        "GET": "Item retrieval failed",
        "PATCH": "Item update failed",
        "DELETE": "Item deletion failed",
    }

    def get(self, request: Request, item_id: str) -> Response:
        return envelope.success_response(ItemSerializer(items.item_of(item_id)).data, "Item retrieved successfully")

    def patch(self, request: Request, item_id: str) -> Response:
        form = ItemSerializer(items.item_of(item_id), data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        item = items.change_item(item_id, form.validated_data)
        return envelope.success_response(ItemSerializer(item).data, "Item updated successfully")

    def delete(self, request: Request, item_id: str) -> Response:
        items.delete_item(item_id, by=actor(request))
        return envelope.success_response(None, "Item deleted successfully")


class ItemImageView(ItemApiView):
    permission_classes = [OwnItem]
    failures: ClassVar = {"POST": "Image upload failed", "DELETE": "Image deletion failed"}

    def post(self, request: Request, item_id: str) -> Response:
        items.item_of(item_id)
        request._request.upload_limit_bytes = item_images.MAX_IMAGE_BYTES  # type: ignore[attr-defined]
        file = request.FILES.get("image")
        if file is None:
            raise MissingFile
        item = item_images.upload_image(item_id, item_images.validate_image(file), by=actor(request))
        return envelope.success_response(
            ItemSerializer(item).data, "Image uploaded successfully", code=status.HTTP_201_CREATED
        )

    def delete(self, request: Request, item_id: str) -> Response:
        item = item_images.delete_image(item_id, by=actor(request))
        return envelope.success_response(ItemSerializer(item).data, "Image deleted successfully")


class AuditView(ItemApiView):
    """The audit log of the files of both APIs, newest first."""

    permission_classes = [SignedIn]
    failures: ClassVar = {"GET": "Audit retrieval failed"}

    def get(self, request: Request) -> Response:
        query = AuditQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        rows = audit_rows(within=audit.visible_acts(viewer_of(request)), **query.validated_data)
        return envelope.success_response(AuditSerializer(rows, many=True).data, "Audit retrieved successfully")
