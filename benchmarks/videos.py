"""Videos: one of a gigabyte begins, and is wound to its middle."""

from __future__ import annotations

import os
import statistics
import time

from benchmarks.clients import Connection, Request
from benchmarks.comparison import Figure
from benchmarks.servers import Server

VIDEO = "projects/1/film.mp4"
VIDEO_BYTES = 1024**3
BEGINNINGS = 1000

FIGURES = (
    Figure("first byte of a 1 GB video", "ms", target=1),
    Figure("1 MB from its middle (Range)", "ms"),
)


def a_video(server: Server) -> str:
    """Create a sparse file as a video and return its URL path; its content does not matter."""
    file = server.data_dir / "media" / VIDEO
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as video:
        os.truncate(video.fileno(), VIDEO_BYTES)
    return f"/media/{VIDEO}"


def prepare(server: Server) -> str:
    return a_video(server)


def measure(server: Server, video: str) -> dict[str, float | None]:
    middle = f"bytes={VIDEO_BYTES // 2}-{VIDEO_BYTES // 2 + 1024**2 - 1}"
    return {
        "first byte of a 1 GB video": first_byte_ms(server.port, video),
        "1 MB from its middle (Range)": _range_ms(server.port, Request("GET", video, headers={"Range": middle})),
    }


def first_byte_ms(port: int, path: str) -> float:
    return statistics.median(_beginning_ms(port, Request("GET", path)) for _ in range(BEGINNINGS))


def _beginning_ms(port: int, request: Request) -> float:
    connection = Connection(port, receive_bytes=65536)
    begun = time.perf_counter()
    connection.send(request.as_sent())
    connection.head()
    taken = time.perf_counter() - begun
    connection.close()
    return taken * 1000


def _range_ms(port: int, request: Request) -> float | None:
    """Return the milliseconds of a range request, or None if the server ignores ranges and sends everything."""
    connection = Connection(port)
    begun = time.perf_counter()
    connection.send(request.as_sent())
    status, _, received = connection.head()
    while status == 206 and len(received) < 1024**2:
        received += connection.more()
    connection.close()
    return (time.perf_counter() - begun) * 1000 if status == 206 else None
