"""Serializers of the items API: names in camelCase, times with milliseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.encoding import filepath_to_uri
from rest_framework import serializers

from items.models import Item
from media_store.audit import MAX_ROWS


class MillisecondField(serializers.DateTimeField):
    """ISO 8601 in UTC with three decimals and a ``Z``."""

    def to_representation(self, value: datetime) -> str:
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class StrictCharField(serializers.CharField):
    """A field that takes strings only; DRF's own field would convert a number to a string."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StatusField(serializers.ChoiceField):
    """A field for one of the item states; the message of DRF's own field would repeat the invalid value."""

    default_error_messages = {"invalid_choice": f"Must be one of {', '.join(Item.Status.values)}."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice")
        return super().to_internal_value(data)


class ItemSerializer(serializers.ModelSerializer[Item]):
    """An item in an answer, and what creating or changing one takes."""

    name = StrictCharField(max_length=200)
    description = StrictCharField(allow_null=True, allow_blank=True, required=False)
    category = StrictCharField(max_length=100)
    status = StatusField(choices=Item.Status.choices, required=False)
    imageUrl = serializers.SerializerMethodField()  # noqa: N815 - the contract's name
    createdAt = MillisecondField(source="created_at", read_only=True)  # noqa: N815
    updatedAt = MillisecondField(source="updated_at", read_only=True)  # noqa: N815

    class Meta:
        model = Item
        fields = ("id", "name", "description", "category", "status", "imageUrl", "createdAt", "updatedAt")
        read_only_fields = ("id",)

    def get_imageUrl(self, item: Item) -> str | None:  # noqa: N802
        return f"/uploads/{filepath_to_uri(item.image_file)}" if item.image_file else None


class AuditSerializer(serializers.Serializer[Any]):
    """One act on one file."""

    id = serializers.IntegerField()
    at = MillisecondField()
    act = serializers.CharField(help_text="upload, remove, trash, restore, purge, …")
    by = serializers.CharField(help_text="The address it came from, or cli, or what did it by itself.")
    kind = serializers.CharField(help_text="image, segment, project, item-image, item or file.")
    record = serializers.CharField(help_text="The id of what it was done to.")
    fileName = serializers.CharField(source="file_name", help_text="As the person's file was called.")  # noqa: N815
    place = serializers.CharField(help_text="Its path below the data folder.")
    sizeBytes = serializers.IntegerField(source="size_bytes", allow_null=True)  # noqa: N815
    sha256 = serializers.CharField()
    note = serializers.CharField()


class AuditQuerySerializer(serializers.Serializer[Any]):
    """What may be asked of the audit."""

    limit = serializers.IntegerField(default=100, min_value=1, max_value=MAX_ROWS)
    before = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="The last id seen.")
    record = serializers.CharField(required=False, max_length=64, help_text="Only of the thing with this id.")
