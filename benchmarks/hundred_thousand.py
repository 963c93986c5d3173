"""A hundred thousand segments in one project: usable, and in bounded memory."""

from __future__ import annotations

import random

from benchmarks.clients import Request, milliseconds, send_all, with_json
from benchmarks.comparison import Figure
from benchmarks.figures import round_of
from benchmarks.servers import Server
from benchmarks.stories import a_story

SEGMENTS = 100_000
CHANGES = 100
CLIENTS = 4
MOST_ROUNDS = 2

FIGURES = (
    Figure("list of 100,000 segments", "ms"),
    Figure("most memory of a process meanwhile", "MB"),
    Figure("reorder of 100,000 segments", "ms"),
    Figure("change of one of 100,000 (PATCH), p95", "ms"),
)


def prepare(server: Server) -> tuple[int, list[int]]:
    return a_story(server, SEGMENTS)


def measure(server: Server, prepared: tuple[int, list[int]]) -> dict[str, float]:
    project_id, segment_ids = prepared
    listing = Request("GET", f"/api/segments/?project={project_id}")
    server.forget_peaks()
    list_ms = milliseconds(server.port, listing)
    peak_mb = server.peak_mb()
    random.Random(1).shuffle(segment_ids)
    order = with_json("POST", "/api/segments/reorder/", {"project_id": project_id, "segment_order": segment_ids})
    changes = [
        with_json("PATCH", f"/api/segments/{segment_id}/", {"text_content": f"Written again at {list_ms}"})
        for segment_id in segment_ids[:CHANGES]
    ]
    return {
        "list of 100,000 segments": list_ms,
        "most memory of a process meanwhile": peak_mb,
        "reorder of 100,000 segments": milliseconds(server.port, order),
        "change of one of 100,000 (PATCH), p95": round_of(send_all(server.port, changes, clients=CLIENTS), 200)[
            "p95_ms"
        ],
    }
