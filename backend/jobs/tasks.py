"""The only task of the queue: run one job."""

from __future__ import annotations

from django_tasks import task

from jobs.running import run


@task()
def run_job(job_id: str) -> str:
    """Run the job with this id.

    Returns the outcome for the queue's own log; the authoritative record is the job's row.
    """
    return run(job_id)
