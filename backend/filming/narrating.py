"""The narration job: one segment, or all segments of a project that need narration, in parallel threads."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict, replace
from typing import Any

from api.serializers import media_url
from api.services.rows import Row, project_row, segment_row, segments_in_order
from core.errors import InvalidInput, NotFound, StoryFlowError
from filming.errors import NarrationLocked, NothingToNarrate, VoiceSilent
from filming.machine_pace import note_speech
from filming.narrations import narrations_of, save_narration, speech_cache, stale_reason
from filming.segment_voices import SegmentVoices, load_segment_voices
from jobs.errors import Stopped
from jobs.handlers import JobContext
from jobs.models import Job
from jobs.queue import submit
from narration.catalogue import engine_of
from narration.errors import VoiceUnavailable
from narration.narrator import VoiceSettings, narrate, narration_digest
from narration.speech import Speech

KIND = "narrate"


def start_segment(segment_id: int, *, by: str) -> Job:
    """Queue the narration of one segment.

    Raises ``NotFound``, ``NarrationLocked``, ``NothingToNarrate``, ``AlreadyRunning``, ``VoiceSilent`` and
    ``UnknownVoice``.
    """
    row = segment_row(segment_id)
    if row["is_locked"]:
        raise NarrationLocked
    if not row["text_content"].strip():
        raise NothingToNarrate
    payload = _payload(row["project"], [segment_id], load_segment_voices(row["project"], [segment_id]), is_forced=True)
    return submit(KIND, f"segments/{segment_id}", payload, by=by)


def _payload(project_id: int, ids: list[int], segment_voices: SegmentVoices, *, is_forced: bool) -> dict[str, Any]:
    """Build the job's payload.

    Raises ``VoiceSilent`` or ``UnknownVoice``: checked now, because the client still waits for the response.
    """
    try:
        for voice in sorted({segment_voices.story.voice, *(segment_voices.of(segment_id).voice for segment_id in ids)}):
            engine_of(voice)
    except VoiceUnavailable as exc:
        raise VoiceSilent(exc.message) from exc
    voices = {
        str(segment_id): segment_voices.voices[segment_id] for segment_id in ids if segment_id in segment_voices.voices
    }
    voice_settings = asdict(segment_voices.story)
    return {"project": project_id, "segments": ids, "reading": voice_settings, "voices": voices, "is_forced": is_forced}


def check_segment_of_project(segment_id: int, project_id: int) -> None:
    """Check that the segment belongs to the project. Raises ``NotFound`` if not."""
    project_row(project_id)
    if segment_row(segment_id)["project"] != project_id:
        raise NotFound(f"Segment {segment_id} is not one of project {project_id}.")


def start_project(
    project_id: int, *, skip_locked: bool, is_forced: bool, by: str, only: list[int] | None = None
) -> tuple[Job, int]:
    """Queue the narration of all segments that need one, or with ``is_forced`` of all.

    ``only`` restricts it to these segment ids. Recordings are never replaced. Returns the job and the number of
    segments to narrate. Raises ``NotFound``, ``InvalidInput`` for segments of another project, ``NarrationLocked`` if a
    segment is locked and ``skip_locked`` is false, ``AlreadyRunning``, ``VoiceSilent`` and ``UnknownVoice``.
    """
    project_row(project_id)
    rows = list(segments_in_order(project_id))
    segment_voices = load_segment_voices(project_id, [row["id"] for row in rows])
    if only is not None:
        foreign = sorted(set(only) - {row["id"] for row in rows})
        if foreign:
            raise InvalidInput("Invalid segment IDs", details=f"Not of this project: {', '.join(map(str, foreign))}.")
        rows = [row for row in rows if row["id"] in set(only)]
    if not skip_locked and any(row["is_locked"] for row in rows):
        raise NarrationLocked("Some segments are locked. Unlock them first, or let them be skipped.")
    wanted = [row["id"] for row in to_narrate(rows, segment_voices, is_forced=is_forced)]
    payload = _payload(project_id, wanted, segment_voices, is_forced=is_forced)
    return submit(KIND, f"projects/{project_id}", payload, by=by), len(wanted)


def to_narrate(rows: list[Row], segment_voices: SegmentVoices, *, is_forced: bool = False) -> Iterator[Row]:
    """Yield the unlocked segments with a text whose narration is missing or stale; never those with a recording."""
    known = narrations_of(rows)
    for row in rows:
        narration = known.get(row["audio_file"] or "")
        if row["is_locked"] or not row["text_content"].strip() or (narration and narration.is_recording):
            continue
        if is_forced or not row["audio_file"] or stale_reason(row, narration, segment_voices.of(row["id"])):
            yield row


def run(job: JobContext) -> dict[str, Any]:
    """Job handler: save each narration as soon as it is made; a segment that fails does not stop the others.

    Raises ``Stopped``, and ``InvalidInput`` with the first error if no segment was narrated.
    """
    story = VoiceSettings(**job.payload["reading"])
    # Jobs that an older release queued have no voices.
    voices = job.payload.get("voices", {})

    def voice_settings_of(row: Row) -> VoiceSettings:
        return replace(story, voice=voices.get(str(row["id"]), story.voice))

    ids: list[int] = job.payload["segments"]
    completed: list[dict[str, Any]] = []
    errors: list[dict[str, Any]] = []
    begun = time.monotonic()
    job.report("narrating", 0, len(ids), completed_segments=[], errors=[])
    with ThreadPoolExecutor(max(1, min(len(ids), os.cpu_count() or 1)), "narrator") as pool:
        spoken = {pool.submit(_speak, row, voice_settings_of(row), job): row for row in _rows(ids, errors)}
        try:
            for future in as_completed(spoken):
                row = spoken[future]
                _settle(row, future, voice_settings_of(row), job.by, completed, errors)
                job.report(
                    "narrating",
                    len(completed) + len(errors),
                    len(ids),
                    current_segment_id=row["id"],
                    completed_segments=list(completed),
                    errors=list(errors),
                )
                if job.is_stopped():
                    raise Stopped
        finally:
            for future in spoken:
                future.cancel()
    spoken_s = [(voices.get(str(done["segment_id"]), story.voice), done["duration"]) for done in completed]
    note_speech(spoken_s, time.monotonic() - begun)
    if errors and not completed:
        raise InvalidInput(errors[0]["error"])
    return {"completed_segments": completed, "errors": errors}


def _rows(ids: list[int], errors: list[dict[str, Any]]) -> list[Row]:
    rows = []
    for segment_id in ids:
        try:
            rows.append(segment_row(segment_id))
        except NotFound as exc:  # deleted while the job was queued
            errors.append({"segment_id": segment_id, "error": exc.message})
    return rows


def _speak(row: Row, voice_settings: VoiceSettings, job: JobContext) -> Speech:
    """Narrate in a worker thread, which must not use the database."""
    return narrate(row["text_content"], voice_settings, speech_cache(), is_cancelled=job.is_stopped)


def _settle(
    row: Row,
    future: Future[Speech],
    voice_settings: VoiceSettings,
    by: str,
    completed: list[dict[str, Any]],
    errors: list[dict[str, Any]],
) -> None:
    text = row["text_content"]
    try:
        kept = save_narration(
            row["id"],
            text,
            future.result(),
            digest=narration_digest(text, voice_settings),
            voice=voice_settings.voice,
            by=by,
        )
    except StoryFlowError as exc:
        errors.append({"segment_id": row["id"], "error": exc.message})
        return
    completed.append(
        {"segment_id": row["id"], "audio_url": media_url(kept["audio_file"]), "duration": kept["audio_duration"]}
    )


def on_finished(job: Job) -> None:
    """Do nothing: all narrations are saved already."""
