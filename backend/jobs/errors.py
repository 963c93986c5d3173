"""What this room raises."""

from __future__ import annotations

from core.errors import Conflict, NotFound, StoryFlowError


class NoSuchJob(NotFound):
    code = "NO_SUCH_TASK"
    message = "There is no such task."


class AlreadyRunning(Conflict):
    """The same work is queued or running; ``job_id`` names it."""

    code = "ALREADY_RUNNING"
    message = "This is already being done."

    def __init__(self, job_id: str) -> None:
        super().__init__(details={"task_id": job_id})
        self.job_id = job_id


class Stopped(StoryFlowError):
    """Raised inside a handler that asks whether it may go on: cancelled, shut down, or overtaken by another worker."""

    code = "STOPPED"
    message = "The work was stopped."
