"""Endpoints of narration, bundles, tasks and settings; each reads the request, calls one service and responds."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import SignedIn
from accounts.viewers import actor, viewer_of
from api.permissions import OwnProject, OwnSegment
from api.request_bodies import MAX_ID, body_object, boolean_in_body, id_in_path, is_integer
from api.services.projects import project_group
from api.services.rows import project_row, segment_row
from api.streaming import StreamedJSON, project_response
from api.views import file_response, segment_response
from core.errors import InvalidInput
from filming import (
    bundle_export,
    bundle_import,
    duplicating,
    film_settings,
    framings,
    narrating,
    narrations,
    progress,
    segment_recordings,
)
from filming.permissions import OwnTask, ReadOnlyUnlessAdministrator
from filming.segment_voices import load_segment_voices
from filming.voice_samples import open_sample
from filming.voices import voice_rows
from jobs import queue
from media_store.generated_file import GeneratedFile
from media_store.serving import SizedFileResponse
from media_store.uploads import as_streamed
from preferences import setting_values

# The server's limit for one request, without the form around the file; the command line has no such limit.
MAX_SENT_BUNDLE_BYTES = 1024 * 1024 * 1024


class GenerateAudioView(APIView):
    """Narrate one segment."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        job = narrating.start_segment(segment_id, by=actor(request))
        body = {"task_id": str(job.pk), "segment_id": segment_id, "status": "PENDING", "message": "Narration started"}
        return Response(body, status=status.HTTP_202_ACCEPTED)


class GenerateAllAudioView(APIView):
    """Narrate all segments of a project that need it."""

    permission_classes = [OwnProject]

    def post(self, request: Request, pk: str) -> Response:
        project_id = id_in_path(pk, what="project")
        body = body_object(request)
        job, count = narrating.start_project(
            project_id,
            skip_locked=boolean_in_body(body, "skip_locked", default=True),
            is_forced=boolean_in_body(body, "force_regenerate", default=False),
            only=ids_in(body, "segments"),
            by=actor(request),
        )
        answer = {
            "task_id": str(job.pk),
            "project_id": project_id,
            "status": "PENDING",
            "total_segments": project_row(project_id)["segment_count"],
            "segments_to_process": count,
            "message": "Narration started",
        }
        return Response(answer, status=status.HTTP_202_ACCEPTED)


