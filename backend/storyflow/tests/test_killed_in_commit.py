"""A process of the server that is killed inside the fsync of a commit: what the others see afterwards is what stays.

Nobody writes between the settling and the restart, so that only StoryFlow itself can have made the answer final.
"""

from __future__ import annotations

import http.client
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from proof.crash.torture import build_shim
from storyflow.tests.live import Client, Server, a_project, jpeg, problems_on_disk, running

SETTLED_WITHIN_S = 120
OLD, NEW = jpeg("teal"), jpeg("crimson")

ACTS: dict[str, Callable[[Client, int], object]] = {
    "first upload": lambda client, segment: client.upload(segment + 1, "b.jpg", NEW),
    "replacement": lambda client, segment: client.upload(segment, "b.jpg", NEW),
    "replacement by the same name": lambda client, segment: client.upload(segment, "a.jpg", NEW),
    "removal": lambda client, segment: client.call("DELETE", f"/api/segments/{segment}/remove-image/"),
}


def killed_in_its_commit(server: Server, flag: Path, act: Callable[[], object]) -> None:
    """Kill the server process inside its commit, and wait until the unfinished operation is recovered."""
    flag.touch()
    with pytest.raises((OSError, http.client.HTTPException)):
        act()
    assert not flag.exists()
    deadline = time.monotonic() + SETTLED_WITHIN_S
    while "undone" not in server.log.read_text():
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.05)


def pictures(client: Client, project: int) -> list[Any]:
    """Return for each segment the URL path of its picture and the response to that path."""
    rows = client.call("GET", f"/api/segments/?project={project}")[1]
    return [(row["image_file"], row["image_file"] and client.call("GET", row["image_file"])) for row in rows]


@pytest.mark.slow
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
@pytest.mark.parametrize("act", ACTS)
def test_what_is_seen_after_a_kill_in_a_commit_is_found_after_a_restart(
    act: str, ending: signal.Signals, tmp_path: Path
) -> None:
    flag, data = tmp_path / "kill", tmp_path / "data"
    shim = build_shim(tmp_path)
    with running(
        data, LD_PRELOAD=str(shim), FAULT_KILL_FLAG=str(flag), STORYFLOW_KEEP_METADATA="true", STORYFLOW_PROCESSES="2"
    ) as server:
        clients = [server.client() for _ in range(4)]
        project, segments = a_project(clients[0])
        assert clients[0].upload(segments[0], "a.jpg", OLD)[0] == 200
        # Each process has opened its connection before the kill, and keeps it afterwards.
        before, *_ = [pictures(client, project) for client in clients]
        killed_in_its_commit(server, flag, lambda: ACTS[act](server.client(), segments[0]))
        seen = pictures(server.client(), project)
        assert seen == before
        server.stop(ending)
        server.start()
        assert pictures(server.client(), project) == seen
        with suppress(OSError):
            server.stop()
    assert problems_on_disk(data) == []
