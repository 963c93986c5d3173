"""Copy a project or a segment with its pictures, narrations and settings, in one transaction."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accounts.ownership import claim
from accounts.viewers import EVERYBODY, Viewer
from api.models import Project, Segment
from api.services.projects import project_group
from api.services.rows import (
    Row,
    free_position_after,
    project_with_segments,
    segment_row,
    segment_to_change,
    segments_in_order,
    touch_project,
)
from api.services.segment_images import picture_place
from filming.models import Narration
from filming.narrations import narration_place
from filming.segment_overrides import scope_of
from media_store.layout import current_layout
from media_store.operations import Operation
from media_store.safe_open import open_beneath
from media_store.uploads import upload_from_descriptor
from preferences.models import SettingValue

NO_LIMIT = 2**62
MAX_TITLE = 200
_ENDING = " (copy)"


@dataclass(frozen=True)
class _Copy:
    """A copied file that is staged at ``staged`` until its segment has an id."""

    segment_id: int
    column: str
    staged: str
    source: str
    duration_s: float | None


def duplicate_project(project_id: int, *, by: str, owner: Viewer = EVERYBODY) -> Row:
    """Copy a project; files that are missing from the disk are left out. Returns the copy with its segments.

    Raises ``NotFound``, ``DiskFull`` or ``StorageFailed``; nothing is created then.
    """
    original = project_with_segments(project_id)
    rows = list(segments_in_order(project_id))
    with Operation("duplicate", by=by) as operation:
        copies = [copy for row in rows for copy in _stage(operation, row)]
        with operation.transaction():
            title = original["title"][: MAX_TITLE - len(_ENDING)] + _ENDING
            project = Project.objects.create(title=title)
            claim(owner, "projects", project.pk)
            ids = {row["id"]: _segment(project, row).pk for row in rows}
            for copy in copies:
                _place(operation, project.pk, ids[copy.segment_id], copy)
            _copy_setting_values({project_group(project_id): project_group(project.pk)})
            _copy_setting_values({scope_of(old): scope_of(new) for old, new in ids.items()})
            operation.audit("project", str(project.pk), project_group(project.pk), note=f"of project {project_id}")
    return project_with_segments(project.pk)


def duplicate_segment(segment_id: int, *, by: str) -> Row:
    """Copy a segment, except for its lock, to the position after it. Returns the copy's row.

    Raises ``NotFound``, ``DiskFull`` or ``StorageFailed``; nothing is created then.
    """
    row = segment_row(segment_id)
    with Operation("duplicate", by=by) as operation:
        copies = _stage(operation, row)
        with operation.transaction():
            original = segment_to_change(segment_id)
            project = Project(pk=original["project"])
            copy = _segment(project, {**row, "sequence_index": free_position_after(original), "is_locked": False})
            for file in copies:
                _place(operation, project.pk, copy.pk, file)
            _copy_setting_values({scope_of(segment_id): scope_of(copy.pk)})
            touch_project(project.pk)
            operation.audit("segment", str(copy.pk), project_group(project.pk), note=f"of segment {segment_id}")
    return segment_row(copy.pk)


def _stage(operation: Operation, row: Row) -> list[_Copy]:
    copies = []
    for column in ("image_file", "audio_file"):
        name = row[column]
        descriptor = open_beneath(current_layout().areas["media"], name) if name else None
        if descriptor is None:
            continue
        try:
            upload = upload_from_descriptor(descriptor, name=name.rpartition("/")[2], limit_bytes=NO_LIMIT)
        finally:
            os.close(descriptor)
        staged = f"media/projects/0/copies/{row['id']}_{column}{Path(name).suffix}"
        operation.stage(upload, staged)
        copies.append(_Copy(row["id"], column, staged, name, row["audio_duration"]))
    return copies


def _segment(project: Project, row: Row) -> Segment:
    kept = ("sequence_index", "text_content", "image_prompt", "is_locked")
    return Segment.objects.create(project=project, **{column: row[column] for column in kept})


def _place(operation: Operation, project_id: int, segment_id: int, copy: _Copy) -> None:
    columns: dict[str, Any] = {}
    if copy.column == "image_file":
        place = picture_place(project_id, segment_id, re.sub(r"^\d+_", "", copy.source.rpartition("/")[2]))
    else:
        place = narration_place(project_id, segment_id)
        known = Narration.objects.filter(audio_file=copy.source).first()
        columns["audio_duration"] = copy.duration_s
    operation.rename_staged(copy.staged, place)
    name = operation.place_staged(place).removeprefix("media/")
    Segment.objects.filter(pk=segment_id).update(**{copy.column: name}, **columns)
    if copy.column == "audio_file" and known:
        known.pk, known.audio_file = None, name
        known.save(force_insert=True)


def _copy_setting_values(scopes: dict[str, str]) -> None:
    olds = list(scopes)
    for start in range(0, len(olds), 500):
        found = SettingValue.objects.filter(scope__in=olds[start : start + 500])
        SettingValue.objects.bulk_create(
            [SettingValue(scope=scopes[row.scope], name=row.name, value=row.value) for row in found]
        )
