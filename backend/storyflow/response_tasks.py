"""The waitress tasks that write responses: JSON for errors of the server, and head and first data in one send."""

from __future__ import annotations

import json
from typing import Any

from waitress.task import ErrorTask, WSGITask

# Every response below this path has the envelope of the items API.
_ENVELOPED = "/api/v1/"


class JSONErrorTask(ErrorTask):
    """A task that responds to a request which waitress itself refuses: JSON with a sentence, as in all other errors."""

    def execute(self) -> None:
        problem = self.request.error
        sentence = f"{problem.reason}: {problem.body}."
        payload: dict[str, Any] = {"error": sentence}
        if getattr(self.request, "path", "").startswith(_ENVELOPED):
            code = problem.reason.upper().replace(" ", "_")
            payload = {"data": None, "error": {"code": code, "message": sentence}, "message": "Request refused"}
        body = json.dumps(payload).encode()
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Task(WSGITask):
    """A task that sends the head of a response together with its first data, so that the client wakes only once."""

    def build_response_header(self) -> bytes:
        self.channel.head = super().build_response_header()
        if self.request.command == "HEAD":
            # Otherwise waitress sends a last chunk, which the client would read as the beginning of the next response.
            self.chunked_response = False
        return b""

    def set_close_on_finish(self) -> None:
        """Close the connection after this response only if the client cannot see its end otherwise, or asks for it.

        Waitress also closes it after responses without a body and after chunked ones, which have a clear end.
        """
        has_clear_end = self.chunked_response or not self.has_body
        if not has_clear_end or self.version == "1.0" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)

    def finish(self) -> None:
        super().finish()
        self.channel.write_soon(self.channel.take_head())
