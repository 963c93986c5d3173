"""Errors of this API only."""

from __future__ import annotations

from typing import Any

from core.errors import StoryFlowError


class PreconditionFailed(StoryFlowError):
    """``If-Match`` names a version that is not the current one. ``details`` is the current version."""

    code = "PRECONDITION_FAILED"
    message = "The segment was changed meanwhile."

    def __init__(self, current: dict[str, Any], etag: str, *, message: str | None = None) -> None:
        super().__init__(message, details=current)
        self.etag = etag
