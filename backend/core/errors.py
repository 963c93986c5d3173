"""The error tree: everything StoryFlow raises because a person can act on it."""

from __future__ import annotations

from typing import Any


class StoryFlowError(Exception):
    """A sentence for a person, a code for a program.

    ``code`` names what happened and never changes once released; ``details`` says what and why when the
    sentence alone does not. Which HTTP status or exit code it becomes is decided by each door's own map.
    """

    code = "STORYFLOW_ERROR"
    message = "StoryFlow could not do that."

    def __init__(self, message: str | None = None, *, details: Any = None) -> None:
        self.message = message or type(self).message
        self.details = details
        super().__init__(self.message)


class NotFound(StoryFlowError):
    """The thing asked for does not exist (any more)."""

    code = "NOT_FOUND"
    message = "That does not exist."


class InvalidInput(StoryFlowError):
    """What was sent cannot be used as it is."""

    code = "INVALID_INPUT"
    message = "Validation failed"


class Conflict(StoryFlowError):
    """The request is sound but the present state does not allow it."""

    code = "CONFLICT"
    message = "That cannot be done in the present state."


class Busy(StoryFlowError):
    """There is as much of this work at once as is taken; after ``retry_after_s`` seconds it is worth another try."""

    code = "BUSY"
    message = "Too much is under way. Try again in a moment."
    retry_after_s = 5


class RecordLocked(StoryFlowError):
    """A locked record refuses changes until it is unlocked."""

    code = "LOCKED"
    message = "Cannot modify a locked segment."


class ConfigurationError(StoryFlowError):
    """A setting or the machine itself is not as StoryFlow needs it; nothing was started."""

    code = "CONFIGURATION"
    message = "StoryFlow cannot start with these settings."
