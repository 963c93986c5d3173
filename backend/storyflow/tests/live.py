"""The real server as a process, which a test starts and stops on a free loopback port."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from proof import BACKEND, environment

STARTS_WITHIN_S = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def jpeg(color: str = "teal", size: tuple[int, int] = (320, 200)) -> bytes:
    content = BytesIO()
    Image.new("RGB", size, color).save(content, "JPEG")
    return content.getvalue()


def comes_to(read: Callable[[], Any], expected: Any, within_s: float = 15) -> None:
    """Wait until ``read`` returns ``expected``: a page shows some changes before the server has responded."""
    deadline = time.monotonic() + within_s
    while (seen := read()) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert seen == expected


class Client:
    """A client with one persistent connection, like a browser tab."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Send a request. Returns (status, body): JSON as objects, other types as bytes."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        content = response.read()
        is_json = (response.getheader("Content-Type") or "").startswith("application/json")
        return response.status, json.loads(content) if is_json and content else content

    def upload(self, segment_id: int, name: str, content: bytes) -> Any:
        boundary = uuid.uuid4().hex
        body = (
            (
                f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
                "Content-Type: image/jpeg\r\n\r\n"
            ).encode()
            + content
            + f"\r\n--{boundary}--\r\n".encode()
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self.call("POST", f"/api/segments/{segment_id}/upload-image/", body, headers)


class Server:
    """``storyflow serve`` on its own data folder. It can be killed and started again."""

    def __init__(self, data_dir: Path, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.environment = environment
        self.log = data_dir.with_name(f"{data_dir.name}-{self.port}.log")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start the server and wait for the first response. Returns the time in seconds."""
        begun = time.monotonic()
        self.spawn()
        assert self.process
        while time.monotonic() - begun < STARTS_WITHIN_S:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.log.read_text()}")
            try:
                # 401: it wants its token first.
                if Client(self.port).call("GET", "/healthz")[0] in (200, 401):
                    return time.monotonic() - begun
            except OSError:
                time.sleep(0.02)
        raise AssertionError("the server did not answer in time")

    def spawn(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve"],
            env={
                **os.environ,
                "STORYFLOW_DATA_DIR": str(self.data_dir),
                "STORYFLOW_PORT": str(self.port),
                "STORYFLOW_EXAMPLE": "false",
                # Most tests have no long work; those that do ask for a worker.
                "STORYFLOW_WORKERS": "0",
                **self.environment,
            },
            # A pipe that nobody reads would stop the server once it is full.
            stdout=self.log.open("a"),
            stderr=subprocess.STDOUT,
        )

    def stop(self, with_signal: int = signal.SIGINT) -> tuple[int, float, str]:
        """Stop the server. Returns (exit code, seconds, output)."""
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(with_signal)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        code, self.process = self.process.returncode, None
        return code, time.monotonic() - begun, self.log.read_text()

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    def processes(self, what: str = "") -> list[int]:
        """Return the ids of the child processes, or of those with the name ``what``: "answers" or "works"."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if Path(f"/proc/{pid}/comm").read_text().strip().endswith(what)]

    def client(self) -> Client:
        return Client(self.port)


@contextmanager
def running(data_dir: Path, **environment: str) -> Iterator[Server]:
    server = Server(data_dir, **environment)
    server.start()
    try:
        yield server
    finally:
        if server.process:
            server.kill()


def a_project(client: Client, segments: int = 3) -> tuple[int, list[int]]:
    story = {"format": "json", "title": "Live", "segments": [{"text_content": f"Text {n}"} for n in range(segments)]}
    status, project = client.call("POST", "/api/projects/import/", story)
    assert status == 201, project
    return project["id"], [segment["id"] for segment in project["segments"]]


def problems_on_disk(data_dir: Path) -> list[str]:
    """Return rows without files, files without rows, and unexpected files. The server must not run."""
    process = subprocess.run(
        [sys.executable, "-m", "proof.look"],
        env=environment(STORYFLOW_DATA_DIR=str(data_dir)),
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return list(json.loads(process.stdout))
