"""Concurrent clients that send a list of requests, each over one persistent connection, as browser tabs do.

They send HTTP over plain sockets. A client that parses every header into objects would use as much of a small
machine's two cores as the server that is measured.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_S = 120
_PIECE_BYTES = 256 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_BODILESS = (204, 304)


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def as_sent(self) -> bytes:
        headers = {"Host": "127.0.0.1", **self.headers}
        if self.body is not None:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + (self.body or b"")


@dataclass(frozen=True)
class Outcome:
    """The result of a request; ``begun_s`` is a time of ``time.perf_counter``, ``status`` 0 a broken connection."""

    status: int
    begun_s: float
    seconds: float


class Connection:
    """A persistent connection to a server on loopback; it is opened again after the server closes it."""

    def __init__(self, port: int, *, receive_bytes: int | None = None, timeout_s: float = TIMEOUT_S) -> None:
        self._port = port
        self._patience_s = timeout_s
        self._receive_bytes = receive_bytes
        self._socket: socket.socket | None = None

    def send(self, request: bytes) -> None:
        self._opened().sendall(request)

    def head(self) -> tuple[int, bytes, bytearray]:
        """Return status, head, and the bytes of the body that have arrived with it."""
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self.more()
        head = bytes(received[: end + 2])
        status = _STATUS.match(head)
        if status is None:
            raise ConnectionError("an answer that is no HTTP")
        return int(status[1]), head, received[end + 4 :]

    def response(self) -> tuple[int, bytes]:
        """Return status and body of the next response, with the chunked encoding removed."""
        status, head, received = self.head()
        length = _LENGTH.search(head)
        if status in _BODILESS:
            body = b""
        elif length:
            while len(received) < int(length[1]):
                received += self.more()
            body = bytes(received)
        elif _CHUNKED.search(head):
            while not received.endswith(b"0\r\n\r\n"):
                received += self.more()
            body = b"".join(_chunks(bytes(received)))
        else:
            body = bytes(received) + self._rest()
        if _CLOSE.search(head):
            self.close()
        return status, body

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _opened(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket()
            if self._receive_bytes is not None:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_bytes)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.settimeout(self._patience_s)
            self._socket.connect(("127.0.0.1", self._port))
        return self._socket

    def more(self) -> bytes:
        piece = self._opened().recv(_PIECE_BYTES)
        if not piece:
            raise ConnectionError("the server closed the connection")
        return piece

    def _rest(self) -> bytes:
        pieces = iter(lambda: self._opened().recv(_PIECE_BYTES), b"")
        rest = b"".join(pieces)
        self.close()
        return rest


def _chunks(body: bytes) -> list[bytes]:
    chunks, position = [], 0
    while size := int(body[position : (end := body.index(b"\r\n", position))], 16):
        chunks.append(body[end + 2 : end + 2 + size])
        position = end + size + 4
    return chunks


def upload(path: str, name: str, content: bytes) -> Request:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return Request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def with_json(method: str, path: str, body: Any) -> Request:
    return Request(method, path, json.dumps(body).encode(), {"Content-Type": "application/json"})


def ask(port: int, request: Request) -> bytes:
    """Send a request and return the body of the response. Raises ``RuntimeError`` if the status is not 2xx."""
    connection = Connection(port)
    connection.send(request.as_sent())
    status, body = connection.response()
    connection.close()
    if not 200 <= status < 300:
        raise RuntimeError(f"{request.method} {request.path} was answered {status}: {body[:300]!r}")
    return body


def post_json(port: int, path: str, body: Any) -> Any:
    return json.loads(ask(port, with_json("POST", path, body)))


def milliseconds(port: int, request: Request) -> float:
    """Return the milliseconds from opening a connection to the last byte of the response."""
    begun = time.perf_counter()
    ask(port, request)
    return (time.perf_counter() - begun) * 1000


def send_all(port: int, requests: Sequence[Request], *, clients: int) -> list[Outcome]:
    """Send every request once with ``clients`` concurrent clients. Returns the outcomes in the order of their ends."""
    waiting, outcomes = iter([request.as_sent() for request in requests]), []
    lock, ready = threading.Lock(), threading.Barrier(clients)

    def work() -> None:
        connection = Connection(port)
        ready.wait()
        while True:
            with lock:
                request = next(waiting, None)
            if request is None:
                connection.close()
                return
            outcome = _send(connection, request)
            with lock:
                outcomes.append(outcome)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _send(connection: Connection, request: bytes) -> Outcome:
    begun = time.perf_counter()
    try:
        connection.send(request)
        status, _ = connection.response()
    except OSError:
        connection.close()
        status = 0
    return Outcome(status, begun, time.perf_counter() - begun)
