"""Stories for the benchmarks, with any number of segments of a usual length."""

from __future__ import annotations

from typing import Any

from benchmarks.clients import ask, post_json, with_json
from benchmarks.servers import Server

PROMPT = "A drawing of the scene in warm evening light, seen from above"


def a_script(count: int, *, title: str = "Bench") -> dict[str, Any]:
    segments = [
        {"text_content": f"Segment {number} says, in one sentence, what happens next.", "image_prompt": PROMPT}
        for number in range(count)
    ]
    return {"format": "json", "title": title, "segments": segments}


def a_story(server: Server, count: int) -> tuple[int, list[int]]:
    """Create a project. Returns its id, and the ids of its segments in order."""
    project = post_json(server.port, "/api/projects/import/", a_script(count))
    return project["id"], [segment["id"] for segment in project["segments"]]


def delete(server: Server, project_id: int) -> None:
    ask(server.port, with_json("DELETE", f"/api/projects/{project_id}/", {}))
