"""Errors that the job queue raises."""

from __future__ import annotations

from core.errors import Conflict, NotFound, StoryFlowError


class NoSuchJob(NotFound):
    code = "NO_SUCH_TASK"
    message = "There is no such task."


class AlreadyRunning(Conflict):
    """A job of the same kind and subject is queued or running; ``job_id`` is its id."""

    code = "ALREADY_RUNNING"
    message = "This is already being done."

    def __init__(self, job_id: str) -> None:
        super().__init__(details={"task_id": job_id})
        self.job_id = job_id


class Stopped(StoryFlowError):
    """Raised in a handler when ``is_stopped`` is true: cancelled, shutting down, or claimed by another worker."""

    code = "STOPPED"
    message = "The work was stopped."
