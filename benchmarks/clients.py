"""Clients that work through a list of requests at once, each with one kept connection, as browser tabs do."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TIMEOUT_S = 120


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """``begun_s`` on the clock of ``time.perf_counter``; ``status`` 0 for a connection that broke."""

    status: int
    begun_s: float
    seconds: float


def upload(path: str, name: str, content: bytes) -> Request:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return Request("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})


def post_json(port: int, path: str, body: Any) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())


def send_all(port: int, requests: Sequence[Request], *, clients: int) -> list[Outcome]:
    """Every request once, by whichever client is free; outcomes in the order in which they ended."""
    waiting, outcomes = iter(requests), []
    lock, ready = threading.Lock(), threading.Barrier(clients)

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
        connection.connect()
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


def _send(connection: http.client.HTTPConnection, request: Request) -> Outcome:
    begun = time.perf_counter()
    try:
        connection.request(request.method, request.path, request.body, request.headers)
        response = connection.getresponse()
        response.read()
        status = response.status
    except (OSError, http.client.HTTPException):
        connection.close()
        status = 0
    return Outcome(status, begun, time.perf_counter() - begun)
