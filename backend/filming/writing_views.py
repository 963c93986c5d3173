"""Endpoints for editing the timeline: split, merge, duplicate, bulk changes, lengths and segment settings."""

from __future__ import annotations

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.viewers import actor
from api.permissions import OwnProject, OwnSegment
from api.request_bodies import body_object, id_in_path
from api.serializers import segment_etag, segment_shape
from filming import bulk_changes, duplicating, merging, segment_settings, splitting, times


class SplitView(APIView):
    """Split a segment in two."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id, if_match = id_in_path(pk, what="segment"), request.headers.get("If-Match")
        halves = splitting.split_segment(segment_id, body_object(request), by=actor(request), if_match=if_match)
        return Response({"segments": [segment_shape(row) for row in halves]})


class MergeView(APIView):
    """Merge a segment into the one before it."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id, if_match = id_in_path(pk, what="segment"), request.headers.get("If-Match")
        row, entry = merging.merge_segment(segment_id, body_object(request), by=actor(request), if_match=if_match)
        return Response({"segment": segment_shape(row), "trash": entry})


class DuplicateSegmentView(APIView):
    """Copy a segment to the position after it."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        answer = segment_shape(duplicating.duplicate_segment(id_in_path(pk, what="segment"), by=actor(request)))
        return Response(answer, status=status.HTTP_201_CREATED, headers={"ETag": segment_etag(answer)})


class ProjectSegmentsView(APIView):
    """The settings that a project's segments override, and bulk changes to its segments."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.segments_with_overrides(id_in_path(pk, what="project")))

    def patch(self, request: Request, pk: str) -> Response:
        changed = bulk_changes.change_segments(id_in_path(pk, what="project"), body_object(request))
        segments = [segment_shape(row) for row in changed.segments]
        return Response({"segments": segments, "skipped": changed.skipped, "undo": changed.undo})


class TimesView(APIView):
    """Return the length of each segment's narration."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(times.times_payload(id_in_path(pk, what="project")))


class SegmentSettingsView(APIView):
    """The settings of a segment: the ``values`` in effect, and its ``own`` overrides."""

    permission_classes = [OwnSegment]

    def get(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.settings_payload(id_in_path(pk, what="segment")))

    def patch(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.change_settings(id_in_path(pk, what="segment"), body_object(request)))
