"""Snapshots of projects: a render uses a snapshot, so that later edits do not change the film."""

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
_MIN_AGE_S = 3600
MISSING_MESSAGE = "Every segment needs a picture and a narration. Add them, or render a draft."


def work_folder(job_id: str) -> Path:
    return current_layout().private / "work" / job_id


def take_snapshot(project_id: int, folder: Path, *, sizes: list[str], is_draft: bool, fills_gaps: bool) -> int:
    """Write the plan of the film to ``folder``, with hard links to the media files. Returns the number of segments.

    With ``fills_gaps``, segments without a narration are marked to be narrated. Raises ``NotFound``, ``NotReady`` (for
    a draft and with ``fills_gaps`` only if there is no segment), ``VoiceSilent``, ``UnknownVoice``, ``InvalidFormat``,
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
    """Check the voice now, while the client waits. Raises ``VoiceSilent`` or ``UnknownVoice``."""
    try:
        engine_of(voice)
    except VoiceUnavailable as exc:
        raise VoiceSilent(exc.message) from exc


def check_ready(rows: list[Row]) -> None:
    """Check that no segment lacks a picture or a narration. Raises ``NotReady`` with the ids of those that do."""
    images, audio = (segments_without_file(rows, column) for column in ("image_file", "audio_file"))
    if images or audio:
        raise NotReady(details={"missing_images": images, "missing_audio": audio, "message": MISSING_MESSAGE})


def segments_without_file(rows: list[Row], column: str) -> list[int]:
    """Return the ids of the segments without this file, also of those whose file is missing from the disk."""
    layout = current_layout()
    return [row["id"] for row in rows if not row[column] or not layout.live(f"media/{row[column]}").is_file()]


def _scenes(
    rows: list[Row], values: dict[str, Any], sizes: list[str], folder: Path, *, fills_gaps: bool
) -> Iterator[dict[str, Any]]:
    """Yield the plan of each scene; ``focus`` and ``look`` are dictionaries by size."""
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
            "picture": _linked(row["image_file"], folder, f"{row['id']}-picture"),
            "sound": _linked(row["audio_file"], folder, f"{row['id']}-sound"),
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


def _linked(name: str | None, folder: Path, base: str) -> str | None:
    """Link the file into ``folder``. Returns its name there, or None if there is no file on the disk."""
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
    """Read the plan in ``folder``. Raises ``NotFound`` if it was deleted."""
    try:
        film: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise NotFound("What was to be rendered is gone from the disk. Render again.") from exc
    if "sizes" not in film:  # from a release that rendered one size at a time
        size = film["settings"]["size"]
        film |= {"sizes": [size], "fills": False}
        film["scenes"] = [_upgraded(scene, size) for scene in film["scenes"]]
    return film


def _upgraded(scene: dict[str, Any], size: str) -> dict[str, Any]:
    unknown = {"is_first": False, "spoken": None, "look": {size: ""}}
    return {**scene, **unknown, "focus": {size: scene["focus"]}}


def delete_abandoned() -> None:
    """Delete snapshots without an unfinished job, such as those of a crash, if they are older than ``_MIN_AGE_S``."""
    work = current_layout().private / "work"
    for folder in work.iterdir() if work.is_dir() else []:
        active = Job.objects.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING), pk=_id_of(folder)).exists()
        if not active and folder.stat().st_mtime < time.time() - _MIN_AGE_S:
            delete_snapshot(folder)


def _id_of(folder: Path) -> uuid.UUID:
    try:
        return uuid.UUID(folder.name)
    except ValueError:
        return uuid.UUID(int=0)


def delete_snapshot(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
