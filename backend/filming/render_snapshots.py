"""A project as it is at one moment, kept beside while it is rendered: editing goes on, the film does not change."""

from __future__ import annotations

import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from api.services.rows import Row, project_row, segments_in_order
from core.errors import NotFound
from filming.errors import NotReady, VoiceSilent
from filming.film_settings import format_of
from filming.framings import framings_for
from filming.narrations import narrations_of
from filming.scenes import look_hashes, scene_sources, sides_of
from filming.segment_settings import settings_of
from filming.segment_voices import segment_voices_from
from jobs.models import Job
from media_store.errors import storage_failure
from media_store.layout import current_layout
from narration.catalogue import engine_of
from narration.errors import VoiceUnavailable
from narration.narrator import narration_digest
from preferences.setting_values import effective_settings

_FILE = "film.json"
_YOUNG_S = 3600
MISSING_MESSAGE = "Every segment needs a picture and a narration. Add them, or render a draft."


def work_folder(job_id: str) -> Path:
    return current_layout().private / "work" / job_id


def take_snapshot(project_id: int, folder: Path, *, sizes: list[str], is_draft: bool, fills_gaps: bool) -> int:
    """Write what the film is made of to ``folder``, its files as second names of the store's; how many segments.

    With ``fills_gaps`` what has no narration is marked to be narrated. Raises ``NotFound``, ``NotReady`` (never for a
    draft or a film with its gaps filled, of at least one segment), what is wrong with a voice that is needed,
    ``DiskFull`` or ``StorageFailed``.
    """
    project = project_row(project_id)
    rows = list(segments_in_order(project_id))
    if not rows:
        raise NotReady(details={"missing_images": [], "missing_audio": [], "message": "The project has no segments."})
    if not (is_draft or fills_gaps):
        check_ready(rows)
    values = effective_settings(f"projects/{project_id}")
    for size in sizes:
        format_of({**values, "size": size}, is_draft=is_draft)
    try:
        folder.mkdir(parents=True)
        scenes = list(_scenes(rows, values, sizes, folder, fills_gaps=fills_gaps))
        for voice in sorted({scene["voice"] for scene in scenes if scene["is_wanted"]}):
            _check_voice_available(voice)
        film = {
            "title": project["title"],
            "project": project_id,
            "settings": values,
            "scenes": scenes,
            "draft": is_draft,
            "fills": fills_gaps,
            "sizes": sizes,
        }
        (folder / _FILE).write_text(json.dumps(film), encoding="utf-8")
    except OSError as exc:
        shutil.rmtree(folder, ignore_errors=True)
        raise storage_failure(exc) from exc
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return len(rows)


def _check_voice_available(voice: str) -> None:
    """Asked now, while there is somebody to tell. Raises ``VoiceSilent`` or ``UnknownVoice``."""
    try:
        engine_of(voice)
    except VoiceUnavailable as exc:
        raise VoiceSilent(exc.message) from exc


def check_ready(rows: list[Row]) -> None:
    """Raises ``NotReady`` with the segments that lack a picture or a narration."""
    images, audio = (lacking(rows, column) for column in ("image_file", "audio_file"))
    if images or audio:
        raise NotReady(details={"missing_images": images, "missing_audio": audio, "message": MISSING_MESSAGE})


def lacking(rows: list[Row], column: str) -> list[int]:
    """The segments without that file, also those whose file somebody took from the disk."""
    layout = current_layout()
    return [row["id"] for row in rows if not row[column] or not layout.live(f"media/{row[column]}").is_file()]


def _scenes(
    rows: list[Row], values: dict[str, Any], sizes: list[str], folder: Path, *, fills_gaps: bool
) -> Iterator[dict[str, Any]]:
    """``focus`` and ``look`` are by size."""
    known = narrations_of(rows)
    ids = [row["id"] for row in rows]
    overrides = settings_of(ids)
    framings = {size: framings_for(ids, *sides_of(size)) for size in sizes}
    looks = {size: look_hashes(ids, size, overrides) for size in sizes}
    segment_voices = segment_voices_from(values, overrides)
    for row, taken in zip(rows, scene_sources(rows, segment_voices, fills_gaps=fills_gaps), strict=True):
        voice_settings = segment_voices.of(row["id"])
        narration = known.get(row["audio_file"] or "")
        framing = framings[sizes[0]][row["id"]]
        yield {
            "id": row["id"],
            "text": row["text_content"],
            "picture": _second_name(row["image_file"], folder, f"{row['id']}-picture"),
            "sound": _second_name(row["audio_file"], folder, f"{row['id']}-sound"),
            "words": narration.words if narration else [],
            "is_wanted": taken.is_wanted,
            "is_first": taken.is_first,
            "spoken": taken.spoken,
            "digest": narration_digest(row["text_content"], voice_settings),
            "voice": voice_settings.voice,
            "pause_s": overrides[row["id"]].get("pause_s"),
            "motion": framing["motion"],
            "fit": framing["fit"],
            "focus": {size: framings[size][row["id"]]["focus"] for size in sizes},
            "look": {size: looks[size][row["id"]] for size in sizes},
        }


def _second_name(name: str | None, folder: Path, base: str) -> str | None:
    """The file's name in ``folder``, None when there is none or it is missing from disk."""
    if not name:
        return None
    linked = base + Path(name).suffix.lower()
    with suppress(FileNotFoundError):
        source = current_layout().live(f"media/{name}")
        try:
            os.link(source, folder / linked, follow_symlinks=False)
        except PermissionError:  # a filesystem without hard links
            shutil.copy2(source, folder / linked)
        return linked
    return None


def read_snapshot(folder: Path) -> dict[str, Any]:
    """Raises ``NotFound`` when it was cleared away."""
    try:
        film: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise NotFound("What was to be rendered is gone from the disk. Render again.") from exc
    if "sizes" not in film:  # taken by a release that made one size at a time
        size = film["settings"]["size"]
        film |= {"sizes": [size], "fills": False}
        film["scenes"] = [_as_now(scene, size) for scene in film["scenes"]]
    return film


def _as_now(scene: dict[str, Any], size: str) -> dict[str, Any]:
    unknown = {"is_first": False, "spoken": None, "look": {size: ""}}
    return {**scene, **unknown, "focus": {size: scene["focus"]}}


def drop_abandoned() -> None:
    """Snapshots whose work is over or never came to be, as after a crash between the two; young ones are left alone."""
    work = current_layout().private / "work"
    for folder in work.iterdir() if work.is_dir() else []:
        active = Job.objects.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING), pk=_id_of(folder)).exists()
        if not active and folder.stat().st_mtime < time.time() - _YOUNG_S:
            drop_snapshot(folder)


def _id_of(folder: Path) -> uuid.UUID:
    try:
        return uuid.UUID(folder.name)
    except ValueError:
        return uuid.UUID(int=0)


def drop_snapshot(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
