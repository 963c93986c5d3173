"""Starting, stopping, killing and restarting the server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from storyflow.tests.live import Server, a_project, jpeg, problems_on_disk, running

MIB = 1024 * 1024


def test_the_first_start_brings_the_example_story_with_its_pictures(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_EXAMPLE="true") as server:
        _, projects = server.client().call("GET", "/api/projects/")
        _, segments = server.client().call("GET", f"/api/segments/?project={projects[0]['id']}")
        _, _, output = server.stop()
    assert (projects[0]["title"], len(segments)) == ("Half a Fig", 7)
    assert all(segment["image_file"] for segment in segments)
    assert "StoryFlow is running at http://127.0.0.1:" in output
    assert "only this machine" in output


def test_the_example_is_not_imported_again_once_it_was_deleted(tmp_path: Path) -> None:
    with running(tmp_path, STORYFLOW_EXAMPLE="true") as server:
        server.client().call("DELETE", "/api/projects/1/")
        server.stop()
        server.start()
        assert server.client().call("GET", "/api/projects/") == (200, [])


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_it_stops_at_once_with_a_paused_download_open(name: str, tmp_path: Path) -> None:
    with running(tmp_path) as server:
        video = tmp_path / "media" / "projects" / "1" / "output" / "film.mp4"
        video.parent.mkdir(parents=True)
        with video.open("wb") as file:
            file.truncate(200 * MIB)
        paused = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4)]
        for download in paused:
            download.sendall(b"GET /media/projects/1/output/film.mp4 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert download.recv(4096).startswith(b"HTTP/1.1 200 OK")
        code, seconds, output = server.stop(getattr(signal, name))
    assert code == 0
    assert seconds < 3
    assert "StoryFlow has stopped." in output
    assert "Traceback" not in output


def test_a_port_in_use_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        second = Server(tmp_path)
        second.port = server.port
        second.spawn()
        assert second.process
        assert second.process.wait(timeout=30) == 1
    assert "Is StoryFlow running already?" in second.log.read_text()
    assert "Traceback" not in second.log.read_text()


def test_killed_between_any_two_calls_everything_is_there_after_the_next_start(tmp_path: Path) -> None:
    """Perform every kind of change, with `kill -9` after each."""
    with running(tmp_path) as server:

        def killed_and_started() -> None:
            server.kill()
            server.start()

        client = server.client()
        project, (one, two, three) = a_project(client)
        walk = [
            lambda: server.client().upload(one, "a.jpg", jpeg("red")),
            lambda: server.client().upload(two, "b.jpg", jpeg("green")),
            lambda: server.client().upload(one, "c.jpg", jpeg("blue")),
            lambda: server.client().call("PATCH", f"/api/segments/{two}/", {"is_locked": True}),
            lambda: server.client().call("DELETE", f"/api/segments/{one}/remove-image/"),
            lambda: server.client().call(
                "POST", "/api/segments/reorder/", {"project_id": project, "segment_order": [three, one, two]}
            ),
            lambda: server.client().call("DELETE", f"/api/segments/{two}/"),
            lambda: server.client().call("POST", f"/api/trash/{newest(server, 'segment')}/restore/"),
            lambda: server.client().call("DELETE", f"/api/projects/{project}/"),
            lambda: server.client().call("POST", f"/api/trash/{newest(server, 'project')}/restore/"),
        ]
        for act in walk:
            status, answer = act()
            assert status in (200, 204), answer
            killed_and_started()
        _, segments = server.client().call("GET", f"/api/segments/?project={project}")
        assert [segment["id"] for segment in segments] == [three, one, two]
        picture = server.client().call("GET", segments[2]["image_file"])
        server.stop()
    assert picture == (200, jpeg("green"))
    assert problems_on_disk(tmp_path) == []


def newest(server: Server, what: str) -> int:
    _, entries = server.client().call("GET", "/api/trash/")
    return next(int(entry["id"]) for entry in entries if entry["what"] == what)


def test_an_upload_larger_than_allowed_is_refused_without_filling_the_memory(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        _, (one, *_) = a_project(server.client())
        before = resident_mib(server)
        status, answer = server.client().upload(one, "huge.jpg", jpeg() + b"\0" * (300 * MIB))
        grown = resident_mib(server) - before
        _, segment = server.client().call("GET", f"/api/segments/{one}/")
    assert (status, answer["error"]) == (400, "Invalid image file")
    assert segment["image_file"] is None
    assert grown < 32
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size > 20 * MIB] == []


def resident_mib(server: Server) -> float:
    """Return the peak memory of any process of the server."""
    peaks = (Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0] for pid in server.processes())
    return max(map(int, peaks)) / 1024


def test_a_second_name_for_this_machine_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        for host in ("evil.example:80", "0.0.0.0"):
            status, answer = server.client().call("GET", "/api/projects/", headers={"Host": host})
            assert (status, list(answer)) == (400, ["error"])
        foreign = {"Origin": "https://evil.example"}
        status, _ = server.client().call("POST", "/api/projects/", {"title": "Mine"}, foreign)
        assert status == 403
        assert server.client().call("GET", "/api/projects/") == (200, [])


def test_a_broken_content_type_is_answered_not_crashed_on(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        for value in ("application/json; charset*=utf-8''%00", "text/plain; x*=nope''y", "a/b; charset=base64"):
            status, answer = server.client().call("POST", "/api/projects/", b"{}", {"Content-Type": value})
            assert (status, list(answer)) == (415, ["error"]), value


def test_what_the_server_itself_refuses_is_json_too(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        status, answer = server.client().call("GET", "/" + "x" * 300_000)
    assert status in (400, 431)
    assert list(answer) == ["error"]


def test_a_command_beside_the_running_server_sees_and_changes_the_same_story(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        _, (one, *_) = a_project(server.client())
        server.client().upload(one, "a.jpg", jpeg())
        server.client().call("DELETE", f"/api/segments/{one}/remove-image/")
        entry = newest(server, "image")
        environment = {**os.environ, "STORYFLOW_DATA_DIR": str(tmp_path)}
        command = [sys.executable, "-m", "cli.main", "trash", "restore", str(entry)]
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
        _, segment = server.client().call("GET", f"/api/segments/{one}/")
        assert server.client().call("GET", segment["image_file"]) == (200, jpeg())
