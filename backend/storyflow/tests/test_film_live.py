"""Narrating and rendering with the real server and its workers, which are killed, stopped and restarted."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from storyflow.tests.live import Client, Server, jpeg

pytestmark = pytest.mark.django_db

TEXTS = [f"This is sentence number {number} of the story." for number in range(6)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data", STORYFLOW_WORKERS="1")
    running.start()
    yield running
    running.kill()


def a_project(client: Client, size: str = "1280x720") -> int:
    status, _ = client.call("PATCH", "/api/settings/", {"size": size})
    assert status == 200
    story = {"format": "json", "title": "Half a Fig", "segments": [{"text_content": text} for text in TEXTS]}
    _, project = client.call("POST", "/api/projects/import/", story)
    for segment, colour in zip(project["segments"], ("teal", "maroon", "olive") * 2, strict=True):
        assert client.upload(segment["id"], "a.jpg", jpeg(colour, (1600, 900)))[0] == 200
    _, task = client.call("POST", f"/api/projects/{project['id']}/generate-all-audio/", {})
    until(lambda: client.call("GET", f"/api/tasks/{task['task_id']}/status/")[1]["status"] == "COMPLETED")
    return int(project["id"])


def until(is_so: Callable[[], Any], within_s: float = 120) -> Any:
    deadline = time.monotonic() + within_s
    while not (found := is_so()):
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)
    return found


def status_of(client: Client, project: int) -> dict[str, Any]:
    return dict(client.call("GET", f"/api/projects/{project}/status/")[1])


def percentage(client: Client, project: int) -> float:
    return (status_of(client, project)["progress"] or {}).get("percentage", 0.0)


def workers_of(server: Server) -> list[int]:
    return server.processes("works")


def frames_in(server: Server, url: str) -> int:
    with av.open(str(server.data_dir / url.lstrip("/"))) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


def test_a_render_outlives_the_server_and_goes_on_from_what_was_drawn(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client)
    client.call("POST", f"/api/projects/{project}/render/")
    until(lambda: percentage(client, project) > 45)
    (worker,) = workers_of(server)
    server.kill()
    until(lambda: not Path(f"/proc/{worker}").exists(), within_s=20)
    drawn = {path.name: path.stat().st_mtime_ns for path in server.data_dir.rglob("*.chunk")}
    assert drawn

    server.start()
    client = Client(server.port)
    seen = until(lambda: percentage(client, project))
    assert seen > 30  # it does not begin again at nothing
    done = until(lambda: (s := status_of(client, project))["status"] == "COMPLETED" and s)
    _, (video,) = client.call("GET", f"/api/projects/{project}/renders/")
    assert frames_in(server, done["output_url"]) == video["frames"]
    after = {path.name: path.stat().st_mtime_ns for path in server.data_dir.rglob("*.chunk")}
    assert drawn.keys() <= after.keys()
    assert len(after) > len(drawn)
    folders = [path for path in server.data_dir.rglob("work") if path.is_dir()]
    assert all(not any(folder.iterdir()) for folder in folders)


def test_a_killed_worker_is_replaced_and_its_work_done(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client)
    client.call("POST", f"/api/projects/{project}/render/")
    until(lambda: percentage(client, project) > 30)
    (worker,) = workers_of(server)
    os.kill(worker, signal.SIGKILL)
    until(lambda: status_of(client, project)["status"] == "COMPLETED")
    assert workers_of(server) != [worker]


def test_one_request_makes_both_shapes_of_a_story_that_has_nothing_yet(server: Server) -> None:
    client = Client(server.port)
    story = {"format": "json", "title": "Half a Fig", "segments": [{"text_content": text} for text in TEXTS[:3]]}
    _, project = client.call("POST", "/api/projects/import/", story)
    client.call("PATCH", f"/api/segments/{project['segments'][1]['id']}/", {"is_locked": True})
    wish = {"sizes": ["320x180", "180x320"], "fill": True}
    status, _ = client.call("POST", f"/api/projects/{project['id']}/render/", wish)
    assert status == 202
    until(lambda: status_of(client, project["id"])["status"] == "COMPLETED")
    _, (tall, wide) = client.call("GET", f"/api/projects/{project['id']}/renders/")
    assert [(it["size"], it["is_current"], it["silent"]) for it in (tall, wide)] == [
        ("180x320", True, []),
        ("320x180", True, []),
    ]
    assert frames_in(server, tall["video_url"]) == frames_in(server, wide["video_url"]) == wide["frames"]
    assert len(wide["cards"]) == 3
    assert client.call("GET", wide["poster_url"])[0] == 200
    _, segments = client.call("GET", f"/api/segments/?project={project['id']}")
    assert all(segment["audio_file"] for segment in segments)


def test_a_worker_killed_in_the_second_size_leaves_the_first_and_another_makes_the_second(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client)
    client.call("POST", f"/api/projects/{project}/render/", {"sizes": ["320x180", "1280x720"]})

    def second_is_drawn() -> Any:
        sizes = (status_of(client, project)["progress"] or {}).get("sizes", [{}, {}])
        # The second is begun while the first is put together.
        return sizes[0].get("state") == "done" and sizes[1].get("state") == "drawing" and sizes[0]

    first = until(second_is_drawn)
    (worker,) = workers_of(server)
    os.kill(worker, signal.SIGKILL)
    assert first["state"] == "done"
    until(lambda: status_of(client, project)["status"] == "COMPLETED")
    _, renders = client.call("GET", f"/api/projects/{project}/renders/")
    assert [it["size"] for it in renders] == ["1280x720", "320x180"]
    assert renders[1]["id"] == first["render"]
    assert len({it["batch"] for it in renders}) == 1


def test_cancelling_takes_effect_within_moments_and_keeps_the_video_before(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client, size="320x180")
    client.call("POST", f"/api/projects/{project}/render/")
    before = until(lambda: status_of(client, project)["output_url"])
    client.call("PATCH", "/api/settings/", {"size": "1920x1080"})
    _, task = client.call("POST", f"/api/projects/{project}/render/")
    until(lambda: percentage(client, project) > 22)
    client.call("POST", f"/api/tasks/{task['task_id']}/cancel/")
    stopped = until(lambda: (s := status_of(client, project))["status"] == "CANCELLED" and s, within_s=10)
    assert stopped["output_url"] == before
    assert client.call("GET", before)[0] == 200


def test_stopping_the_server_puts_the_work_back_and_leaves_no_process(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client)
    client.call("POST", f"/api/projects/{project}/render/")
    until(lambda: percentage(client, project) > 25)
    (worker,) = workers_of(server)
    assert server.process
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert not Path(f"/proc/{worker}").exists()
    server.start()
    until(lambda: status_of(Client(server.port), project)["status"] == "COMPLETED")


def test_editing_while_it_renders_is_answered_at_once_and_leaves_the_film_alone(server: Server) -> None:
    client = Client(server.port)
    project = a_project(client)
    _, segments = client.call("GET", f"/api/segments/?project={project}")
    client.call("POST", f"/api/projects/{project}/render/")
    until(lambda: percentage(client, project) > 22)
    first = segments[0]["id"]
    assert client.call("PATCH", f"/api/segments/{first}/", {"text_content": "Another beginning."})[0] == 200
    assert client.upload(first, "b.jpg", jpeg("white"))[0] == 200
    assert client.call("DELETE", f"/api/segments/{segments[1]['id']}/")[0] == 204
    done = until(lambda: (s := status_of(client, project))["status"] == "COMPLETED" and s)
    srt = client.call("GET", done["output_url"].replace(".mp4", ".srt"))[1]
    assert all(f"number {number}".encode() in srt for number in range(6))
