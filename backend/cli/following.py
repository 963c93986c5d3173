"""Long work on the projects of the data folder: handed to the queue, and done here when no worker takes it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import click
from django.db import connection

from cli.watching import Bar, stopping
from core.errors import StoryFlowError
from jobs import queue, running
from jobs.errors import AlreadyRunning
from jobs.models import Job

# Workers look every half second.
PATIENCE_S = 1.5
LOOK_EVERY_S = 0.2
REAP_EVERY_S = 3.0


def finished(start: Callable[[], Job]) -> Job:
    """The job that ``start`` hands in, once it is done, with its progress shown meanwhile.

    Raises what ``start`` raises, ``AlreadyRunning`` when somebody is at it, the job's own failure, and
    ``click.Abort`` after Ctrl-C, which calls the job off.
    """
    with stopping() as stop, Bar() as bar:
        job = _followed(str(_handed_in(start).pk), bar, stop)
    if job.status == Job.Status.FAILED:
        raise StoryFlowError(job.error)
    if job.status == Job.Status.CANCELLED:
        if stop.is_set():
            raise click.Abort
        raise StoryFlowError("It was called off by somebody else.")
    return job


def _handed_in(start: Callable[[], Job]) -> Job:
    """What a server that is gone left waiting makes room for this, which sees the project as it is now."""
    running.reap()
    try:
        return start()
    except AlreadyRunning as exc:
        if not (_nobody_takes(exc.job_id) and queue.withdraw(exc.job_id)):
            raise
    return start()


def _nobody_takes(job_id: str) -> bool:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if queue.job_named(job_id).status != Job.Status.QUEUED:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def _followed(job_id: str, bar: Bar, stop: threading.Event) -> Job:
    """The row once it is over; a job that waits too long is begun here, also after its worker died."""
    here: threading.Thread | None = None
    waiting_since = reaped = time.monotonic()
    is_called_off = False
    while not (job := queue.job_named(job_id)).is_over:
        now = time.monotonic()
        if job.status != Job.Status.QUEUED:
            waiting_since = now
        elif now - waiting_since > PATIENCE_S and (here is None or not here.is_alive()):
            here = threading.Thread(target=_run_here, args=(job_id,), name="work", daemon=True)
            here.start()
        if now - reaped > REAP_EVERY_S:
            reaped = now
            running.reap()
        if stop.is_set() and not is_called_off:
            is_called_off = True
            queue.cancel(job_id)
        bar.show(job.progress.get("phase", "waiting"), job.progress.get("percentage", 0.0), 100)
        time.sleep(LOOK_EVERY_S)
    if here is not None:
        here.join()
    return job


def _run_here(job_id: str) -> None:
    try:
        running.run(job_id)
    finally:
        connection.close()
