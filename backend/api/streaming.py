"""Streamed JSON responses. They are written while rows are read, so memory does not grow with the list."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from api.serializers import project_shape, segment_shape

# A chunk of the response has at most this many segments, and ends once it has this many bytes.
BATCH, BATCH_BYTES = 500, 256 * 1024


class StreamedJSON(StreamingHttpResponse):
    """A streamed JSON response. The first chunk is made at once, so that an error in it still gets an error status."""

    def __init__(self, pieces: Iterator[bytes], *, status: int = 200) -> None:
        super().__init__(chain([next(pieces)], pieces), status=status, content_type="application/json")
        # Closes the database cursor, and the temporary data of its sort, when the client disconnects.
        if isinstance(pieces, Generator):
            self._resource_closers.append(pieces.close)  # type: ignore[attr-defined]

    @property
    def content(self) -> bytes:  # type: ignore[override]
        """The whole body, for callers that need it at once, such as tests. The server does not use it."""
        whole: bytes = self.getvalue()
        self.streaming_content = [whole]
        return whole

    @property
    def text(self) -> str:  # type: ignore[override]
        return self.content.decode()


def segments_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Yield a JSON list of segments in chunks of up to ``BATCH`` segments; fewer if their texts are long."""
    before, batch, size = b"[", [], 0
    for row in rows:
        batch.append(orjson.dumps(segment_shape(row)))
        size += len(batch[-1])
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield before + b",".join(batch)
            before, batch, size = b",", [], 0
    if batch:
        yield before + b",".join(batch)
        before = b","
    yield b"]" if before == b"," else b"[]"


def project_response(project: dict[str, Any], *, status: int = 200) -> StreamedJSON:
    """Return a response with the project and its segments in order."""
    return StreamedJSON(_project_json(project), status=status)


def _project_json(project: dict[str, Any]) -> Iterator[bytes]:
    alone = {name: value for name, value in project.items() if name != "segments"}
    yield orjson.dumps(project_shape(alone))[:-1] + b',"segments":'
    yield from segments_json(project["segments"])
    yield b"}"
