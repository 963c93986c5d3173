"""Store finished videos in their project, delete superfluous ones, and restore them from the trash."""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.models import Project
from api.services.projects import project_group
from core.errors import InvalidInput, NotFound
from filming.models import Render
from media_store.layout import current_layout
from media_store.models import TrashEntry
from media_store.operations import MAX_PLACE_LENGTH, Operation
from media_store.trash import TrashRecord
from media_store.uploads import StreamedUpload, upload_from_path
from rendering.film import Film
from rendering.renderer import Rendered

TRASH_KIND = "video"
# The newest video of each size that is no draft is kept too, so that one size does not displace another.
KEPT_VIDEOS = 5
NO_LIMIT = 2**62
_FILES = {"video": ".mp4", "srt": ".srt", "vtt": ".vtt"}


@dataclass(frozen=True)
class RenderedFilm:
    """A rendered film and the facts to store with it."""

    project_id: int
    film: Film
    rendered: Rendered
    size: str
    batch: str
    fingerprint: dict[str, Any]
    facts: dict[str, Any]
    took_s: float


def publish(made: RenderedFilm, *, by: str) -> int:
    """Store the video and its subtitles, all of them or none. Returns the id of the ``Render``.

    If the newest video of this size has the same bytes, no file is stored, and its row becomes part of this job. Raises
    ``NotFound`` if the project is gone, and the store's errors.
    """
    uploads = {
        column: upload_from_path(path, limit_bytes=NO_LIMIT)
        for column, suffix in _FILES.items()
        if (path := made.rendered.path.with_suffix(suffix)).exists()
    }
    if (same := _reuse_newest(made, uploads["video"].sha256)) is not None:
        return same
    base = f"media/projects/{made.project_id}/output/{_slug(made.film.title)}-{uuid.uuid4().hex[:6]}"
    places = {column: f"{base}{_FILES[column]}" for column in uploads}
    with Operation("render", by=by) as operation:
        for column, upload in uploads.items():
            operation.stage(upload, places[column])
        with operation.transaction():
            if not Project.objects.select_for_update().filter(pk=made.project_id).exists():
                raise NotFound("The project was deleted while it was rendered.")
            names = {column: operation.place_staged(place).removeprefix("media/") for column, place in places.items()}
            row = Render.objects.create(**_columns(made), **names, **_facts_of(uploads["video"]))
            _audit(operation, made.project_id, names["video"], uploads["video"])
            for old in _superfluous(made):
                _discard(operation, old, reason="newer videos exist", is_regenerable=True)
    return int(row.pk)


def _reuse_newest(made: RenderedFilm, sha256: str) -> int | None:
    alike = Render.objects.filter(project_id=made.project_id, is_draft=made.film.format.is_draft)
    of_size = alike.order_by("-pk").defer("fingerprint")
    newest = next((render for render in of_size if render.size == made.size), None)
    if newest is None or newest.sha256 != sha256 or not current_layout().live(f"media/{newest.video}").exists():
        return None
    renewed = {"batch": made.batch, "fingerprint": made.fingerprint, "facts": made.facts, "asked_size": made.size}
    return int(newest.pk) if Render.objects.filter(pk=newest.pk).update(**renewed) else None


def _columns(made: RenderedFilm) -> dict[str, Any]:
    fmt = made.film.format
    return {
        "project_id": made.project_id,
        "width": fmt.width,
        "height": fmt.height,
        "fps": fmt.fps,
        "frames": made.rendered.frames,
        "duration_s": made.rendered.duration_s,
        "is_draft": fmt.is_draft,
        "took_s": made.took_s,
        "drawn_frames": made.rendered.drawn_frames,
        "asked_size": made.size,
        "batch": made.batch,
        "fingerprint": made.fingerprint,
        "facts": made.facts,
    }


def _facts_of(upload: StreamedUpload) -> dict[str, Any]:
    return {"sha256": upload.sha256, "size_bytes": upload.size or 0}


def _superfluous(made: RenderedFilm) -> list[Render]:
    """Return the old videos to delete; never those of the current job, which has up to six."""
    kept_sizes: set[str] = set()
    superfluous = []
    for number, render in enumerate(Render.objects.filter(project_id=made.project_id).order_by("-pk")):
        is_newest_of_size = not render.is_draft and render.size not in kept_sizes
        if not render.is_draft:
            kept_sizes.add(render.size)
        if number >= KEPT_VIDEOS and not is_newest_of_size and render.batch != made.batch:
            superfluous.append(render)
    return superfluous


def _audit(operation: Operation, project_id: int, name: str, upload: StreamedUpload) -> None:
    operation.audit(
        TRASH_KIND,
        str(project_id),
        project_group(project_id),
        place=f"media/{name}",
        size_bytes=upload.size,
        sha256=upload.sha256,
    )


def delete_render(project_id: int, render_id: int, *, by: str) -> None:
    """Move a video to the trash. Raises ``NotFound`` or ``FileDeleteFailed``."""
    with Operation("delete video", by=by) as operation, operation.transaction():
        row = render_row(project_id, render_id)
        _discard(operation, row, reason="removed")


def render_row(project_id: int, render_id: int) -> Render:
    """Return the project's render with this id. Raises ``NotFound``."""
    row = Render.objects.filter(project_id=project_id, pk=render_id).first()
    if row is None:
        raise NotFound("There is no such video.")
    return row


def _discard(operation: Operation, row: Render, *, reason: str, is_regenerable: bool = False) -> None:
    columns = [field.attname for field in row._meta.concrete_fields if field.attname not in ("id", "created_at")]
    what = TrashRecord(
        kind=TRASH_KIND,
        record=str(row.pk),
        group=project_group(row.project_id),
        title=row.video.rpartition("/")[2],
        reason=reason,
        rows={"render": {column: getattr(row, column) for column in columns}},
        is_regenerable=is_regenerable,
    )
    operation.discard(what, {column: f"media/{name}" for column in _FILES if (name := getattr(row, column))})
    row.delete()


def restore_render(operation: Operation, entry: TrashEntry, target: Any) -> dict[str, Any]:
    """Restore a video from the trash to its own project.

    Registered as the store's restorer of videos. Raises ``InvalidInput`` for another target, and ``NotFound`` if the
    project is gone.
    """
    if target is not None:
        raise InvalidInput("A video can only be restored to its own project.")
    known = dict(entry.snapshot["render"])
    if not Project.objects.filter(pk=known["project_id"]).exists():
        raise NotFound("Its project is gone. Restore the project first.")
    for file in entry.files.all():
        known[file.role] = operation.restore_file(file, file.place).removeprefix("media/")
    Render.objects.create(**known)
    operation.audit(TRASH_KIND, str(known["project_id"]), entry.group)
    return {"project": known["project_id"], "message": "Video restored"}


def output_of(render: Render) -> Path:
    return current_layout().live(f"media/{render.video}")


def _slug(title: str) -> str:
    """Make a recognizable ASCII file name; short enough for the model's column with ids of any length."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MAX_PLACE_LENGTH - 76]
    return slug or "film"
