"""Long answers, written while their rows are read: a list takes the same memory however long it is."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from itertools import chain
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from api.serializers import project_shape, segment_shape

# A piece is sent with so many segments, or once it has so many bytes.
BATCH, BATCH_BYTES = 500, 256 * 1024


class StreamedJSON(StreamingHttpResponse):
    """Its beginning is made at once, so that what goes wrong there is still answered as an error."""

    def __init__(self, pieces: Iterator[bytes], *, status: int = 200) -> None:
        super().__init__(chain([next(pieces)], pieces), status=status, content_type="application/json")
        # What was read to be sent, and sorted on disk for it, is not needed once the client is gone.
        if isinstance(pieces, Generator):
            self._resource_closers.append(pieces.close)

    @property
    def content(self) -> bytes:
        """All of it, for who cannot do with less; whoever serves it need not ask."""
        whole: bytes = self.getvalue()
        self.streaming_content = [whole]
        return whole

    @property
    def text(self) -> str:
        return self.content.decode()


def segments_json(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A list of segments, some hundred at a time; fewer where their texts are long."""
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
    """A project with its segments in order."""
    return StreamedJSON(_project_json(project), status=status)


def _project_json(project: dict[str, Any]) -> Iterator[bytes]:
    alone = {name: value for name, value in project.items() if name != "segments"}
    yield orjson.dumps(project_shape(alone))[:-1] + b',"segments":'
    yield from segments_json(project["segments"])
    yield b"}"
