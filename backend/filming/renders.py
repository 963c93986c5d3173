"""Rendering as long work: a snapshot, the film of it, and the finished video in its place."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
import uuid
from pathlib import Path
from typing import Any

from django.db import transaction

from api.models import Project
from api.services.projects import project_group
from api.services.rows import project_row
from core.errors import InvalidInput, NotFound, StoryFlowError
from filming import snapshots
from filming.film_settings import format_of, reading_of
from filming.models import Render
from filming.narrations import keep_narration, speech_cache
from jobs.errors import AlreadyRunning
from jobs.handlers import Running
from jobs.models import Job
from jobs.queue import active_job, submit
from media_store.layout import current_layout
from media_store.models import TrashEntry
from media_store.operations import MAX_PLACE_LENGTH, Operation
from media_store.trash import Discard
from media_store.uploads import StreamedUpload, upload_from_path
from narration.errors import NothingToSay
from narration.narrator import narrate
from narration.sound_files import write_flac
from narration.speech import Speech
from rendering.film import Film, Picture, Scene, Sound, SpokenWord
from rendering.renderer import Progress, Rendered, render
from rendering.sound import duration_s

KIND = "render"
TRASH_KIND = "video"
NEWEST_KEPT = 5
NO_LIMIT = 2**62
_FILES = {"video": ".mp4", "srt": ".srt", "vtt": ".vtt"}
# The share of the work that is narrating what was stale, if anything was, as progress shows it; in percent.
_NARRATING_SHARE = 20


def start_render(project_id: int, *, is_draft: bool, by: str, fills_gaps: bool = False) -> tuple[Job, int]:
    """Take a snapshot and queue its rendering; and how many segments it has.

    With ``fills_gaps`` nothing has to be there: what has no narration is narrated first, title cards stand for missing
    pictures. Raises ``NotFound``, ``NotReady``, ``AlreadyRunning``, ``InvalidFormat`` and the store's failures.
    """
    project_row(project_id)
    subject = project_group(project_id)
    if running := active_job(KIND, subject):
        raise AlreadyRunning(str(running.pk))
    job_id = uuid.uuid4()
    folder = snapshots.work_folder(str(job_id))
    segments = snapshots.take_snapshot(project_id, folder, is_draft=is_draft, fills_gaps=fills_gaps)
    try:
        with transaction.atomic():
            job = submit(
                KIND, subject, {"project": project_id, "segments": segments, "draft": is_draft}, by=by, job_id=job_id
            )
            _set_status(project_id, "PROCESSING")
    except BaseException:
        snapshots.drop_snapshot(folder)
        raise
    return job, segments


def run(held: Running) -> dict[str, Any]:
    """The job. Raises what went wrong; the video before is untouched then."""
    begun = time.monotonic()
    folder = snapshots.work_folder(held.id)
    plan = snapshots.read_snapshot(folder)
    narrated = _narrate_wanted(plan, folder, held)
    film = film_of(plan, folder)

    def report(progress: Progress) -> None:
        held.report(
            progress.phase,
            progress.done * (100 - narrated) // max(1, progress.total) + narrated,
            100,
            current_segment=progress.segment,
            total_segments=len(film.scenes),
            frames_done=progress.done,
            frames_total=progress.total,
        )

    rendered = render(
        film, folder / "film.mp4", current_layout().cache / "render", report=report, is_cancelled=held.is_stopped
    )
    kept = _keep(plan, film, rendered, by=held.by, took_s=time.monotonic() - begun)
    return {
        "render": kept,
        "chunks": rendered.chunks,
        "drawn": rendered.drawn,
        "cards": [scene["id"] for scene in plan["scenes"] if not scene["picture"]],
        "silent": [scene["id"] for scene in plan["scenes"] if not scene["sound"]],
        "notes": list(rendered.notes),
    }


def _narrate_wanted(plan: dict[str, Any], folder: Path, held: Running) -> int:
    """Say what the text no longer matches or was never said; the segment gets it too, if its text is still this one.

    Returns the share of the whole work that is done with it, in percent.
    """
    wanted = [scene for scene in plan["scenes"] if scene["is_wanted"]]
    reading = reading_of(plan["settings"])
    for number, scene in enumerate(wanted):
        held.report("narrating", number * _NARRATING_SHARE // len(wanted), 100, current_segment=number + 1)
        try:
            speech = narrate(scene["text"], reading, speech_cache(), is_cancelled=held.is_stopped)
        except NothingToSay:  # no words, only signs: a silent scene, not what was said before
            scene["sound"], scene["words"] = None, []
            continue
        scene["sound"] = f"{scene['id']}-again.flac"
        scene["words"] = [[w.text, w.start_s, w.end_s, w.char, w.length] for w in speech.words]
        write_flac(folder / scene["sound"], speech.samples, speech.sample_rate)
        _offer(scene, speech, reading.voice, held.by)
    return _NARRATING_SHARE if wanted else 0


def _offer(scene: dict[str, Any], speech: Speech, voice: str, by: str) -> None:
    try:
        keep_narration(scene["id"], scene["text"], speech, digest=scene["digest"], voice=voice, by=by)
    except StoryFlowError:
        # Edited, locked or deleted meanwhile: the film is of the snapshot all the same.
        return


def film_of(plan: dict[str, Any], folder: Path) -> Film:
    """The engine's film of a snapshot."""
    scenes = tuple(_scene(scene, folder) for scene in plan["scenes"])
    return Film(plan["title"], scenes, format_of(plan["settings"], is_draft=plan["draft"]))


