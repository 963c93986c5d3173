"""Connections that never send a whole request."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

from storyflow.connection_limits import MAX_SILENT
from storyflow.tests.live import running


def test_half_sent_heads_lock_nobody_out(tmp_path: Path) -> None:
    with running(tmp_path / "data", STORYFLOW_PROCESSES="1", STORYFLOW_THREADS="2") as server, ExitStack() as opened:
        patient = server.client()
        assert patient.call("GET", "/healthz")[0] == 200
        for _ in range(5 * MAX_SILENT):
            half = opened.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            half.sendall(b"GET /healthz HTTP/1.1\r\nHost: local")
        assert server.client().call("GET", "/healthz")[0] == 200
        first = patient.connection.sock
        assert patient.call("GET", "/healthz")[0] == 200
        assert patient.connection.sock is first
