"""Payloads about jobs, renders and the readiness of projects, for the API and the command line."""

from __future__ import annotations

from typing import Any

from api.serializers import iso_time, media_url
from api.services.projects import project_group
from api.services.rows import project_row, segments_in_order
from filming import renders
from filming.fingerprints import CurrentProject, difference
from filming.models import Render
from filming.narrations import narrations_of, stale_reason
from filming.posters import poster_url
from filming.publishing import output_of, render_row
from filming.render_snapshots import segments_without_file
from filming.segment_settings import settings_of
from filming.segment_voices import segment_voices_from
from filming.times import lengths, times_of
from jobs.models import Job
from jobs.queue import active_jobs, latest_job
from preferences.setting_values import effective_settings

STATUS = {
    Job.Status.QUEUED: "PENDING",
    Job.Status.RUNNING: "PROCESSING",
    Job.Status.DONE: "COMPLETED",
    Job.Status.FAILED: "FAILED",
    Job.Status.CANCELLED: "CANCELLED",
}


def task_payload(job: Job) -> dict[str, Any]:
    """Build the payload of a task, a narration or a render."""
    progress, result = job.progress, job.result
    errors = list(result.get("errors", progress.get("errors", [])))
    if job.error and not errors:
        errors = [{"segment_id": None, "error": job.error}]
    return {
        "task_id": str(job.pk),
        "kind": job.kind,
        "project_id": job.payload.get("project"),
        "segment_ids": job.payload["segments"] if job.kind == "narrate" else [],
        "status": STATUS[Job.Status(job.status)],
        "progress": {
            "current": progress.get("done", 0),
            "total": progress.get("total", len(job.payload["segments"]) if job.kind == "narrate" else 100),
            "current_segment_id": progress.get("current_segment_id"),
            "percentage": progress.get("percentage", 0.0),
            "phase": progress.get("phase"),
            "eta_s": progress.get("eta_s"),
        },
        "completed_segments": result.get("completed_segments", progress.get("completed_segments", [])),
        "errors": errors,
        "error": job.error or None,
        "created_at": iso_time(job.created_at),
        "finished_at": iso_time(job.finished_at) if job.finished_at else None,
    }


def active_tasks(project_id: int) -> list[dict[str, Any]]:
    """List the queued and running tasks of the project, oldest first. Raises ``NotFound``."""
    project_row(project_id)
    return [task_payload(job) for job in active_jobs(project=project_id)]


def project_status(project_id: int) -> dict[str, Any]:
    """Return the status of the project's latest render. Raises ``NotFound``."""
    project_row(project_id)
    job = latest_job(renders.KIND, project_group(project_id))
    newest = Render.objects.filter(project_id=project_id).order_by("-pk").first()
    is_active = job is not None and not job.is_finished
    status = "DRAFT"
    if job is not None:
        status = "PROCESSING" if is_active else STATUS[Job.Status(job.status)]
    elif newest:
        status = "COMPLETED"
    return {
        "project_id": project_id,
        "status": status,
        "task_id": str(job.pk) if job else None,
        "progress": _render_progress(job) if job and is_active else None,
        "output_url": media_url(newest.video) if newest else None,
        "error": job.error or None if job and job.status == Job.Status.FAILED else None,
    }


def _render_progress(job: Job) -> dict[str, Any]:
    progress = job.progress
    waiting = [{"size": size, "state": "waiting", "render": None} for size in job.payload.get("sizes", [])]
    sizes = progress.get("sizes", waiting)
    return {
        "current_segment": progress.get("current_segment", 0),
        "total_segments": job.payload["segments"],
        "percentage": progress.get("percentage", 0.0),
        "current_phase": progress.get("phase", "waiting"),
        "eta_s": progress.get("eta_s"),
        "size": progress.get("size", sizes[0]["size"] if sizes else None),
        "sizes": sizes,
    }


def render_payload(render: Render, now: CurrentProject) -> dict[str, Any]:
    """Build the payload of a video, with how ``now``, the current state of its project, differs from it."""
    facts = render.facts
    differing = difference(render.fingerprint, facts, now)
    return {
        "id": render.pk,
        "size": render.size,
        "batch": render.batch or None,
        "is_current": None if differing is None else not differing.words,
        "differs": differing.words if differing else [],
        "changed_segments": differing.segments if differing else [],
        "poster_url": poster_url(render),
        "cards": facts.get("cards", []),
        "silent": facts.get("silent", []),
        "notes": facts.get("notes", []),
        "video_url": media_url(render.video),
        "srt_url": media_url(render.srt or None),
        "vtt_url": media_url(render.vtt or None),
        "width": render.width,
        "height": render.height,
        "fps": render.fps,
        "frames": render.frames,
        "duration_s": render.duration_s,
        "size_bytes": render.size_bytes,
        "is_draft": render.is_draft,
        "took_s": round(render.took_s, 1),
        "created_at": iso_time(render.created_at),
    }


def finished_renders(job: Job) -> list[dict[str, Any]]:
    """List the videos that a finished job made, each with the path of its file.

    Raises ``NotFound`` if one was deleted already.
    """
    now = CurrentProject(job.payload["project"])
    answers = []
    for made in job.result.get("renders", [job.result]):
        render = render_row(now.project_id, made["render"])
        drawn = {name: made[name] for name in ("chunks", "drawn")}
        answers.append({**render_payload(render, now), "file": str(output_of(render)), **drawn})
    return answers


def render_list(project_id: int) -> list[dict[str, Any]]:
    """List the project's videos, newest first. Raises ``NotFound``."""
    project_row(project_id)
    now = CurrentProject(project_id)
    return [render_payload(render, now) for render in Render.objects.filter(project_id=project_id).order_by("-pk")]


def readiness(project_id: int) -> dict[str, Any]:
    """Return whether the project can be rendered, what it lacks, and estimates in seconds. Raises ``NotFound``."""
    project_row(project_id)
    rows = list(segments_in_order(project_id))
    values = effective_settings(project_group(project_id))
    overrides, known = settings_of([row["id"] for row in rows]), narrations_of(rows)
    segment_voices = segment_voices_from(values, overrides)
    missing_images, missing_audio = (segments_without_file(rows, column) for column in ("image_file", "audio_file"))
    stale = [
        row["id"]
        for row in rows
        if row["audio_file"]
        and stale_reason(row, known.get(row["audio_file"]), segment_voices.of(row["id"])) is not None
    ]
    return {
        "ready": bool(rows) and not missing_images and not missing_audio,
        "missing_images": missing_images,
        "missing_audio": missing_audio,
        "stale_audio": stale,
        **lengths(times_of(rows, known, segment_voices), values, overrides),
    }
