"""The OpenAPI description of the items API: its envelope, its statuses, its operation ids."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from items.serializers import AuditQuerySerializer, AuditSerializer, ItemSerializer

MESSAGES = {
    400: "The request cannot be used as it is.",
    404: "There is no such item, or it has no image.",
    413: "The file is larger than 5 MiB.",
    415: "The body is not of the type announced here.",
    500: "The disk refused; row and file are as they were.",
    507: "The disk is full; nothing was changed.",
}
ID = OpenApiParameter("item_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The item's id.")
IMAGE_FORM = inline_serializer("ItemImageForm", {"image": serializers.FileField()})


def envelope(name: str, data: Any) -> Any:
    return inline_serializer(
        name,
        {
            "data": data,
            "error": serializers.CharField(allow_null=True, help_text="Always null."),
            "message": serializers.CharField(),
        },
    )


ONE = envelope("ItemEnvelope", ItemSerializer())
MANY = envelope("ItemListEnvelope", ItemSerializer(many=True))
AUDIT = envelope("AuditEnvelope", AuditSerializer(many=True))
NONE = envelope("EmptyEnvelope", serializers.CharField(allow_null=True, help_text="Always null."))
REFUSED = inline_serializer(
    "RefusedEnvelope",
    {
        "data": serializers.CharField(allow_null=True, help_text="Always null."),
        "error": inline_serializer("ItemError", {"code": serializers.CharField(), "message": serializers.CharField()}),
        "message": serializers.CharField(),
    },
)


def error_responses(*codes: int) -> dict[int, OpenApiResponse]:
    return {code: OpenApiResponse(REFUSED, description=MESSAGES[code]) for code in codes}


JSON_ITEM = {"application/json": ItemSerializer}
JSON_CHANGES = {"application/json": ItemSerializer(partial=True)}


class ItemListDescription(OpenApiViewExtension):
    target_class = "items.views.ItemListView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            get=extend_schema(
                operation_id="listItems", summary="All items, newest first", tags=["items"], responses=MANY
            ),
            post=extend_schema(
                operation_id="createItem",
                summary="Create an item",
                tags=["items"],
                request=JSON_ITEM,
                responses={201: ONE, **error_responses(400, 415)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


class ItemDescription(OpenApiViewExtension):
    target_class = "items.views.ItemView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            get=extend_schema(
                operation_id="getItem",
                summary="One item",
                tags=["items"],
                parameters=[ID],
                responses={200: ONE, **error_responses(404)},
            ),
            patch=extend_schema(
                operation_id="updateItem",
                summary="Change an item's name, description, category or status",
                tags=["items"],
                parameters=[ID],
                request=JSON_CHANGES,
                responses={200: ONE, **error_responses(400, 404, 415)},
            ),
            delete=extend_schema(
                operation_id="deleteItem",
                summary="Move an item with its image into the trash",
                tags=["items"],
                parameters=[ID],
                responses={200: NONE, **error_responses(404, 500)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


class ItemImageDescription(OpenApiViewExtension):
    target_class = "items.views.ItemImageView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            post=extend_schema(
                operation_id="uploadItemImage",
                summary="Give an item its image",
                description="JPEG, PNG or WebP by name and content, at most 5 MiB.",
                tags=["items"],
                parameters=[ID],
                request={"multipart/form-data": IMAGE_FORM},
                responses={201: ONE, **error_responses(400, 404, 413, 415, 500, 507)},
            ),
            delete=extend_schema(
                operation_id="deleteItemImage",
                summary="Move an item's image into the trash",
                tags=["items"],
                parameters=[ID],
                responses={200: ONE, **error_responses(404, 500)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


class AuditDescription(OpenApiViewExtension):
    target_class = "items.views.AuditView"

    def view_replacement(self) -> Any:
        return extend_schema_view(
            get=extend_schema(
                operation_id="listAudit",
                summary="Who did what to which file, newest first",
                tags=["audit"],
                parameters=[AuditQuerySerializer],
                responses={200: AUDIT, **error_responses(400)},
            )
        )(self.target)
