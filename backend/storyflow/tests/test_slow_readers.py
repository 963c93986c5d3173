"""A long answer that its client is slow to take, and a film that does not wait for others' long work."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

from storyflow.tests.live import Client, running

MEGABYTE = 1024 * 1024


def a_long_list(client: Client) -> str:
    """The path of a list of 24 MB, more than the server and the kernel hold back for a connection by themselves."""
    segments = [{"text_content": "a" * MEGABYTE}] * 12
    _, project = client.call("POST", "/api/projects/import/", {"format": "json", "title": "Long", "segments": segments})
    more = {"format": "json", "segments": segments}
    assert client.call("POST", f"/api/projects/{project['id']}/import-segments/", more)[0] == 201
    return f"/api/segments/?project={project['id']}"


def test_a_list_that_nobody_takes_holds_no_thread(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYFLOW_PROCESSES="1", STORYFLOW_THREADS="1") as server:
        path = a_long_list(server.client())
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", server.port))
            slow.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert slow.recv(12) == b"HTTP/1.1 200"

            status, _ = server.client().call("GET", "/healthz")
        assert status == 200


def test_a_film_begins_while_every_thread_is_busy(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYFLOW_PROCESSES="1", STORYFLOW_THREADS="1") as server:
        film = server.data_dir / "media" / "projects" / "1" / "film.mp4"
        film.parent.mkdir(parents=True)
        film.write_bytes(b"film" * 100)
        busy, viewer = server.client(), server.client()
        database = sqlite3.connect(server.data_dir / "db.sqlite3", isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        # It waits for the database, and with it the only thread.
        busy.connection.request("POST", "/api/projects/", b'{"title": "A"}', {"Content-Type": "application/json"})
        assert viewer.call("GET", "/media/projects/1/film.mp4") == (200, b"film" * 100)
        assert viewer.call("GET", "/media/projects/1/film.mp4", headers={"Range": "bytes=4-7"}) == (206, b"film")
        database.execute("ROLLBACK")
        assert busy.connection.getresponse().status == 201
        database.close()
