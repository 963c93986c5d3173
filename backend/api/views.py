"""The views of the story API. Each view reads the request, calls one service and returns a response."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.http import FileResponse, HttpResponseBase
from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from accounts import ownership
from accounts.permissions import IsAdministrator, SignedIn
from accounts.viewers import actor, viewer_of
from api.permissions import (
    PROJECTS,
    OwnEntry,
    OwnProject,
    OwnSegment,
    own_projects,
    require_access_to_project,
    require_access_to_segment,
)
from api.request_bodies import (
    MAX_ID,
    body_object,
    boolean_in_body,
    count_in_query,
    id_in_body,
    id_in_path,
    id_in_query,
    is_integer,
    whole_number,
)
from api.serializers import ProjectSerializer, segment_etag, segment_shape
from api.services import (
    example_story,
    library,
    picture_swap,
    projects,
    revising,
    rows,
    segment_images,
    segments,
    storage,
    story_import,
    story_trash,
    trash_pictures,
)
from api.services.videos import with_videos
from api.streaming import StreamedJSON, project_response, segments_json
from api.validators import validate_image_upload
from core.errors import InvalidInput
from media_store.purging import purge
from media_store.thumbnails import MAX_WIDTH, MIN_WIDTH

IMAGE_UPLOADED = "Image uploaded successfully"
IMAGES_SWAPPED = "Images swapped successfully"
IMAGE_REMOVED = "Image removed successfully"
REORDERED = "Segments reordered successfully"
FOREVER = "private, max-age=31536000, immutable"


class ProjectViewSet(ViewSet):
    """Projects: list, create, open, rename, delete."""

    permission_classes = [OwnProject]

    def list(self, request: Request) -> Response:
        found = own_projects(rows.projects_newest_first(), viewer_of(request))
        return Response(ProjectSerializer(with_videos(found), many=True).data)

    def create(self, request: Request) -> Response:
        project = projects.create_project(body_object(request), owner=viewer_of(request))
        return Response(ProjectSerializer(project).data, status=status.HTTP_201_CREATED)

    def retrieve(self, request: Request, pk: str) -> StreamedJSON:
        (project,) = with_videos([rows.project_with_segments(id_in_path(pk, what="project"))])
        return project_response(project)

    def partial_update(self, request: Request, pk: str) -> Response:
        (project,) = with_videos([projects.rename_project(id_in_path(pk, what="project"), body_object(request))])
        return Response(ProjectSerializer(project).data)

    def destroy(self, request: Request, pk: str) -> Response:
        projects.delete_project(id_in_path(pk, what="project"), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"], url_path="import-segments")
    def import_segments(self, request: Request, pk: str) -> StreamedJSON:
        created = story_import.import_segments(id_in_path(pk, what="project"), body_object(request))
        return StreamedJSON(segments_json(created), status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def reimport(self, request: Request, pk: str) -> Response:
        project_id, body = id_in_path(pk, what="project"), body_object(request)
        if boolean_in_body(body, "dry_run", default=False):
            done = revising.compare_script(project_id, body)
        else:
            if_match = request.headers.get("If-Match")
            done = revising.revise_project(project_id, body, by=actor(request), if_match=if_match)
        return Response(done.payload(), headers={"ETag": done.etag})


class SegmentViewSet(ViewSet):
    """Segments and their pictures. There is no create: segments come from an import only."""

    permission_classes = [OwnSegment]

    def list(self, request: Request) -> HttpResponseBase:
        project_id = id_in_query(request, "project")
        if project_id is None or not ownership.may_use(viewer_of(request), PROJECTS, project_id):
            return Response([])
        return StreamedJSON(segments_json(rows.segments_in_order(project_id)))

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        response = segment_response(rows.segment_row(id_in_path(pk, what="segment")))
        return not_modified(request, response["ETag"]) or response

    def partial_update(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        edited = segments.edit_segment(segment_id, body_object(request), if_match=request.headers.get("If-Match"))
        return segment_response(edited)

    def destroy(self, request: Request, pk: str) -> Response:
        segments.delete_segment(id_in_path(pk, what="segment"), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"], url_path="upload-image")
    def upload_image(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        segment_images.check_unlocked(segment_id)
        file = request.FILES.get("image")
        if file is None:
            raise InvalidInput("No image was sent.", details="Send the picture as the multipart field “image”.")
        segment = segment_images.upload_image(segment_id, validate_image_upload(file), by=actor(request))
        return picture_response(segment, IMAGE_UPLOADED)

    @action(detail=True, methods=["post"], url_path="use-item-image")
    def use_item_image(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        segment_images.check_unlocked(segment_id)
        item_id = body_object(request).get("item_id")
        if not isinstance(item_id, str):
            raise InvalidInput("item_id must be the id of an item.")
        segment = segment_images.use_item_image(segment_id, item_id, by=actor(request), borrower=viewer_of(request))
        return picture_response(segment, IMAGE_UPLOADED)

    @action(detail=True, methods=["post"], url_path="use-picture")
    def use_picture(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        segment_images.check_unlocked(segment_id)
        other_id = id_in_body(body_object(request), "segment")
        segment = segment_images.use_segment_image(segment_id, other_id, by=actor(request), borrower=viewer_of(request))
        return picture_response(segment, IMAGE_UPLOADED)

    @action(detail=True, methods=["delete"], url_path="remove-image")
    def remove_image(self, request: Request, pk: str) -> Response:
        segment = segment_images.remove_image(id_in_path(pk, what="segment"), by=actor(request))
        return picture_response(segment, IMAGE_REMOVED)

    @action(detail=True, methods=["post"], url_path="swap-image")
    def swap_image(self, request: Request, pk: str) -> Response:
        segment_id = id_in_path(pk, what="segment")
        segment_images.check_unlocked(segment_id)
        other_id = id_in_body(body_object(request), "segment")
        require_access_to_segment(viewer_of(request), other_id)
        swapped = picture_swap.swap_images(segment_id, other_id, by=actor(request))
        return Response({"segments": [segment_shape(row) for row in swapped], "message": IMAGES_SWAPPED})

    @action(detail=True, methods=["get"])
    def thumbnail(self, request: Request, pk: str) -> HttpResponseBase:
        segment_id = id_in_path(pk, what="segment")
        made = segment_images.open_thumbnail(segment_id, width_in_query(request))
        return thumbnail_response(request, *made, name=f"segment-{segment_id}")

    @action(detail=True, methods=["get"])
    def picture(self, request: Request, pk: str) -> Response:
        width, height = segment_images.picture_size(id_in_path(pk, what="segment"))
        return Response({"width": width, "height": height})


class TrashViewSet(ViewSet):
    """What was removed and can be brought back until it expires."""

    permission_classes = [OwnEntry]

    def list(self, request: Request) -> Response:
        return Response(story_trash.trash_entries(id_in_query(request, "project"), viewer=viewer_of(request)))

    def destroy(self, request: Request, pk: str) -> Response:
        purge(id_in_path(pk, what="entry in the trash"), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["get"])
    def thumbnail(self, request: Request, pk: str) -> HttpResponseBase:
        entry_id = id_in_path(pk, what="entry in the trash")
        made = trash_pictures.open_entry_thumbnail(entry_id, width_in_query(request))
        return thumbnail_response(request, *made, name=f"trash-{entry_id}")

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        entry_id = id_in_path(pk, what="entry in the trash")
        segment_id = body_object(request).get("segment")
        if segment_id is not None and not (is_integer(segment_id) and 0 < segment_id <= MAX_ID):
            raise InvalidInput("segment must be the id of a segment.")
        if segment_id is not None:
            require_access_to_segment(viewer_of(request), segment_id)
        return Response(story_trash.restore_entry(entry_id, by=actor(request), segment_id=segment_id))


class PicturesView(APIView):
    """The pictures of all stories."""

    permission_classes = [SignedIn]

    def get(self, request: Request) -> Response:
        first = count_in_query(request, "first", default=0, most=MAX_ID)
        count = count_in_query(request, "count", default=library.DEFAULT_COUNT, most=library.MAX_PICTURES)
        find = request.query_params.get("find", "").replace("\0", "").strip()[: library.MAX_SEARCH_CHARACTERS]
        found = library.pictures(
            viewer_of(request), find=find, project_id=id_in_query(request, "project"), first=first, count=count
        )
        return Response(found)


class StorageView(APIView):
    """How much room everything takes and how long the trash keeps things; only for administrators."""

    permission_classes = [IsAdministrator]

    def get(self, request: Request) -> Response:
        return Response(storage.storage_payload())

    def patch(self, request: Request) -> Response:
        return Response(storage.set_trash_days(body_object(request)))


@api_view(["POST"])
@permission_classes([SignedIn])
def import_project(request: Request) -> StreamedJSON:
    """Make a project of a whole script."""
    project = story_import.import_story(body_object(request), owner=viewer_of(request))
    return project_response(project, status=status.HTTP_201_CREATED)


@api_view(["POST"])
@permission_classes([SignedIn])
def import_example(request: Request) -> StreamedJSON:
    """Make a project of the example story, with its pictures."""
    project = example_story.import_example(by=actor(request), owner=viewer_of(request))
    return project_response(project, status=status.HTTP_201_CREATED)


@api_view(["POST"])
@permission_classes([SignedIn])
def reorder_segments(request: Request) -> Response:
    """Put a project's segments into another order."""
    body = body_object(request)
    project_id = id_in_body(body, "project_id")
    require_access_to_project(viewer_of(request), project_id)
    order = segments.reorder_segments(project_id, body.get("segment_order"))
    return Response({"message": REORDERED, "segments": order})


