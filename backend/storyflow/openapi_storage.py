"""The OpenAPI description of the storage endpoint. Importing this module registers it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from api.services.storage import MAX_DAYS
from storyflow.openapi import errors, integer, json_body, shape

STORAGE_FIELDS = ("used", "files", "trash", "cache", "database", "free")
STORAGE = shape(
    "Storage",
    folder=serializers.CharField(),
    **{f"{name}_bytes": integer() for name in STORAGE_FIELDS},
    trash_count=integer(),
    trash_days=integer(help_text="How long what is thrown away now waits."),
    trash_days_default=integer(),
)
STORAGE_CHANGE = shape(
    "StorageChange",
    trash_days=integer(min_value=0, max_value=MAX_DAYS, allow_null=True, help_text="Null: the default."),
)


class StorageViews(OpenApiViewExtension):
    target_class = "api.views.StorageView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            get=extend_schema(summary="How much room everything takes", responses={200: STORAGE, **errors(404)}),
            patch=extend_schema(
                summary="Choose how long the trash keeps things",
                description="Fewer days hold for what is thrown away from now on, more days for what waits as well.",
                request=json_body(STORAGE_CHANGE),
                responses={200: STORAGE, **errors(400, 404, 415)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described
