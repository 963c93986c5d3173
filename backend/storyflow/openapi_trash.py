"""The OpenAPI description of the trash. Importing this module registers it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from storyflow.openapi import ID, PROJECT_FILTER, UNCHANGED, VERSION, WIDTH, errors, integer, json_body, shape

TRASH_ENTRY = inline_serializer(
    "TrashEntry",
    {
        "id": integer(),
        "what": serializers.ChoiceField(
            ["image", "segment", "project", "recording", "video", "item", "item-image", "file"]
        ),
        "title": serializers.CharField(help_text="What a person knows it by."),
        "why": serializers.CharField(),
        "project": integer(allow_null=True),
        "segment": integer(allow_null=True),
        "item": serializers.CharField(allow_null=True),
        "has_picture": serializers.BooleanField(help_text="Whether there is a thumbnail of it."),
        "size_bytes": integer(),
        "deleted_at": serializers.DateTimeField(),
        "expires_at": serializers.DateTimeField(),
    },
)
RESTORED = shape(
    "Restored",
    id=integer(),
    what=serializers.CharField(),
    project=integer(allow_null=True),
    segment=integer(allow_null=True),
    item=serializers.CharField(allow_null=True),
    message=serializers.CharField(),
)
RESTORE = shape("RestoreTo", segment=integer(required=False, allow_null=True, help_text="Another segment."))


class TrashViews(OpenApiViewExtension):
    target_class = "api.views.TrashViewSet"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            list=extend_schema(
                summary="What can be brought back, newest first",
                parameters=[PROJECT_FILTER],
                responses={200: TRASH_ENTRY.__class__(many=True), **errors(400)},
            ),
            destroy=extend_schema(summary="Delete for good", parameters=[ID], responses={204: None, **errors(404)}),
            thumbnail=extend_schema(
                summary="Its picture made small; of a project that of its first segment",
                parameters=[ID, WIDTH, VERSION],
                responses={(200, "image/webp"): OpenApiTypes.BINARY, **UNCHANGED, **errors(400, 404)},
            ),
            restore=extend_schema(
                summary="Bring it back to its place, or a picture to another segment",
                parameters=[ID],
                request=json_body(RESTORE),
                responses={200: RESTORED, **errors(400, 404, 409, 415, 500, 507)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described
