"""The OpenAPI description of the list of all pictures. Importing this module registers it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers

from api.services.library import DEFAULT_COUNT, MAX_PICTURES, MAX_SEARCH_CHARACTERS
from storyflow.openapi import PROJECT_FILTER, errors, integer, shape

PICTURES = shape(
    "Pictures",
    count=integer(help_text="How many there are in all."),
    pictures=inline_serializer(
        "LibraryPicture",
        {
            "segment": integer(),
            "project": integer(),
            "title": serializers.CharField(help_text="Of its story."),
            "sequence_index": integer(),
            "image_prompt": serializers.CharField(),
            "updated_at": serializers.DateTimeField(),
        },
        many=True,
    ),
)
FIND = OpenApiParameter(
    "find",
    OpenApiTypes.STR,
    description=f"Part of prompt, text or title; {MAX_SEARCH_CHARACTERS} characters of it count.",
)
FIRST = OpenApiParameter("first", {"type": "integer", "minimum": 0, "default": 0}, description="Counted from 0.")
COUNT = OpenApiParameter("count", {"type": "integer", "minimum": 0, "maximum": MAX_PICTURES, "default": DEFAULT_COUNT})


class PicturesView(OpenApiViewExtension):
    target_class = "api.views.PicturesView"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            get=extend_schema(
                summary="The pictures of all your stories, the newest changes first",
                parameters=[PROJECT_FILTER, FIND, FIRST, COUNT],
                responses={200: PICTURES, **errors(400)},
            )
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described