def segment_response(row: rows.Row) -> Response:
    payload = segment_shape(row)
    return Response(payload, headers={"ETag": segment_etag(payload)})


def not_modified(request: Request, etag: str) -> Response | None:
    """Return a 304 response if the client has this version already, else None."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    is_known = "*" in known or any(tag.removeprefix("W/") == etag for tag in known)
    return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag}) if is_known else None


def thumbnail_response(request: Request, file: BinaryIO, version: str, *, name: str) -> HttpResponseBase:
    return file_response(request, file, version, name=f"{name}.webp", content_type="image/webp")


def file_response(request: Request, file: BinaryIO, version: str, *, name: str, content_type: str) -> HttpResponseBase:
    """Return a generated file, or 304 if the client has this version. The file is closed in either case.

    With ``v`` in the query the response may be cached for ever. ``name`` is the file name, with its suffix, that a
    browser uses to save the file.
    """
    etag = f'"{version}"'
    response: HttpResponseBase | None = not_modified(request, etag)
    if response is None:
        response = FileResponse(file, filename=name, content_type=content_type)
    else:
        file.close()
    response["ETag"] = etag
    response["Cache-Control"] = FOREVER if "v" in request.query_params else "private, no-cache"
    return response


def picture_response(row: rows.Row, message: str) -> Response:
    segment = segment_shape(row)
    body: dict[str, Any] = {"id": segment["id"], "image_file": segment["image_file"], "message": message}
    return Response(body, headers={"ETag": segment_etag(segment)})


def width_in_query(request: Request, *, default: int = 320) -> int:
    """Return the width ``w`` of the query in pixels. Raises ``InvalidInput`` if it is out of range."""
    width = whole_number(request.query_params.get("w", str(default)))
    if width is None or not MIN_WIDTH <= width <= MAX_WIDTH:
        raise InvalidInput(f"w must be a whole number from {MIN_WIDTH} to {MAX_WIDTH}.")
    return width
