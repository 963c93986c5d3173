"""The views of the story API as the requirement outlines them: ``os.remove``, then ``save``."""

import os
import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.shortcuts import get_object_or_404
from PIL import Image
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action, api_view
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from benchmarks.reference.models import Project, Segment
from benchmarks.reference.parsing import parse_story
from benchmarks.reference.serializers import (
    ImportSerializer,
    ProjectDetailSerializer,
    ProjectSerializer,
    SegmentSerializer,
)

EXTENSIONS = {".jpg", ".jpeg", ".png", ".webp"}
MAX_BYTES = 20 * 1024 * 1024


class ProjectViewSet(
    mixins.ListModelMixin,
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.DestroyModelMixin,
    viewsets.GenericViewSet,
):
    queryset = Project.objects.all()

    def get_serializer_class(self):
        return ProjectDetailSerializer if self.action == "retrieve" else ProjectSerializer

    def perform_destroy(self, instance):
        media_path = Path(settings.MEDIA_ROOT, "projects", str(instance.id))
        if media_path.is_dir():
            shutil.rmtree(media_path, ignore_errors=True)
        instance.delete()


class SegmentViewSet(viewsets.ModelViewSet):
    queryset = Segment.objects.all()
    serializer_class = SegmentSerializer
    http_method_names = ["get", "post", "patch", "delete", "head", "options"]

    def get_queryset(self):
        if self.action != "list":
            return Segment.objects.all()
        project_id = self.request.query_params.get("project")
        return Segment.objects.filter(project_id=project_id) if project_id else Segment.objects.none()

    def create(self, request, *args, **kwargs):
        return Response(status=status.HTTP_405_METHOD_NOT_ALLOWED)

    def perform_update(self, serializer):
        if serializer.instance.is_locked and set(serializer.validated_data) - {"is_locked"}:
            raise ValidationError({"error": "Cannot edit a locked segment. Unlock it first."})
        serializer.save()

    def perform_destroy(self, instance):
        for file in (instance.image_file, instance.audio_file):
            if file and Path(file.path).is_file():
                os.remove(file.path)
        instance.delete()

    @action(detail=True, methods=["post"], url_path="upload-image")
    def upload_image(self, request, pk=None):
        segment = self.get_object()
        if segment.is_locked:
            return Response({"error": "Cannot modify a locked segment."}, status=400)
        file = request.FILES.get("image")
        if file is None:
            return Response({"error": "No image provided"}, status=400)
        validate_image_upload(file)
        if segment.image_file and Path(segment.image_file.path).is_file():
            os.remove(segment.image_file.path)
        name = f"projects/{segment.project_id}/images/{segment.id}_{file.name}"
        segment.image_file.name = default_storage.save(name, file)
        segment.save()
        return Response(
            {"id": segment.id, "image_file": segment.image_file.url, "message": "Image uploaded successfully"}
        )

    @action(detail=True, methods=["delete"], url_path="remove-image")
    def remove_image(self, request, pk=None):
        segment = self.get_object()
        if segment.is_locked:
            return Response({"error": "Cannot modify a locked segment."}, status=400)
        if not segment.image_file:
            return Response({"error": "No image to remove"}, status=400)
        try:
            os.remove(segment.image_file.path)
        except FileNotFoundError:
            pass
        segment.image_file = None
        segment.save()
        return Response({"id": segment.id, "image_file": None, "message": "Image removed successfully"})


def validate_image_upload(file):
    if Path(file.name).suffix.lower() not in EXTENSIONS or file.size > MAX_BYTES:
        raise ValidationError({"error": "Invalid image file"})
    try:
        Image.open(file).verify()
    except Exception as exc:
        raise ValidationError({"error": "Invalid image file", "details": str(exc)}) from exc
    file.seek(0)


@api_view(["POST"])
def import_project(request):
    data = dict(request.data)
    if data.get("format") == "text":
        data["segments"] = parse_story(data.get("raw_text", ""))
    form = ImportSerializer(data=data)
    if not form.is_valid():
        return Response({"error": "Validation failed", "details": form.errors}, status=400)
    with transaction.atomic():
        project = Project.objects.create(title=form.validated_data["title"])
        Segment.objects.bulk_create(
            Segment(project=project, sequence_index=index, **segment)
            for index, segment in enumerate(form.validated_data["segments"])
        )
    return Response(ProjectDetailSerializer(project).data, status=status.HTTP_201_CREATED)


@api_view(["POST"])
def reorder_segments(request):
    project = get_object_or_404(Project, pk=request.data.get("project_id"))
    order = request.data.get("segment_order")
    segments = {segment.id: segment for segment in project.segments.all()}
    if not isinstance(order, list) or sorted(order) != sorted(segments):
        return Response({"error": "Invalid segment IDs", "details": "Name each segment once."}, status=400)
    with transaction.atomic():
        for index, segment_id in enumerate(order):
            segments[segment_id].sequence_index = index
        Segment.objects.bulk_update(segments.values(), ["sequence_index"])
    new_order = [{"id": segment_id, "sequence_index": index} for index, segment_id in enumerate(order)]
    return Response({"message": "Segments reordered successfully", "segments": new_order})
