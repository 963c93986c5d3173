"""VoiceSettings: a list of ten thousand segments, and one segment by four clients at once."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.clients import Connection, Request, ask, milliseconds, send_all
from benchmarks.comparison import Figure
from benchmarks.figures import round_of
from benchmarks.servers import Server
from benchmarks.stories import a_story

SEGMENTS = 10_000
CLIENTS = 4
REQUESTS = 2000
LISTS = 3

FIGURES = (
    Figure("list of 10,000 segments", "ms", target=12),
    Figure("one segment", "/s", target=2, is_more_better=True),
    Figure("one segment that is known already (304)", "/s", is_more_better=True),
)


def prepare(server: Server) -> tuple[int, int]:
    project_id, segment_ids = a_story(server, SEGMENTS)
    if len(json.loads(ask(server.port, Request("GET", f"/api/segments/?project={project_id}")))) != SEGMENTS:
        raise RuntimeError(f"{server.name} does not list what it imported")
    return project_id, segment_ids[SEGMENTS // 2]


def measure(server: Server, prepared: tuple[int, int]) -> dict[str, float]:
    project_id, segment_id = prepared
    listing = Request("GET", f"/api/segments/?project={project_id}")
    path = f"/api/segments/{segment_id}/"
    etag = _etag(server.port, path)
    known = Request("GET", path, headers={"If-None-Match": etag} if etag else {})
    return {
        "list of 10,000 segments": min(milliseconds(server.port, listing) for _ in range(LISTS)),
        "one segment": _per_second(server.port, Request("GET", path), 200),
        "one segment that is known already (304)": _per_second(server.port, known, 304 if etag else 200),
    }


def _per_second(port: int, request: Request, status: int) -> Any:
    return round_of(send_all(port, [request] * REQUESTS, clients=CLIENTS), status)["per_second"]


def _etag(port: int, path: str) -> str | None:
    """Return the ETag of a response, or None: the reference sends none, and sends the segment again each time."""
    connection = Connection(port)
    connection.send(Request("GET", path).as_sent())
    _, head, _ = connection.head()
    connection.close()
    found = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"etag:")]
    return found[0].strip().decode() if found else None
