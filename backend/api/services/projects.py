"""Creating, renaming, deleting and restoring projects."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.ownership import claim
from accounts.viewers import EVERYBODY, Viewer
from api.models import Project, Segment
from api.serializers import ProjectTitleSerializer
from api.services.row_snapshots import insert_snapshots, snapshot_of
from api.services.rows import Row, project_row
from core.errors import NotFound
from media_store.models import TrashEntry
from media_store.operations import Operation
from media_store.trash import TrashRecord


def project_group(project_id: int) -> str:
    """Return the media store's group of a project, ``projects/7``."""
    return f"projects/{project_id}"


def valid_title(body: Any) -> str:
    """Return the validated title of a request body. Raises DRF's ``ValidationError``."""
    form = ProjectTitleSerializer(data=body)
    form.is_valid(raise_exception=True)
    return str(form.validated_data["title"])


def create_project(body: Any, *, owner: Viewer = EVERYBODY) -> Row:
    title = valid_title(body)
    with transaction.atomic():
        project = Project.objects.create(title=title)
        claim(owner, "projects", project.pk)
    return project_row(project.pk)


def rename_project(project_id: int, body: Any) -> Row:
    """Change the title; returns the project. Raises ``NotFound``, or DRF's ``ValidationError`` for the title."""
    project_row(project_id)
    Project.objects.filter(pk=project_id).update(title=valid_title(body), updated_at=timezone.now())
    return project_row(project_id)


def delete_project(project_id: int, *, by: str) -> None:
    """Move the project, its segments and its folder to the trash. Raises ``NotFound``."""
    folder = f"media/projects/{project_id}"
    with Operation("delete project", by=by) as operation, operation.transaction():
        project = Project.objects.select_for_update().filter(pk=project_id).first()
        if project is None:
            raise NotFound("There is no such project.")
        segments = list(project.segments.order_by("sequence_index", "pk"))
        what = TrashRecord(
            kind="project",
            record=str(project_id),
            group=project_group(project_id),
            title=project.title,
            reason="project deleted",
            rows={"project": snapshot_of(project), "segments": [snapshot_of(segment) for segment in segments]},
        )
        operation.discard(what, _files_elsewhere(segments, folder), folder=folder)
        project.delete()


def _files_elsewhere(segments: list[Segment], folder: str) -> dict[str, str]:
    """Return the project's files outside its folder, by role. Old or hand-edited rows can name such files."""
    return {
        f"{segment.pk} {field}": f"media/{name}"
        for segment in segments
        for field in ("image_file", "audio_file")
        if (name := getattr(segment, field).name) and not f"media/{name}".startswith(folder + "/")
    }


def restore_project(operation: Operation, entry: TrashEntry) -> None:
    """Move the folder back and insert the rows again, inside ``operation``'s transaction."""
    insert_snapshots(Project, [entry.snapshot["project"]])
    insert_snapshots(Segment, entry.snapshot["segments"])
    for file in entry.files.all():
        if file.is_folder:
            operation.restore_folder(file)
        else:
            segment_id, field = file.role.split()
            place = operation.restore_file(file, file.place)
            Segment.objects.filter(pk=segment_id).update(**{field: place.removeprefix("media/")})
