"""The request and response shapes of this API.

Responses are built from plain rows, not from model instances: a list of 10,000 segments takes a tenth of the time. The
response serializers exist for the OpenAPI description only.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.http import QueryDict
from django.utils.encoding import filepath_to_uri
from rest_framework import serializers

from api.models import Project, Segment


def media_url(name: str | None) -> str | None:
    """Return the URL path of a file, percent-encoded.

    ``projects/1/images/1_a.jpg`` → ``/media/projects/1/images/1_a.jpg``.
    """
    return settings.MEDIA_URL + filepath_to_uri(name) if name else None


def iso_time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    """A segment as every answer shows it."""

    image_file = serializers.CharField(
        read_only=True, allow_null=True, help_text="URL path of the picture, beginning with /media/, or null."
    )
    audio_file = serializers.CharField(
        read_only=True, allow_null=True, help_text="URL path of the narration, beginning with /media/, or null."
    )

    class Meta:
        model = Segment
        fields = (
            "id",
            "project",
            "sequence_index",
            "text_content",
            "image_prompt",
            "image_file",
            "audio_file",
            "audio_duration",
            "is_locked",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields


def segment_shape(row: dict[str, Any]) -> dict[str, Any]:
    """Return a segment row in its response shape. Called once for each row of a list, up to 10,000 times."""
    image, audio = row["image_file"], row["audio_file"]
    if image is None and audio is None:
        return row
    return {**row, "image_file": media_url(image), "audio_file": media_url(audio)}


class ProjectVideoSerializer(serializers.Serializer[Any]):
    """The newest video of a project that is no draft."""

    render = serializers.IntegerField()
    is_current = serializers.BooleanField(allow_null=True, help_text="Null where it is not known: made long ago.")
    differs = serializers.ListField(child=serializers.CharField(), help_text="What is not in it as it is now.")
    duration_s = serializers.FloatField()


class ProjectSerializer(serializers.ModelSerializer[Any]):
    """A project in a list."""

    segment_count = serializers.IntegerField(read_only=True)
    picture_count = serializers.IntegerField(read_only=True, help_text="Segments that have a picture.")
    narration_s = serializers.FloatField(read_only=True, help_text="How long all narrations are together.")
    cover = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="The first segment that has a picture, or null."
    )
    video = ProjectVideoSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Project
        fields = (
            "id",
            "title",
            "status",
            "created_at",
            "updated_at",
            "segment_count",
            "picture_count",
            "narration_s",
            "cover",
            "video",
        )
        read_only_fields = fields

    def to_representation(self, row: Any) -> dict[str, Any]:
        return project_shape(row)


def project_shape(row: dict[str, Any]) -> dict[str, Any]:
    """Return a project row in its response shape."""
    return {"video": None, **row, "created_at": iso_time(row["created_at"]), "updated_at": iso_time(row["updated_at"])}


class ProjectDetailSerializer(ProjectSerializer):
    """A project with its segments in order."""

    segments = SegmentSerializer(many=True, read_only=True)

    class Meta(ProjectSerializer.Meta):
        fields = (*ProjectSerializer.Meta.fields, "segments")  # type: ignore[assignment]
        read_only_fields = fields  # type: ignore[assignment]


class StrictCharField(serializers.CharField):
    """A text field that refuses numbers, which DRF's own field converts to text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBooleanField(serializers.BooleanField):
    """A boolean field that accepts only true and false in JSON. A form has only text, so it accepts DRF's spellings."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool) and not isinstance(self.root.initial_data, QueryDict):
            self.fail("invalid", input=data)
        return bool(super().to_internal_value(data))


class ProjectTitleSerializer(serializers.Serializer[Any]):
    """What creating or renaming a project takes."""

    title = StrictCharField(max_length=200)


class SegmentUpdateSerializer(serializers.Serializer[Any]):
    """What PATCH may change; every other field of the body is ignored."""

    text_content = StrictCharField(required=False)
    image_prompt = StrictCharField(required=False, allow_blank=True)
    is_locked = StrictBooleanField(required=False)


def segment_etag(payload: dict[str, Any]) -> str:
    """Return a strong ETag of a segment's response. Two ETags are equal if and only if all fields are equal."""
    return f'"{hashlib.blake2b(orjson.dumps(payload), digest_size=12).hexdigest()}"'
