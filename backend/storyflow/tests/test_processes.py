"""The processes of one server: all serve requests, share the counts, and end or are restarted together."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from media_store.layout import quote_place
from storyflow.tests.live import Server, a_project, jpeg, running


def until(is_so: Callable[[], object], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def answering(server: Server) -> list[int]:
    """Wait for both server processes. Returns their ids."""
    until(lambda: len(server.processes("answers")) == 2)
    return server.processes("answers")


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_killed_process_is_replaced_while_the_other_answers(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2") as server:
        killed, other = answering(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: is_gone(killed))
        assert server.client().call("GET", "/healthz")[0] == 200
        assert other in answering(server)
        assert server.stop()[0] == 0


def test_what_a_killed_process_was_in_the_middle_of_is_settled_at_once(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2") as server:
        client = server.client()
        _, segments = a_project(client)
        assert client.upload(segments[0], "a.jpg", jpeg())[0] == 200
        media = server.data_dir / "media"
        (picture,) = media.glob("projects/*/images/*")
        place = f"media/{picture.relative_to(media).as_posix()}"
        # As a removal leaves it that is killed between the file's rename and the commit.
        picture.rename(media / ".sf" / "trash" / f"{uuid.uuid4().hex}~{quote_place(place)}")
        os.kill(answering(server)[0], signal.SIGKILL)
        until(picture.exists)
        assert len(answering(server)) == 2


def test_each_process_answers(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2") as server:
        one, two = answering(server)
        for stopped in (one, two):
            os.kill(stopped, signal.SIGSTOP)
            assert server.client().call("GET", "/api/projects/") == (200, [])
            os.kill(stopped, signal.SIGCONT)


@pytest.mark.parametrize("workers", ["0", "1"])
def test_nothing_is_left_of_a_killed_server(workers: str, tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2", STORYFLOW_WORKERS=workers) as server:
        children = server.processes()
        assert len(children) == 2 + int(workers)
        server.kill()
        until(lambda: all(map(is_gone, children)))
        server.start()
        assert server.client().call("GET", "/healthz")[0] == 200


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stopped_server_ends_all_its_processes_before_itself(name: str, tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2", STORYFLOW_WORKERS="1") as server:
        children = server.processes()
        assert server.stop(getattr(signal, name))[0] == 0
        assert all(map(is_gone, children))


def test_what_is_limited_is_counted_in_all_processes_together(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_PROCESSES="2", STORYFLOW_RATE_LIMITS="true") as server:
        _, segments = a_project(server.client())
        statuses = []
        for number in range(12):
            # The other one of the two answers every second time.
            stopped = answering(server)[number % 2]
            os.kill(stopped, signal.SIGSTOP)
            statuses.append(server.client().upload(segments[0], "a.jpg", jpeg())[0])
            os.kill(stopped, signal.SIGCONT)
    assert statuses == [200] * 10 + [429] * 2
