"""Stalled downloads: forty videos that nobody goes on watching, and the API meanwhile."""

from __future__ import annotations

from contextlib import ExitStack, closing

from benchmarks.clients import Connection, Request, send_all
from benchmarks.comparison import Figure
from benchmarks.figures import round_of
from benchmarks.servers import OURS, Server
from benchmarks.stories import a_story
from benchmarks.videos import a_video

DOWNLOADS = 40
CLIENTS = 4
REQUESTS = 2000
# A server whose workers all send paused videos would never respond.
TIMEOUT_S = 5

NAME = "one segment beside 40 stalled videos, p95"
FIGURES = (Figure(NAME, "ms", at_most=20),)
MOST_ROUNDS = 3


def prepare(server: Server) -> tuple[str, str]:
    _, segment_ids = a_story(server, 10)
    return f"/api/segments/{segment_ids[0]}/", a_video(server)


def measure(server: Server, prepared: tuple[str, str]) -> dict[str, float | None]:
    """Measure the API beside the stalled downloads.

    Of the reference only whether it responds is measured, because its two workers are busy with two of the videos.
    """
    segment, video = prepared
    with ExitStack() as stack:
        for _ in range(DOWNLOADS):
            connection = stack.enter_context(closing(Connection(server.port, receive_bytes=65536)))
            connection.send(Request("GET", video).as_sent())
            if server.name == OURS:
                connection.head()
        count = REQUESTS if _answers(server.port, segment) else 0
        outcomes = send_all(server.port, [Request("GET", segment)] * count, clients=CLIENTS)
    return {NAME: round_of(outcomes, 200)["p95_ms"] if outcomes else None}


def _answers(port: int, path: str) -> bool:
    with closing(Connection(port, timeout_s=TIMEOUT_S)) as connection:
        connection.send(Request("GET", path).as_sent())
        try:
            return connection.response()[0] == 200
        except TimeoutError:
            return False
