"""Endpoints for writing in the timeline: split, merge, duplicate, change many, and what one segment has of its own."""

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
    """One segment becomes two."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id, if_match = id_in_path(pk, what="segment"), request.headers.get("If-Match")
        halves = splitting.split_segment(segment_id, body_object(request), by=actor(request), if_match=if_match)
        return Response({"segments": [segment_shape(row) for row in halves]})


class MergeView(APIView):
    """A segment becomes part of the one before it."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id, if_match = id_in_path(pk, what="segment"), request.headers.get("If-Match")
        row, entry = merging.merge_segment(segment_id, body_object(request), by=actor(request), if_match=if_match)
        return Response({"segment": segment_shape(row), "trash": entry})


class DuplicateSegmentView(APIView):
    """A second segment like this one, behind it."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        answer = segment_shape(duplicating.duplicate_segment(id_in_path(pk, what="segment"), by=actor(request)))
        return Response(answer, status=status.HTTP_201_CREATED, headers={"ETag": segment_etag(answer)})


class ProjectSegmentsView(APIView):
    """What the segments of a project have of their own, and many of them changed in one step."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.segments_with_overrides(id_in_path(pk, what="project")))

    def patch(self, request: Request, pk: str) -> Response:
        changed = bulk_changes.change_segments(id_in_path(pk, what="project"), body_object(request))
        segments = [segment_shape(row) for row in changed.segments]
        return Response({"segments": segments, "skipped": changed.skipped, "undo": changed.undo})


class TimesView(APIView):
    """How long each segment of a project is said."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(times.times_payload(id_in_path(pk, what="project")))


class SegmentSettingsView(APIView):
    """The voice of one segment and the silence after it: ``values``, and which of them are its ``own``."""

    permission_classes = [OwnSegment]

    def get(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.settings_payload(id_in_path(pk, what="segment")))

    def patch(self, request: Request, pk: str) -> Response:
        return Response(segment_settings.change_settings(id_in_path(pk, what="segment"), body_object(request)))
