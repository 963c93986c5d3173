"""How waitress writes an answer: in JSON where it refuses by itself, its head and its beginning in one piece."""

from __future__ import annotations

import json
from typing import Any

from waitress.task import ErrorTask, WSGITask

# Below this every answer is in the item API's envelope.
_ENVELOPED = "/api/v1/"


class JSONErrorTask(ErrorTask):
    """Requests the server itself refuses are answered like all others: JSON with a sentence."""

    def execute(self) -> None:
        problem = self.request.error
        sentence = f"{problem.reason}: {problem.body}."
        answer: dict[str, Any] = {"error": sentence}
        if getattr(self.request, "path", "").startswith(_ENVELOPED):
            code = problem.reason.upper().replace(" ", "_")
            answer = {"data": None, "error": {"code": code, "message": sentence}, "message": "Request refused"}
        body = json.dumps(answer).encode()
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):
    """Has the head of an answer sent together with the first of its body: one call, and the client wakes once."""

    def build_response_header(self) -> bytes:
        self.channel.head = super().build_response_header()
        if self.request.command == "HEAD":
            # Else it would get a last chunk, which passes for the beginning of the next answer.
            self.chunked_response = False
        return b""

    def set_close_on_finish(self) -> None:
        """Waitress also closes after answers without a body, and chunked ones; their end is clear without it."""
        has_clear_end = self.chunked_response or not self.has_body
        if not has_clear_end or self.version == "1.0" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)

    def finish(self) -> None:
        super().finish()
        self.channel.write_soon(self.channel.take_head())
