"""Submit, look up and cancel jobs."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs.errors import AlreadyRunning, NoSuchJob
from jobs.handlers import handler_of
from jobs.models import Job
from jobs.tasks import run_job

RETENTION = timedelta(days=30)


def submit(kind: str, subject: str, payload: dict[str, Any], *, by: str, job_id: uuid.UUID | None = None) -> Job:
    """Create the job's row and queue entry in one transaction.

    Raises ``AlreadyRunning`` if a job of this kind and subject is unfinished.
    """
    handler_of(kind)
    try:
        with transaction.atomic():
            job = Job.objects.create(id=job_id or uuid.uuid4(), kind=kind, subject=subject, payload=payload, by=by)
            run_job.enqueue(str(job.pk))
    except IntegrityError as exc:
        running = active_job(kind, subject)
        if running is None:
            raise
        raise AlreadyRunning(str(running.pk)) from exc
    return job


def get_job(job_id: str) -> Job:
    """Return the job with this id. Raises ``NoSuchJob`` if there is none."""
    try:
        return Job.objects.get(pk=uuid.UUID(job_id))
    except (ValueError, Job.DoesNotExist) as exc:
        raise NoSuchJob from exc


def active_job(kind: str, subject: str) -> Job | None:
    return Job.objects.filter(kind=kind, subject=subject, status__in=(Job.Status.QUEUED, Job.Status.RUNNING)).first()


def active_jobs(**about: Any) -> list[Job]:
    """Return the queued and running jobs whose payload has these values, oldest first."""
    wanted = {f"payload__{name}": value for name, value in about.items()}
    return list(Job.objects.filter(status__in=(Job.Status.QUEUED, Job.Status.RUNNING), **wanted).order_by("created_at"))


def latest_job(kind: str, subject: str) -> Job | None:
    return Job.objects.filter(kind=kind, subject=subject).order_by("-created_at").first()


def cancel(job_id: str) -> Job:
    """Cancel the job: at once if it is queued, within a second if it runs; a finished job stays as it is.

    Raises ``NoSuchJob``.
    """
    if not withdraw(job_id):
        Job.objects.filter(pk=get_job(job_id).pk, status=Job.Status.RUNNING).update(is_cancel_wanted=True)
    return get_job(job_id)


def withdraw(job_id: str) -> bool:
    """Cancel the job only if it is still queued. Returns whether it was cancelled. Raises ``NoSuchJob``."""
    job = get_job(job_id)
    waiting = Job.objects.filter(pk=job.pk, status=Job.Status.QUEUED)
    if not waiting.update(status=Job.Status.CANCELLED, finished_at=timezone.now(), is_cancel_wanted=True):
        return False
    job.refresh_from_db()
    handler_of(job.kind).on_finished(job)
    return True


def delete_old() -> int:
    """Delete jobs that finished more than ``RETENTION`` ago and queue entries older than a day.

    Returns the number of deleted jobs.
    """
    now = timezone.now()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=1)).delete()
    return Job.objects.filter(finished_at__lt=now - RETENTION).delete()[0]
