"""The HTTP server: the only file that knows waitress.

Waitress reads a request whole before a view sees it (large bodies from disk, not memory) and sends files from its
own loop, so a paused video holds no thread and no shutdown.
"""

from __future__ import annotations

import json
import mmap
import socket
import tempfile
import time
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher

from core.errors import ConfigurationError
from media_store.layout import current_layout
from storyflow.processes import stop_on_signals

MAX_BODY_BYTES = 1025 * 1024 * 1024
SEND_BYTES = 256 * 1024
RECEIVE_BYTES = 256 * 1024
BODY_IN_MEMORY_BYTES = 1024 * 1024
BACKLOG = 1024
GO_FIRST_S = 0.0005
_INTEGER_BYTES = 8


class JSONErrorTask(ErrorTask):
    """Requests the server itself refuses are answered like all others: JSON with a sentence."""

    def execute(self) -> None:
        problem = self.request.error
        body = json.dumps({"error": f"{problem.reason}: {problem.body}."}).encode()
        self.status = f"{problem.code} {problem.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    error_task_class = JSONErrorTask

    def __init__(self, server: Any, connection: socket.socket, *args: Any, **kwargs: Any) -> None:
        # On loopback the kernel would take megabytes at once, most of them of a video that nobody goes on watching.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
        super().__init__(server, connection, *args, **kwargs)
        self.sendbuf_len = SEND_BYTES
        if _has_arrived(connection):
            # Else the loop would first look once more at every other connection.
            self.handle_read()

    def _flush_outbufs_below_high_watermark(self) -> None:
        """A list that its client is slow to take waits in nameless files; waitress would have the thread wait.

        Raising the watermark instead would also keep what is sent already in memory, up to the watermark.
        """


def _has_arrived(connection: socket.socket) -> bool:
    try:
        return bool(connection.recv(1, socket.MSG_PEEK))
    except OSError:
        return False


class Crowd:
    """How many connections each of the processes that answer has open; to be made before they are forked."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, processes * _INTEGER_BYTES)).cast("q")

    def note(self, process: int, count: int) -> None:
        self._counts[process] = count

    def is_smaller_elsewhere(self, process: int) -> bool:
        return min(self._counts) < self._counts[process]


class Listener(TcpWSGIServer):
    """Takes connections, but lets a process go first that has fewer of them.

    Without it one of two idle processes often gets all connections of a browser, and the other has nothing to do.
    """

    channel_class = Channel

    def join(self, crowd: Crowd, process: int) -> None:
        self._crowd, self._process = crowd, process

    def readable(self) -> bool:
        self._crowd.note(self._process, len(self.active_channels))
        return bool(super().readable())

    def handle_accept(self) -> None:
        if self._crowd.is_smaller_elsewhere(self._process):
            # Long enough for an idle process to wake and take it, too short to matter when it does not.
            time.sleep(GO_FIRST_S)
        super().handle_accept()


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that take connections from now on; who answers them is another matter.

    Raises ``ConfigurationError`` when the port cannot be had.
    """
    address = in_words(host, port)
    sockets: list[socket.socket] = []
    try:
        for family, kind, _, where in Adjustments(listen=address).listen:
            one = socket.socket(family, kind)
            sockets.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.bind(where)
            one.listen(BACKLOG)
    except (OSError, ValueError) as exc:
        for one in sockets:
            one.close()
        raise ConfigurationError(
            f"{address} cannot be listened on ({exc.strerror if isinstance(exc, OSError) else exc}). "
            "Is StoryFlow running already? Another port can be given with PORT."
        ) from exc
    return sockets


def in_words(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def answer(application: Any, sockets: list[socket.socket], *, threads: int, crowd: Crowd, process: int) -> None:
    """Answer what comes to ``sockets``, as number ``process`` of a ``crowd``, until SIGINT or SIGTERM."""
    # Bodies waitress puts aside go to the data folder's disk: /tmp may be memory. They have no name there.
    tempfile.tempdir = str(current_layout().incoming)
    settings = Adjustments(
        sockets=sockets,
        threads=threads,
        backlog=BACKLOG,
        # A picture arrives in a few pieces, not in a hundred, and one of the size that the web has is not put aside.
        recv_bytes=RECEIVE_BYTES,
        inbuf_overflow=BODY_IN_MEMORY_BYTES,
        connection_limit=500,
        channel_timeout=300,
        max_request_body_size=MAX_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
        ident="storyflow",
    )
    workers, channels = ThreadedTaskDispatcher(), {}
    workers.set_thread_count(threads)
    for one in sockets:
        found = (one.family, one.type, one.proto, one.getsockname())
        Listener(
            application, channels, True, one, dispatcher=workers, adj=settings, sockinfo=found, bind_socket=False
        ).join(crowd, process)
    stop_on_signals()
    try:
        wasyncore.loop(settings.asyncore_loop_timeout, map=channels)
    except SystemExit:
        workers.shutdown()
    finally:
        wasyncore.close_all(channels)
