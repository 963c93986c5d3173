"""The OpenAPI description of splitting, merging, duplicating and changing segments. Importing this registers it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from api.serializers import SegmentSerializer
from filming.bulk_changes import CHANGED, LOCKED
from rendering.film import FITS, MAX_PAUSE_S, MIN_PAUSE_S, MOTIONS
from storyflow.openapi import ID, IF_MATCH, errors, integer, json_body, shape
from storyflow.openapi_film_shapes import number, switch, text
from storyflow.openapi_filming import describe

SPLIT = shape("Split", at=integer(min_value=1, help_text="Characters (code points) that the first half keeps."))
HALVES = shape("Halves", segments=SegmentSerializer(many=True))
MERGE = shape("Merge", text_content=text(required=False, help_text="The joined text; without it both, joined."))
MERGED = shape(
    "Merged",
    segment=SegmentSerializer(),
    trash=integer(help_text="The entry of the trash; restoring it takes the merge back."),
)


def _pause(**options: Any) -> serializers.FloatField:
    return number(min_value=MIN_PAUSE_S, max_value=MAX_PAUSE_S, **options)


_OPTIONAL: dict[str, Any] = {"required": False, "allow_null": True}
SEGMENT_SETTINGS = shape(
    "SegmentSettings",
    values=inline_serializer(
        "SegmentValues", {"voice": text(), "pause_s": _pause(help_text="Silence after the segment, in seconds.")}
    ),
    own=serializers.DictField(help_text="Those chosen for this segment."),
)
SEGMENT_SETTINGS_CHANGE = shape("SegmentSettingsChange", voice=text(**_OPTIONAL), pause_s=_pause(**_OPTIONAL))
CHOICES_FIELDS: dict[str, Any] = {
    "id": integer(),
    "motion": serializers.ChoiceField(MOTIONS, allow_null=True),
    "fit": serializers.ChoiceField(FITS, allow_null=True),
    "voice": text(allow_null=True),
    "pause_s": _pause(allow_null=True),
}
CHANGED_FIELDS: dict[str, Any] = {
    "text_content": text(required=False),
    "image_prompt": text(required=False, allow_blank=True),
    "motion": serializers.ChoiceField(MOTIONS, **_OPTIONAL),
    "fit": serializers.ChoiceField(FITS, **_OPTIONAL),
    "voice": text(**_OPTIONAL),
    "pause_s": _pause(**_OPTIONAL),
}
SEGMENT_CHANGES = shape(
    "SegmentChanges",
    changes=inline_serializer(
        "SegmentChange",
        {
            "id": integer(),
            **CHANGED_FIELDS,
            "if": inline_serializer(
                "SegmentCondition",
                CHANGED_FIELDS,
                required=False,
                help_text="What it must be now, or it is skipped.",
            ),
        },
        many=True,
    ),
)
SEGMENTS_CHANGED = shape(
    "SegmentsChanged",
    segments=SegmentSerializer(many=True),
    skipped=inline_serializer(
        "SkippedSegment", {"id": integer(), "reason": serializers.ChoiceField([LOCKED, CHANGED])}, many=True
    ),
    undo=serializers.ListField(
        child=serializers.DictField(),
        help_text="As `changes` of another request these take it back, where nothing was changed since.",
    ),
)

TIMES = shape(
    "Times",
    about=switch(help_text="Whether anything of it is an estimate."),
    duration_s=number(help_text="Of the film."),
    estimate_s=number(help_text="About how long making the film takes, in seconds."),
    segments=inline_serializer(
        "SegmentTime",
        {"id": integer(), "seconds": number(help_text="Of speech; 0 where nothing is said."), "about": switch()},
        many=True,
    ),
)

OPERATIONS: dict[str, dict[str, Any]] = {
    "SplitView": {
        "post": {
            "summary": "Make two segments of one",
            "description": "The second, behind the first, has the rest of the text, the same voice, and no picture.",
            "parameters": [ID, IF_MATCH],
            "request": json_body(SPLIT),
            "responses": {200: HALVES, **errors(400, 404, 412, 415, 500, 507)},
        }
    },
    "MergeView": {
        "post": {
            "summary": "Merge a segment into the one before it",
            "description": "A picture that the one before lacks moves to it; the rest goes into the trash.",
            "parameters": [ID, IF_MATCH],
            "request": json_body(MERGE),
            "responses": {200: MERGED, **errors(400, 404, 412, 415, 500, 507)},
        }
    },
    "DuplicateSegmentView": {
        "post": {
            "summary": "Copy a segment with its picture and narration to the place behind it",
            "request": None,
            "responses": {201: SegmentSerializer, **errors(404, 500, 507)},
        }
    },
    "ProjectSegmentsView": {
        "get": {
            "summary": "The segments that have a choice of their own, in order",
            "operation_id": "projects_segments_list",
            "responses": {200: inline_serializer("SegmentChoices", CHOICES_FIELDS, many=True), **errors(404)},
        },
        "patch": {
            "summary": "Change many segments in one step; null takes a choice back",
            "description": "Locked ones, and those that are not as their `if` says, are skipped and named.",
            "request": json_body(SEGMENT_CHANGES),
            "responses": {200: SEGMENTS_CHANGED, **errors(400, 404, 415)},
        },
    },
    "TimesView": {
        "get": {"summary": "How long the film and each segment are", "responses": {200: TIMES, **errors(404)}},
    },
    "SegmentSettingsView": {
        "get": {"summary": "A segment's own voice and pause", "responses": {200: SEGMENT_SETTINGS, **errors(404)}},
        "patch": {
            "summary": "Change a segment's voice or pause; null takes a choice back",
            "request": json_body(SEGMENT_SETTINGS_CHANGE),
            "responses": {200: SEGMENT_SETTINGS, **errors(400, 404, 415)},
        },
    },
}

for _view, _methods in OPERATIONS.items():
    describe("filming.writing_views", _view, _methods)
