"""Running a job from the command line: submit it, follow it, and run it in this process if no worker claims it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import click
from django.db import connection

from cli.foreground import ProgressBar, graceful_interrupt
from core.errors import StoryFlowError
from jobs import queue, running
from jobs.errors import AlreadyRunning
from jobs.models import Job

# Workers poll every half second.
CLAIM_TIMEOUT_S = 1.5
POLL_INTERVAL_S = 0.2
REAP_INTERVAL_S = 3.0


def run_and_wait(start: Callable[[], Job]) -> Job:
    """Submit the job that ``start`` creates, show its progress, and return the job when it has succeeded.

    Raises what ``start`` raises; ``AlreadyRunning`` if a worker runs a job of the same kind and subject;
    ``StoryFlowError`` if the job fails or another process cancels it; ``click.Abort`` after Ctrl-C, which cancels the
    job.
    """
    with graceful_interrupt() as stop, ProgressBar() as bar:
        job = _wait_for_end(str(_submit(start).pk), bar, stop)
    if job.status == Job.Status.FAILED:
        raise StoryFlowError(job.error)
    if job.status == Job.Status.CANCELLED:
        if stop.is_set():
            raise click.Abort
        raise StoryFlowError("It was called off by somebody else.")
    return job


def _submit(start: Callable[[], Job]) -> Job:
    """Submit the job.

    If a job of the same kind and subject is queued and no worker claims it, withdraw that job first: its snapshot of
    the project is stale.
    """
    running.reap()
    try:
        return start()
    except AlreadyRunning as exc:
        if not (_stays_queued(exc.job_id) and queue.withdraw(exc.job_id)):
            raise
    return start()


def _stays_queued(job_id: str) -> bool:
    """Return whether no worker claims the job within ``CLAIM_TIMEOUT_S``."""
    until = time.monotonic() + CLAIM_TIMEOUT_S
    while time.monotonic() < until:
        if queue.get_job(job_id).status != Job.Status.QUEUED:
            return False
        time.sleep(POLL_INTERVAL_S)
    return True


def _wait_for_end(job_id: str, bar: ProgressBar, stop: threading.Event) -> Job:
    """Return the job's row when the job has ended.

    Run the job in a thread of this process if it stays queued for ``CLAIM_TIMEOUT_S``, which also happens after its
    worker died.
    """
    local_run: threading.Thread | None = None
    waiting_since = reaped = time.monotonic()
    is_cancelled = False
    while not (job := queue.get_job(job_id)).is_finished:
        now = time.monotonic()
        if job.status != Job.Status.QUEUED:
            waiting_since = now
        elif now - waiting_since > CLAIM_TIMEOUT_S and (local_run is None or not local_run.is_alive()):
            local_run = threading.Thread(target=_run_here, args=(job_id,), name="work", daemon=True)
            local_run.start()
        if now - reaped > REAP_INTERVAL_S:
            reaped = now
            running.reap()
        if stop.is_set() and not is_cancelled:
            is_cancelled = True
            queue.cancel(job_id)
        bar.show(job.progress.get("phase", "waiting"), job.progress.get("percentage", 0.0), 100)
        time.sleep(POLL_INTERVAL_S)
    if local_run is not None:
        local_run.join()
    return job


def _run_here(job_id: str) -> None:
    try:
        running.run(job_id)
    finally:
        connection.close()
