"""The error tree: every error that StoryFlow raises because a person can act on it."""

from __future__ import annotations

from typing import Any


class StoryFlowError(Exception):
    """The base of all StoryFlow errors: a sentence for a person and a code for a program.

    ``code`` never changes after a release. ``details`` adds what the sentence does not say. Each API maps the class
    to an HTTP status, and the command line maps it to an exit code.
    """

    code = "STORYFLOW_ERROR"
    message = "StoryFlow could not do that."

    def __init__(self, message: str | None = None, *, details: Any = None) -> None:
        self.message = message or type(self).message
        self.details = details
        super().__init__(self.message)


class NotFound(StoryFlowError):
    """A request for something that does not exist."""

    code = "NOT_FOUND"
    message = "That does not exist."


class InvalidInput(StoryFlowError):
    """A request with invalid content."""

    code = "INVALID_INPUT"
    message = "Validation failed"


class Conflict(StoryFlowError):
    """A valid request that the present state does not allow."""

    code = "CONFLICT"
    message = "That cannot be done in the present state."


class Busy(StoryFlowError):
    """The limit of concurrent work of this kind is reached; the client may retry after ``retry_after_s`` seconds."""

    code = "BUSY"
    message = "Too much is under way. Try again in a moment."
    retry_after_s = 5


class RecordLocked(StoryFlowError):
    """A change to a record that is locked."""

    code = "LOCKED"
    message = "Cannot modify a locked segment."


class ConfigurationError(StoryFlowError):
    """A setting or a property of the machine with which StoryFlow cannot start."""

    code = "CONFIGURATION"
    message = "StoryFlow cannot start with these settings."