class AudioView(APIView):
    """Upload a recording as the narration, or remove the narration."""

    permission_classes = [OwnSegment]

    def post(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        request._request.upload_limit_bytes = segment_recordings.MAX_RECORDING_BYTES  # type: ignore[attr-defined]
        file = request.FILES.get("audio")
        if file is None:
            segment_row(segment_id)
            raise InvalidInput("No recording was sent.", details="Send it as the multipart field “audio”.")
        return segment_response(segment_recordings.upload_recording(segment_id, file, by=actor(request)))

    def delete(self, request: Request, pk: str) -> Response:
        return segment_response(narrations.remove_narration(id_in_path(pk, what="segment"), by=actor(request)))


class WordsView(APIView):
    """Return the word times of a segment's narration."""

    permission_classes = [OwnSegment]

    def get(self, request: Request, pk: str) -> Response:
        row = segment_row(id_in_path(pk, what="segment"))
        voice_settings = load_segment_voices(row["project"], [row["id"]]).of(row["id"])
        return Response(narrations.words_payload(row, voice_settings))


class FramingView(APIView):
    """The framing of a segment's picture."""

    permission_classes = [OwnSegment]

    def get(self, request: Request, pk: str) -> Response:
        return Response(framings.framing_payload(id_in_path(pk, what="segment")))

    def patch(self, request: Request, pk: str) -> Response:
        return Response(framings.frame_segment(id_in_path(pk, what="segment"), body_object(request)))


class DuplicateView(APIView):
    """Copy a project with its media and settings."""

    permission_classes = [OwnProject]

    def post(self, request: Request, pk: str) -> StreamedJSON:
        project_id = id_in_path(pk, what="project")
        project = duplicating.duplicate_project(project_id, by=actor(request), owner=viewer_of(request))
        return project_response(project, status=status.HTTP_201_CREATED)


class BundleView(APIView):
    """Export a project as a bundle."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> SizedFileResponse:
        name, bundle = bundle_export.export_project(id_in_path(pk, what="project"))
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return SizedFileResponse(GeneratedFile(bundle, bundle.length), content_type="application/zip", headers=headers)


class ImportBundleView(APIView):
    """Import a bundle as a project."""

    permission_classes = [SignedIn]

    def post(self, request: Request) -> Response:
        request._request.upload_limit_bytes = MAX_SENT_BUNDLE_BYTES  # type: ignore[attr-defined]
        file = request.FILES.get("bundle")
        if file is None:
            raise InvalidInput("No bundle was sent.", details="Send it as the multipart field “bundle”.")
        made = bundle_import.import_bundle(
            as_streamed(file, limit_bytes=MAX_SENT_BUNDLE_BYTES).content,
            by=actor(request),
            limit_bytes=MAX_SENT_BUNDLE_BYTES,
            owner=viewer_of(request),
        )
        answer = {"id": made.project_id, "title": made.title, "segments": made.segments, "left_out": made.left_out}
        return Response(answer, status=status.HTTP_201_CREATED)


class ProjectTasksView(APIView):
    """List the unfinished tasks of a project, of any user."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        return Response(progress.active_tasks(id_in_path(pk, what="project")))


class TaskStatusView(APIView):
    """Return the state of a task."""

    permission_classes = [OwnTask]

    def get(self, request: Request, task_id: str) -> Response:
        return Response(progress.task_payload(queue.get_job(task_id)))


class TaskCancelView(APIView):
    """Cancel a task."""

    permission_classes = [OwnTask]

    def post(self, request: Request, task_id: str) -> Response:
        return Response(progress.task_payload(queue.cancel(task_id)))


class SettingsView(APIView):
    """The global settings, in effect where a project does not override them."""

    permission_classes = [ReadOnlyUnlessAdministrator]

    def get(self, request: Request) -> Response:
        return Response(setting_values.effective_settings())

    def patch(self, request: Request) -> Response:
        return Response(changed_settings(body_object(request), setting_values.GLOBAL))


class ProjectSettingsView(APIView):
    """The settings of a project: the ``values`` in effect, and its ``own`` overrides."""

    permission_classes = [OwnProject]

    def get(self, request: Request, pk: str) -> Response:
        project_id = project_row(id_in_path(pk, what="project"))["id"]
        return Response(self._payload(project_id))

    def patch(self, request: Request, pk: str) -> Response:
        project_id = id_in_path(pk, what="project")
        with transaction.atomic():
            project_row(project_id)
            changed_settings(body_object(request), project_group(project_id))
        return Response(self._payload(project_id))

    def _payload(self, project_id: int) -> dict[str, Any]:
        scope = project_group(project_id)
        return {"values": setting_values.effective_settings(scope), "own": setting_values.overrides(scope)}


class VoicesView(APIView):
    """List the voices, the default first; ``missing`` says what an unavailable voice needs."""

    permission_classes = [SignedIn]

    def get(self, request: Request) -> Response:
        return Response(voice_rows())


class VoiceSampleView(APIView):
    """Return the sample of a voice; a remote voice is used only with ``?remote=1``."""

    permission_classes = [SignedIn]

    def get(self, request: Request, voice_id: str) -> HttpResponseBase:
        made = open_sample(voice_id, may_leave=request.query_params.get("remote") == "1")
        return file_response(request, *made, name=f"{voice_id}.flac", content_type="audio/flac")


def changed_settings(changes: Any, scope: str) -> dict[str, Any]:
    """Store ``changes`` in ``scope``. Returns the settings in effect.

    Raises ``InvalidInput`` with the reason for each setting.
    """
    setting_values.update_settings(changes, scope, check_all=film_settings.check_together)
    return setting_values.effective_settings(scope)


def ids_in(body: Any, name: str) -> list[int] | None:
    """Return the list of ids in the body, None without it. Raises ``InvalidInput`` for anything else."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(is_integer(it) and 0 < it <= MAX_ID for it in value):
        raise InvalidInput(f"{name} must be a list of segments' ids.")
    return value
