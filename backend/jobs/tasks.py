"""The one task the queue knows: run the job of this id."""

from __future__ import annotations

from django_tasks import task

from jobs.running import run


@task()
def run_job(job_id: str) -> str:
    """What came of it, for the queue's own log; the job's row is what counts."""
    return run(job_id)
