"""The requirement's serializers; fields that PATCH may not write are read-only."""

from rest_framework import serializers

from benchmarks.reference.models import Item, Project, Segment


class SegmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Segment
        fields = "__all__"
        read_only_fields = [
            "id",
            "project",
            "sequence_index",
            "image_file",
            "audio_file",
            "audio_duration",
            "created_at",
            "updated_at",
        ]


class ProjectSerializer(serializers.ModelSerializer):
    segment_count = serializers.IntegerField(source="segments.count", read_only=True)

    class Meta:
        model = Project
        fields = ["id", "title", "status", "created_at", "updated_at", "segment_count"]
        read_only_fields = ["status"]


class ProjectDetailSerializer(ProjectSerializer):
    segments = SegmentSerializer(many=True, read_only=True)

    class Meta(ProjectSerializer.Meta):
        fields = [*ProjectSerializer.Meta.fields, "segments"]


class ImportedSegmentSerializer(serializers.Serializer):
    text_content = serializers.CharField()
    image_prompt = serializers.CharField(required=False, allow_blank=True, default="")


class ImportSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    segments = ImportedSegmentSerializer(many=True, allow_empty=False)


class ItemSerializer(serializers.ModelSerializer):
    imageUrl = serializers.CharField(source="image_url", read_only=True)  # noqa: N815 - the contract's name
    createdAt = serializers.DateTimeField(source="created_at", read_only=True)  # noqa: N815
    updatedAt = serializers.DateTimeField(source="updated_at", read_only=True)  # noqa: N815

    class Meta:
        model = Item
        fields = ["id", "name", "description", "category", "status", "imageUrl", "createdAt", "updatedAt"]
