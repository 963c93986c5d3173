"""Run jobs under leases.

A worker claims a row by a conditional update and renews its lease from a thread. A worker that dies stops renewing;
``reap`` then queues the job again. Every later write names owner and attempt (a fencing token, Kleppmann 2016), so a
worker that was only slow cannot overwrite what the next worker wrote.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core.errors import StoryFlowError
from jobs import leases
from jobs.handlers import handler_of
from jobs.models import Job

log = logging.getLogger(__name__)

HEARTBEAT_S = 0.3
MAX_ATTEMPTS = 3
_GIVEN_UP = "It was interrupted three times, so it was given up. Try again; what was finished is kept."
_UNEXPECTED = "Something went wrong here. Nothing was lost; the log says what. Trying again may help."

# Set when this process must end: running jobs go back into the queue.
shutting_down = threading.Event()
_watch = leases.LeaseWatch()


def run(job_id: str) -> str:
    """Claim the job, run its handler and save the outcome. Returns the outcome in a word or two."""
    owner = leases.this_worker()
    is_claimed = Job.objects.filter(pk=job_id, status=Job.Status.QUEUED).update(
        status=Job.Status.RUNNING,
        owner=owner,
        attempts=F("attempts") + 1,
        lease_until=leases.lease_end(),
        started_at=timezone.now(),
    )
    if not is_claimed:
        return "not mine"
    job = Job.objects.get(pk=job_id)
    with ClaimedJob(job) as claimed:
        return _execute(job, claimed)


def _execute(job: Job, claimed: ClaimedJob) -> str:
    try:
        result = handler_of(job.kind).run(claimed)
        outcome: dict[str, Any] = {"status": Job.Status.DONE, "result": result, "progress": claimed.finished_progress()}
    except Exception as exc:
        if claimed.is_stopped():
            return _finish_stopped(job, claimed)
        outcome = {"status": Job.Status.FAILED, "error": _reason(exc)}
        if not isinstance(exc, StoryFlowError):
            log.exception("Job %s (%s %s) failed.", job.pk, job.kind, job.subject)
    return _finish(job, claimed, outcome)


def _finish_stopped(job: Job, claimed: ClaimedJob) -> str:
    if claimed.is_lost:
        return "overtaken"
    if claimed.is_cancelled:
        return _finish(job, claimed, {"status": Job.Status.CANCELLED})
    with transaction.atomic():
        if claimed.own_row().update(status=Job.Status.QUEUED, owner="", attempts=F("attempts") - 1, lease_until=None):
            _enqueue(job)
    return "put back"


def _finish(job: Job, claimed: ClaimedJob, outcome: dict[str, Any]) -> str:
    if not claimed.own_row().update(**outcome, finished_at=timezone.now(), updated_at=timezone.now(), lease_until=None):
        return "overtaken"
    job.refresh_from_db()
    handler_of(job.kind).on_finished(job)
    return str(job.status)


def _reason(exc: Exception) -> str:
    if not isinstance(exc, StoryFlowError):
        return _UNEXPECTED
    details = exc.details if isinstance(exc.details, str) else ""
    return f"{exc.message} {details}".strip()


def reap() -> int:
    """Requeue the jobs of dead workers, or fail them after ``MAX_ATTEMPTS``. Returns the number of these jobs."""
    found = 0
    for job in _watch.lost(list(Job.objects.filter(status=Job.Status.RUNNING))):
        with transaction.atomic():
            row = Job.objects.filter(
                pk=job.pk,
                status=Job.Status.RUNNING,
                attempts=job.attempts,
                owner=job.owner,
                lease_until=job.lease_until,
            )
            if job.is_cancel_wanted:
                found += row.update(status=Job.Status.CANCELLED, owner="", finished_at=timezone.now())
            elif job.attempts < MAX_ATTEMPTS:
                if row.update(status=Job.Status.QUEUED, owner="", lease_until=None):
                    _enqueue(job)
                    found += 1
            else:
                found += row.update(status=Job.Status.FAILED, owner="", error=_GIVEN_UP, finished_at=timezone.now())
        job.refresh_from_db()
        if job.is_finished:
            handler_of(job.kind).on_finished(job)
    return found


def _enqueue(job: Job) -> None:
    from jobs.tasks import run_job  # noqa: PLC0415 - it imports this module

    run_job.enqueue(str(job.pk))


class ClaimedJob:
    """The `JobContext` of a claimed job.

    While it is entered, a thread renews the lease, writes the progress and checks whether the job was cancelled.
    """

    def __init__(self, job: Job) -> None:
        self.id, self.payload, self.by = str(job.pk), job.payload, job.by
        self.is_cancelled = job.is_cancel_wanted
        self.is_lost = False
        self._job = job
        self._latest: dict[str, Any] = dict(job.progress)
        self._written: dict[str, Any] = dict(job.progress)
        self._floor = float(job.progress.get("percentage", 0.0))
        self._started = time.monotonic()
        self._first_share: float | None = None
        self._lock = threading.Lock()
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._renew_until_finished, name=f"lease-{job.pk}", daemon=True)

    def __enter__(self) -> ClaimedJob:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._finished.set()
        self._thread.join()

    def own_row(self) -> QuerySet[Job]:
        return Job.objects.filter(
            pk=self._job.pk, owner=self._job.owner, attempts=self._job.attempts, status=Job.Status.RUNNING
        )

    def is_stopped(self) -> bool:
        return self.is_cancelled or self.is_lost or shutting_down.is_set()

    def report(self, phase: str, done: int, total: int, **details: Any) -> None:
        share = 100.0 * done / total if total else 0.0
        with self._lock:
            self._floor = max(self._floor, min(100.0, share))
            self._latest = {
                **self._latest,
                **details,
                "phase": phase,
                "done": done,
                "total": total,
                "percentage": round(self._floor, 1),
                "eta_s": self._eta(share),
            }

    def finished_progress(self) -> dict[str, Any]:
        with self._lock:
            return {**self._latest, "percentage": 100.0, "eta_s": 0}

    def _eta(self, share: float) -> float | None:
        """Estimate the seconds left from the pace of this attempt; None until the pace is known."""
        if self._first_share is None:
            self._first_share = share
        gained, took = share - self._first_share, time.monotonic() - self._started
        return round(took * (100.0 - share) / gained, 1) if gained > 1 and took > 1 else None

    def _renew_until_finished(self) -> None:
        renewed = time.monotonic()
        try:
            while not self._finished.wait(HEARTBEAT_S):
                try:
                    renewed = self._renew(renewed)
                except Exception:
                    # The database is busy. The lease lasts for several heartbeats, and its loss is detected.
                    log.warning("Job %s: its lease was not renewed this time.", self.id, exc_info=True)
        finally:
            connection.close()

    def _renew(self, renewed: float) -> float:
        """Read the row; write to it only if the progress changed or a third of the lease has passed.

        ``renewed`` is the monotonic time of the last write, in seconds. Returns that of the newest.
        """
        now = Job.objects.filter(pk=self._job.pk).values("owner", "attempts", "status", "is_cancel_wanted").first()
        if now is None or (now["owner"], now["attempts"], now["status"]) != (
            self._job.owner,
            self._job.attempts,
            Job.Status.RUNNING,
        ):
            self.is_lost = not self._finished.is_set()
            return renewed
        self.is_cancelled = now["is_cancel_wanted"]
        with self._lock:
            latest = self._latest
        if latest == self._written and time.monotonic() - renewed < leases.LEASE_S / 3:
            return renewed
        self.own_row().update(
            progress=latest,
            lease_until=leases.lease_end(),
            updated_at=timezone.now(),
        )
        self._written = latest
        return time.monotonic()
