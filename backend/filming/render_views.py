"""Endpoints of rendering and of finished videos; each reads the request, calls one service and responds."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.viewers import actor
from api.permissions import OwnProject, OwnSegment
from api.request_bodies import body_object, boolean_in_body, id_in_path
from api.views import thumbnail_response, width_in_query
from core.errors import InvalidInput
from filming import card_pictures, manifests, posters, progress, publishing, renders
from preferences import setting_values

RENDER_NAMES = ("sizes", "fill", "draft")


class CardView(APIView):
    """Return the title card of a segment without a picture."""

    permission_classes = [OwnSegment]

    def get(self, request: Request, pk: str) -> HttpResponseBase:
        segment_id, query = id_in_path(pk, what="segment"), request.query_params
        width = width_in_query(request, default=posters.WIDTH)
        made = card_pictures.open_card(segment_id, width, size=query.get("size"), look=query.get("look") or None)
        return thumbnail_response(request, *made, name=f"card-{segment_id}")


class RenderView(APIView):
    """Start a render in one or more sizes; with ``fill``, missing pictures and narrations are no error."""

    permission_classes = [OwnProject]

    def post(self, request: Request, pk: str) -> Response:
        project_id = id_in_path(pk, what="project")
        options = render_options(request)
        job, segments = renders.start_render(project_id, **options, by=actor(request))
        body = {
            "task_id": str(job.pk),
            "project_id": project_id,
            "status": "PROCESSING",
            "total_segments": segments,
            "sizes": job.payload["sizes"],
            "message": "Rendering started",
        }
        return Response(body, status=status.HTTP_202_ACCEPTED)


class ProjectStatusView(APIView):
    """Return the status of the project's latest render."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(progress.project_status(id_in_path(pk, what="project")))


class ReadinessView(APIView):
    """Return whether the project can be rendered, and what it lacks."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(progress.readiness(id_in_path(pk, what="project")))


class RenderListView(APIView):
    """List the project's videos, newest first."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(progress.render_list(id_in_path(pk, what="project")))


class RenderDetailView(APIView):
    """Move a video to the trash."""

    permission_classes = [OwnProject]

    def delete(self, request: Request, pk: str, render_id: str) -> Response:
        publishing.delete_render(id_in_path(pk, what="project"), id_in_path(render_id, what="video"), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RenderPosterView(APIView):
    """Return the first frame of a video as a picture."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str, render_id: str) -> HttpResponseBase:
        project_id, video_id = id_in_path(pk, what="project"), id_in_path(render_id, what="video")
        made = posters.open_poster(project_id, video_id, width_in_query(request, default=posters.WIDTH))
        return thumbnail_response(request, *made, name=f"video-{video_id}")


class ManifestView(APIView):
    """Return the manifest of one render job."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str, batch: str) -> Response:
        return Response(manifests.manifest(id_in_path(pk, what="project"), batch))


def render_options(request: Request) -> dict[str, Any]:
    """Read the options of a render from the body. Raises ``InvalidInput`` for unknown names and values."""
    body = body_object(request)
    if unknown := setting_values.unknown_name_errors(body, RENDER_NAMES):
        raise InvalidInput(details=unknown)
    return {
        "is_draft": boolean_in_body(
            body, "draft", default=request.query_params.get("draft", "0") not in ("", "0", "false")
        ),
        "fills_gaps": boolean_in_body(body, "fill", default=False),
        "sizes": body.get("sizes"),
    }
