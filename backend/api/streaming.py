"""Long answers, written while their rows are read: a list takes the same memory however long it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from api.serializers import project_shape, segment_shape

BATCH = 500


class StreamedJSON(StreamingHttpResponse):
    """Its beginning is made at once, so that what goes wrong there is still answered as an error."""

    def __init__(self, pieces: Iterator[bytes], *, status: int = 200) -> None:
        super().__init__(chain([next(pieces)], pieces), status=status, content_type="application/json")

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
    """A list of segments, some hundred at a time."""
    shapes = map(segment_shape, rows)
    before = b"["
    while batch := list(islice(shapes, BATCH)):
        yield before + orjson.dumps(batch)[1:-1]
        before = b","
    yield b"]" if before == b"," else b"[]"


def project_answer(project: dict[str, Any], *, status: int = 200) -> StreamedJSON:
    """A project with its segments in order."""
    alone = {name: value for name, value in project.items() if name != "segments"}
    head = orjson.dumps(project_shape(alone))[:-1] + b',"segments":'
    return StreamedJSON(chain([head], segments_json(project["segments"]), [b"}"]), status=status)
