"""The OpenAPI description of the story API. The API packages do not depend on it.

Importing this module registers the descriptions; `storyflow.urls` does so.
"""

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

from api.serializers import (
    ProjectDetailSerializer,
    ProjectSerializer,
    ProjectTitleSerializer,
    SegmentSerializer,
    SegmentUpdateSerializer,
)
from api.services.revising import KINDS
from media_store.thumbnails import MAX_WIDTH, MIN_WIDTH


def require_response_fields(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Mark every property of a response as required. Only requests may leave properties out."""
    for name, component in result.get("components", {}).get("schemas", {}).items():
        if component.get("type") == "object" and not name.endswith("Request") and name != "Error":
            component["required"] = sorted(component.get("properties", {}))
    return result


ERROR = inline_serializer(
    "Error",
    {
        "error": serializers.CharField(help_text="A sentence a person can act on."),
        "details": serializers.JSONField(required=False, help_text="What and why, where the sentence is not enough."),
    },
)
MESSAGES = {
    400: "The request cannot be used as it is.",
    404: "There is no such thing.",
    409: "The present state does not allow it.",
    412: "It was changed meanwhile; details is what is there now.",
    413: "The form holds more text than any form here has.",
    415: "The body is not of the type announced here.",
    500: "The disk refused; nothing was changed.",
    503: "Busy; nothing was changed. Retry-After, where there is one, says when to try again.",
    507: "The disk is full; nothing was changed.",
}
UNCHANGED = {304: OpenApiResponse(description="If-None-Match names what is still current.")}
ID = OpenApiParameter("id", OpenApiTypes.INT64, OpenApiParameter.PATH)
PROJECT_FILTER = OpenApiParameter("project", OpenApiTypes.INT64, description="Only those of this project.")
WIDTH = OpenApiParameter(
    "w",
    {"type": "integer", "minimum": MIN_WIDTH, "maximum": MAX_WIDTH, "default": 320},
    description="Width in pixels; a smaller picture is not enlarged.",
)
VERSION = OpenApiParameter("v", OpenApiTypes.STR, description="Any value: the answer may then be kept for ever.")
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag the change is based on."
)


def errors(*codes: int) -> dict[int, OpenApiResponse]:
    return {code: OpenApiResponse(ERROR, description=MESSAGES[code]) for code in codes}


def json_body(content: Any) -> dict[str, Any]:
    """Describe a body as JSON only, because a form has no numbers, lists or null."""
    return {"application/json": content}


def shape(name: str, **fields: Any) -> Any:
    return inline_serializer(name, fields)


def integer(**options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(**options)


PICTURE_SIZE = shape("PictureSize", width=integer(), height=integer())
PICTURE_UPLOADED = shape(
    "PictureUploaded", id=integer(), image_file=serializers.CharField(), message=serializers.CharField()
)
ITEM_TO_USE = shape("ItemToUse", item_id=serializers.CharField())
PICTURE_REMOVED = shape(
    "PictureRemoved",
    id=integer(),
    image_file=serializers.CharField(allow_null=True, help_text="Always null."),
    message=serializers.CharField(),
)
PICTURE_TO_USE = shape("PictureToUse", segment=integer(help_text="The segment whose picture is copied."))
SWAP = shape("Swap", segment=integer(help_text="The segment whose picture it gets, and that gets its own."))
SWAPPED = shape("Swapped", segments=SegmentSerializer(many=True), message=serializers.CharField())
SCRIPT_FIELDS: dict[str, serializers.Field[Any, Any, Any, Any]] = {
    "format": serializers.ChoiceField(["json", "text"]),
    "segments": serializers.ListField(
        child=inline_serializer(
            "ScriptSegment",
            {
                "text_content": serializers.CharField(),
                "image_prompt": serializers.CharField(required=False, allow_blank=True, allow_null=True),
            },
        ),
        required=False,
        help_text="With format json.",
    ),
    "raw_text": serializers.CharField(required=False, help_text="With format text."),
}
STORY = inline_serializer("Story", {"title": serializers.CharField(max_length=200), **SCRIPT_FIELDS})
SCRIPT = inline_serializer(
    "Script",
    {
        **SCRIPT_FIELDS,
        "after": serializers.IntegerField(
            required=False, allow_null=True, help_text="A segment's id, null for the start; without it the end."
        ),
    },
)
REVISION = inline_serializer(
    "Revision",
    {
        **SCRIPT_FIELDS,
        "dry_run": serializers.BooleanField(required=False, help_text="Only say what would be done; change nothing."),
    },
)
REVISED = shape(
    "Revised",
    rows=inline_serializer(
        "RevisedRow",
        {
            "kind": serializers.ChoiceField(KINDS),
            "segment": integer(allow_null=True, help_text="Null for a new one that is not made yet."),
            "row": integer(allow_null=True, help_text="Its place in the script, from 0; null where it is missing."),
        },
        many=True,
    ),
    counts=inline_serializer("RevisedCounts", {kind.replace("-", "_"): integer() for kind in KINDS}),
)
STORY_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of a dry run: the story as it was then.",
)
ORDER = shape("Order", project_id=integer(), segment_order=serializers.ListField(child=integer(), allow_empty=False))
ORDERED = shape(
    "Ordered",
    message=serializers.CharField(),
    segments=inline_serializer("SegmentPosition", {"id": integer(), "sequence_index": integer()}, many=True),
)
# The title is required, but drf-spectacular makes every field of a PATCH body optional.
TITLE = {"$ref": "#/components/schemas/ProjectTitleRequest"}
PICTURE_FILE = inline_serializer("PictureFile", {"image": serializers.FileField()})


class ProjectViews(OpenApiViewExtension):
    target_class = "api.views.ProjectViewSet"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            list=extend_schema(summary="All projects, newest first", responses=ProjectSerializer(many=True)),
            create=extend_schema(
                summary="Create an empty project",
                request=json_body(ProjectTitleSerializer),
                responses={201: ProjectSerializer, **errors(400, 415)},
            ),
            retrieve=extend_schema(
                summary="One project with its segments in order",
                parameters=[ID],
                responses={200: ProjectDetailSerializer, **errors(404)},
            ),
            partial_update=extend_schema(
                summary="Rename a project",
                parameters=[ID],
                request=json_body(TITLE),
                responses={200: ProjectSerializer, **errors(400, 404, 415)},
            ),
            destroy=extend_schema(
                summary="Move a project with all its files into the trash",
                parameters=[ID],
                responses={204: None, **errors(404, 500)},
            ),
            reimport=extend_schema(
                summary="Import a revised script: what is still in it keeps pictures and narration",
                description="A segment whose text is still there is kept wherever it moved; the likest neighbour of "
                "what is left is changed; what is missing goes into the trash. Locked segments stay as they are.",
                parameters=[ID, STORY_MATCH],
                request=json_body(REVISION),
                responses={200: REVISED, **errors(400, 404, 409, 412, 415, 500)},
            ),
            import_segments=extend_schema(
                summary="Add a script's segments to a project",
                parameters=[ID],
                request=json_body(SCRIPT),
                responses={201: SegmentSerializer(many=True), **errors(400, 404, 415)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


class SegmentViews(OpenApiViewExtension):
    target_class = "api.views.SegmentViewSet"

    def view_replacement(self) -> Any:
        @extend_schema_view(
            list=extend_schema(
                summary="The segments of a project in order; none without a project",
                parameters=[PROJECT_FILTER],
                responses={200: SegmentSerializer(many=True), **errors(400)},
            ),
            retrieve=extend_schema(
                summary="One segment, with its ETag",
                parameters=[ID],
                responses={200: SegmentSerializer, **UNCHANGED, **errors(404)},
            ),
            partial_update=extend_schema(
                summary="Change text, prompt or lock",
                parameters=[ID, IF_MATCH],
                request=json_body(SegmentUpdateSerializer(partial=True)),
                responses={200: SegmentSerializer, **errors(400, 404, 412, 415)},
            ),
            destroy=extend_schema(
                summary="Move a segment with its files into the trash",
                parameters=[ID],
                responses={204: None, **errors(404, 500)},
            ),
            upload_image=extend_schema(
                summary="Give a segment its picture",
                description="JPEG, PNG or WebP by content; at most 20 MiB, 50 megapixels and 16,384 pixels a side.",
                parameters=[ID],
                request={"multipart/form-data": PICTURE_FILE},
                responses={200: PICTURE_UPLOADED, **errors(400, 404, 413, 415, 500, 507)},
            ),
            use_item_image=extend_schema(
                summary="Copy an item's image to the segment",
                parameters=[ID],
                request=json_body(ITEM_TO_USE),
                responses={200: PICTURE_UPLOADED, **errors(400, 404, 415, 500, 507)},
            ),
            use_picture=extend_schema(
                summary="Copy another segment's picture, of any of your stories, to the segment",
                parameters=[ID],
                request=json_body(PICTURE_TO_USE),
                responses={200: PICTURE_UPLOADED, **errors(400, 404, 415, 500, 507)},
            ),
            remove_image=extend_schema(
                summary="Move a segment's picture into the trash",
                parameters=[ID],
                responses={200: PICTURE_REMOVED, **errors(400, 404, 500)},
            ),
            swap_image=extend_schema(
                summary="Exchange the pictures of two segments of a project",
                parameters=[ID],
                request=json_body(SWAP),
                responses={200: SWAPPED, **errors(400, 404, 415, 500, 507)},
            ),
            picture=extend_schema(
                summary="How large a segment's picture is, upright, in pixels",
                parameters=[ID],
                responses={200: PICTURE_SIZE, **errors(400, 404)},
            ),
            thumbnail=extend_schema(
                summary="The picture made small, upright, as WebP",
                parameters=[ID, WIDTH, VERSION],
                responses={(200, "image/webp"): OpenApiTypes.BINARY, **UNCHANGED, **errors(400, 404)},
            ),
        )
        class Described(self.target):  # type: ignore[name-defined,misc]
            pass

        return Described


class ImportView(OpenApiViewExtension):
    target_class = "api.views.import_project"

    def view_replacement(self) -> Any:
        return extend_schema(
            summary="Make a project of a script",
            request=json_body(STORY),
            responses={201: ProjectDetailSerializer, **errors(400, 415)},
        )(self.target)


class ExampleView(OpenApiViewExtension):
    target_class = "api.views.import_example"

    def view_replacement(self) -> Any:
        return extend_schema(
            summary="Make a project of the example story, with its pictures",
            request=None,
            responses={201: ProjectDetailSerializer, **errors(404)},
        )(self.target)


class ReorderView(OpenApiViewExtension):
    target_class = "api.views.reorder_segments"

    def view_replacement(self) -> Any:
        return extend_schema(
            summary="Put a project's segments into another order",
            request=json_body(ORDER),
            responses={200: ORDERED, **errors(400, 404, 415)},
        )(self.target)
