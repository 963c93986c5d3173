"""A long response to a slow client."""

from __future__ import annotations

import socket
from pathlib import Path

from storyflow.tests.live import Client, running

MEGABYTE = 1024 * 1024


def a_long_list(client: Client) -> str:
    """Return the path of a list of 24 MB, which is more than server and kernel buffer for a connection in memory."""
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
