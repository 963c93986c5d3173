"""Import a bundle as a new project in one transaction; every file is checked like an upload."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any, cast

from accounts.ownership import claim
from accounts.viewers import EVERYBODY, Viewer
from api.models import Project, Segment
from api.services.projects import project_group
from api.services.segment_images import picture_place
from api.validators import validate_image_upload
from core.errors import InvalidInput, StoryFlowError
from filming import film_settings
from filming.bundle_archive import Archive
from filming.bundle_story import BundledSegment, BundledStory, read_bundled_story
from filming.bundles import MAX_STORY_BYTES, STORY, InvalidBundle
from filming.models import Narration
from filming.narrations import narration_place
from filming.segment_overrides import scope_of
from filming.segment_recordings import MAX_RECORDING_BYTES
from filming.sound_slots import sound_slot
from media_store.errors import InvalidPicture, UploadTooLarge
from media_store.operations import Operation
from media_store.uploads import (
    MAX_PICTURE_BYTES,
    StreamedUpload,
    upload_from_bytes,
    upload_from_pieces,
    without_private_metadata,
)
from narration.errors import InvalidRecording
from narration.sound_files import RECORDING_RATE, read_sound, recording_format, write_flac
from preferences import setting_values
from preferences.models import SettingValue


@dataclass(frozen=True)
class Imported:
    """An imported project; ``left_out`` has the reason for each setting that cannot be used here."""

    project_id: int
    title: str
    segments: int
    left_out: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Staged:
    """A part that is staged at ``staged`` until its segment has an id."""

    position: int
    column: str
    staged: str
    name: str
    duration_s: float | None = None


def import_bundle(
    file: IO[bytes], *, by: str, limit_bytes: int, owner: Viewer = EVERYBODY, title: str | None = None
) -> Imported:
    """Import the bundle as a project of ``owner``.

    Raises ``InvalidBundle``, the errors of ``read_story`` and the store's errors; nothing is created then.
    """
    archive = Archive(file, limit_bytes=limit_bytes)
    story = read_bundled_story(archive.read(STORY, limit_bytes=MAX_STORY_BYTES), title=title)
    with Operation("import bundle", by=by) as operation:
        staged = [
            part for position in range(len(story.segments)) for part in _stage(operation, archive, story, position)
        ]
        with operation.transaction():
            project = Project.objects.create(title=story.title)
            claim(owner, "projects", project.pk)
            ids = [_segment(project, position, segment) for position, segment in enumerate(story.segments)]
            for part in staged:
                _place(operation, project.pk, ids[part.position], part, story.segments[part.position])
            left_out = _keep_settings(project.pk, story.settings) | _left_out_of(story.segments)
            operation.audit("project", str(project.pk), project_group(project.pk), note="from a bundle")
    return Imported(project.pk, story.title, len(ids), left_out)


def _stage(operation: Operation, archive: Archive, story: BundledStory, position: int) -> Iterator[_Staged]:
    segment = story.segments[position]
    if segment.picture:
        with _errors_named(segment.picture), _upload(archive, segment.picture, MAX_PICTURE_BYTES) as upload:
            picture = without_private_metadata(validate_image_upload(upload))
            staged = f"media/projects/0/bundle/{position}_picture"
            operation.stage(picture, staged)
            name = re.sub(r"^\d+-", "", (picture.name or "").rpartition("/")[2])
            picture.close()
        yield _Staged(position, "image_file", staged, name)
    if segment.sound:
        with _errors_named(segment.sound.part), _upload(archive, segment.sound.part, MAX_RECORDING_BYTES) as upload:
            sound, duration_s = _as_flac(upload)
            staged = f"media/projects/0/bundle/{position}_sound"
            operation.stage(sound, staged)
            sound.close()
        yield _Staged(position, "audio_file", staged, segment.sound.part, duration_s)


@contextmanager
def _upload(archive: Archive, part: str, limit_bytes: int) -> Iterator[StreamedUpload]:
    with upload_from_pieces(archive.pieces(part), name=part, limit_bytes=limit_bytes) as upload:
        yield upload


@contextmanager
def _errors_named(part: str) -> Iterator[None]:
    """Name the part in the error of a refused file."""
    try:
        yield
    except (InvalidPicture, InvalidRecording, UploadTooLarge) as exc:
        raise InvalidBundle(details=f"{part[:100]}: {exc.details or exc.message}") from exc


def _as_flac(upload: StreamedUpload) -> tuple[StreamedUpload, float]:
    """Return the sound as FLAC, unchanged if it is FLAC already, and its length in seconds.

    Raises ``InvalidRecording`` and ``Busy``.
    """
    with sound_slot():
        sound = read_sound(cast(Any, upload.content))
        duration_s = len(sound) / RECORDING_RATE
        upload.content.seek(0)
        if recording_format(upload.content.read(16)) == "flac":
            upload.content.seek(0)
            return upload, duration_s
        flac = BytesIO()
        write_flac(flac, sound, RECORDING_RATE)
    return upload_from_bytes(flac.getvalue(), name=upload.name or ""), duration_s


def _segment(project: Project, position: int, segment: BundledSegment) -> int:
    row = Segment.objects.create(
        project=project,
        sequence_index=position,
        text_content=segment.script.text_content,
        image_prompt=segment.script.image_prompt,
        is_locked=segment.is_locked,
    )
    scope = scope_of(row.pk)
    overrides = segment.framing | segment.settings
    SettingValue.objects.bulk_create(
        SettingValue(scope=scope, name=name, value=value) for name, value in overrides.items()
    )
    return row.pk


def _place(operation: Operation, project_id: int, segment_id: int, part: _Staged, segment: BundledSegment) -> None:
    is_picture = part.column == "image_file"
    place = picture_place(project_id, segment_id, part.name) if is_picture else narration_place(project_id, segment_id)
    operation.rename_staged(part.staged, place)
    name = operation.place_staged(place).removeprefix("media/")
    columns: dict[str, Any] = {part.column: name}
    if part.duration_s is not None:
        columns["audio_duration"] = round(part.duration_s, 3)
        if segment.sound and segment.sound.facts:
            Narration.objects.create(audio_file=name, duration_s=part.duration_s, **segment.sound.facts)
    Segment.objects.filter(pk=segment_id).update(**columns)


def _left_out_of(segments: list[BundledSegment]) -> dict[str, Any]:
    """Return the reason for each setting of a segment that was left out, by setting and segment."""
    return {
        f"{name} of segment {number}": [reason]
        for number, segment in enumerate(segments, 1)
        for name, reason in segment.left_out.items()
    }


def _keep_settings(project_id: int, settings: dict[str, Any]) -> dict[str, Any]:
    """Store the usable settings, and return the reasons for the others.

    They are no error: a voice that is not installed is no reason to refuse a story.
    """
    known = [definition.name for definition in setting_values.definitions() if definition.name in settings]
    left_out: dict[str, Any] = {}
    if unknown := setting_values.unknown_name_errors(
        settings, [definition.name for definition in setting_values.definitions()]
    ):
        left_out = {name: {name: reason} for name, reason in unknown.items()}
    for name in known:
        try:
            setting_values.update_settings(
                {name: settings[name]}, project_group(project_id), check_all=film_settings.check_together
            )
        except InvalidInput as exc:
            left_out[name] = exc.details
        except StoryFlowError as exc:
            left_out[name] = exc.message
    return left_out
