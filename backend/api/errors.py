"""What can happen at this door only."""

from __future__ import annotations

from typing import Any

from core.errors import StoryFlowError


class PreconditionFailed(StoryFlowError):
    """``If-Match`` names a version that is no longer the current one; ``details`` is what is there now."""

    code = "PRECONDITION_FAILED"
    message = "The segment was changed meanwhile."

    def __init__(self, current: dict[str, Any], etag: str, *, message: str | None = None) -> None:
        super().__init__(message, details=current)
        self.etag = etag