def _scene(scene: dict[str, Any], folder: Path) -> Scene:
    picture = folder / scene["picture"] if scene["picture"] else None
    sound = folder / scene["sound"] if scene["sound"] else None
    return Scene(
        str(scene["id"]),
        scene["text"],
        Picture(picture, _digest(picture), (scene["focus"][0], scene["focus"][1])) if picture else None,
        Sound(sound, _digest(sound), round(duration_s(sound), 3)) if sound else None,
        tuple(SpokenWord(text, start, end) for text, start, end, *_ in scene["words"]),
        scene["motion"],
        scene["fit"],
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(plan: dict[str, Any], film: Film, rendered: Rendered, *, by: str, took_s: float) -> int:
    """Give the finished files their places; the same film as the newest keeps that one. Returns the render's id."""
    project_id = plan["project"]
    uploads = {
        column: upload_from_path(path, limit_bytes=NO_LIMIT)
        for column, suffix in _FILES.items()
        if (path := rendered.path.with_suffix(suffix)).exists()
    }
    newest = Render.objects.filter(project_id=project_id).order_by("-pk").first()
    if newest and newest.sha256 == uploads["video"].sha256 and current_layout().live(f"media/{newest.video}").exists():
        return int(newest.pk)
    base = f"media/projects/{project_id}/output/{_slug(film.title)}-{uuid.uuid4().hex[:6]}"
    places = {column: f"{base}{_FILES[column]}" for column in uploads}
    with Operation("render", by=by) as operation:
        for column, upload in uploads.items():
            operation.stage(upload, places[column])
        with operation.transaction():
            if not Project.objects.select_for_update().filter(pk=project_id).exists():
                raise NotFound("The project was deleted while it was rendered.")
            names = {column: operation.place_staged(place).removeprefix("media/") for column, place in places.items()}
            row = Render.objects.create(
                project_id=project_id,
                **names,
                sha256=uploads["video"].sha256,
                size_bytes=uploads["video"].size or 0,
                width=film.format.width,
                height=film.format.height,
                fps=film.format.fps,
                frames=rendered.frames,
                duration_s=rendered.duration_s,
                is_draft=film.format.is_draft,
                took_s=took_s,
                drawn_frames=rendered.drawn_frames,
            )
            _audit(operation, project_id, names["video"], uploads["video"])
            for old in Render.objects.filter(project_id=project_id).order_by("-pk")[NEWEST_KEPT:]:
                _discard(operation, old, reason="newer videos exist", is_remade_at_will=True)
    return int(row.pk)


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
    """Move a finished video into the trash. Raises ``NotFound`` or ``FileDeleteFailed``."""
    with Operation("delete video", by=by) as operation, operation.transaction():
        row = Render.objects.filter(project_id=project_id, pk=render_id).first()
        if row is None:
            raise NotFound("There is no such video.")
        _discard(operation, row, reason="removed")


def _discard(operation: Operation, row: Render, *, reason: str, is_remade_at_will: bool = False) -> None:
    columns = [field.attname for field in row._meta.concrete_fields if field.attname not in ("id", "created_at")]
    what = Discard(
        kind=TRASH_KIND,
        record=str(row.pk),
        group=project_group(row.project_id),
        title=row.video.rpartition("/")[2],
        reason=reason,
        rows={"render": {column: getattr(row, column) for column in columns}},
        is_remade_at_will=is_remade_at_will,
    )
    operation.discard(what, {column: f"media/{name}" for column in _FILES if (name := getattr(row, column))})
    row.delete()


def put_back(operation: Operation, entry: TrashEntry, target: Any) -> dict[str, Any]:
    """The store's restorer of videos."""
    if target is not None:
        raise InvalidInput("A video can only be restored to its own project.")
    known = dict(entry.snapshot["render"])
    if not Project.objects.filter(pk=known["project_id"]).exists():
        raise NotFound("Its project is gone. Restore the project first.")
    for file in entry.files.all():
        known[file.role] = operation.bring_back(file, file.place).removeprefix("media/")
    Render.objects.create(**known)
    operation.audit(TRASH_KIND, str(known["project_id"]), entry.group)
    return {"project": known["project_id"], "message": "Video restored"}


def over(job: Job) -> None:
    """However it ended: the snapshot goes, and the project says how it is."""
    snapshots.drop_snapshot(snapshots.work_folder(str(job.pk)))
    has_video = Render.objects.filter(project_id=job.payload["project"]).exists()
    ended = {Job.Status.DONE: "COMPLETED", Job.Status.FAILED: "FAILED"}.get(Job.Status(job.status))
    _set_status(job.payload["project"], ended or ("COMPLETED" if has_video else "DRAFT"))


def _set_status(project_id: int, status: str) -> None:
    Project.objects.filter(pk=project_id).update(status=status)


def _slug(title: str) -> str:
    """A file name people recognise, in ASCII; short enough for the model's column whatever the ids."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: MAX_PLACE_LENGTH - 76]
    return slug or "film"
