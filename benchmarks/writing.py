"""Writing: changing one segment by four clients at once, and ten thousand in one request."""

from __future__ import annotations

import random
from itertools import count

from benchmarks.clients import milliseconds, send_all, with_json
from benchmarks.comparison import Figure
from benchmarks.figures import round_of
from benchmarks.servers import Server
from benchmarks.stories import a_script, a_story

SEGMENTS = 10_000
CLIENTS = 4
CHANGES = 400

FIGURES = (
    Figure("change of one segment (PATCH)", "/s", target=2, is_more_better=True),
    Figure("reorder of 10,000 segments", "ms", target=25),
    Figure("import of 10,000 segments", "ms", target=4),
)

_versions = count(1)


def prepare(server: Server) -> tuple[int, list[int]]:
    return a_story(server, SEGMENTS)


def measure(server: Server, prepared: tuple[int, list[int]]) -> dict[str, float]:
    project_id, segment_ids = prepared
    version = next(_versions)
    changes = [
        with_json("PATCH", f"/api/segments/{segment_id}/", {"text_content": f"Written again, {version}"})
        for segment_id in segment_ids[:CHANGES]
    ]
    random.Random(version).shuffle(segment_ids)
    order = with_json("POST", "/api/segments/reorder/", {"project_id": project_id, "segment_order": segment_ids})
    script = with_json("POST", "/api/projects/import/", a_script(SEGMENTS, title=f"Bench {version}"))
    return {
        "change of one segment (PATCH)": round_of(send_all(server.port, changes, clients=CLIENTS), 200)["per_second"],
        "reorder of 10,000 segments": milliseconds(server.port, order),
        "import of 10,000 segments": milliseconds(server.port, script),
    }
