"""The HTTP server: the only file that knows waitress.

Waitress reads a request whole before a view sees it (large bodies from disk, not memory) and sends files from its
own loop, so a paused video holds no thread and no shutdown.
"""

from __future__ import annotations

import json
import mmap
import socket
import tempfile
import threading
import time
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer, ReadOnlyFileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from core.errors import ConfigurationError
from media_store.layout import current_layout
from storyflow.processes import stop_on_signals

MAX_BODY_BYTES = 1025 * 1024 * 1024
SEND_BYTES = 256 * 1024
FIRST_SEND_BYTES = 16 * 1024
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


class Task(WSGITask):
    """Has the head of an answer sent together with the first of its body: one call, and the client wakes once."""

    def build_response_header(self) -> bytes:
        self.channel.head = super().build_response_header()
        if self.request.command == "HEAD":
            # Else it would get a last chunk, which passes for the beginning of the next answer.
            self.chunked_response = False
        return b""

    def set_close_on_finish(self) -> None:
        """Waitress also closes after answers without a body, and chunked ones; their end is clear without it."""
        has_clear_end = self.chunked_response or not self.has_body
        if not has_clear_end or self.version == "1.0" or self.request.headers.get("CONNECTION", "").lower() == "close":
            super().set_close_on_finish()

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)

    def finish(self) -> None:
        super().finish()
        self.channel.write_soon(self.channel.taken_head())


class Channel(HTTPChannel):
    task_class = Task
    error_task_class = JSONErrorTask
    # What is to be sent before the next piece, and what was received before it was asked for.
    head = _arrived = b""

    def __init__(self, server: Any, connection: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, connection, *args, **kwargs)
        self.sendbuf_len = SEND_BYTES
        with suppress(OSError):
            self._arrived = connection.recv(self.adj.recv_bytes)
        if self._arrived:
            # The loop would first look once more at every other connection.
            wasyncore.read(self)

    def recv(self, buffer_size: int) -> bytes:
        arrived, self._arrived = self._arrived, b""
        return arrived or super().recv(buffer_size)

    def taken_head(self) -> bytes:
        head, self.head = self.head, b""
        return head

    def write_soon(self, data: Any) -> int:
        """Send at once what the kernel takes, as long as nothing waits before it; the loop sends the rest."""
        if not data:
            return 0
        head = self.taken_head()
        if isinstance(data, ReadOnlyFileBasedBuffer):
            super().write_soon(head)
            with self.outbuf_lock:
                if not self.connected:
                    # The file is still the task's, which closes it.
                    raise ClientDisconnected
                self.sendbuf_len = FIRST_SEND_BYTES
                self.outbufs += [data, OverflowableBuffer(self.adj.outbuf_overflow)]
                self.current_outbuf_count = 0
                self.total_outbufs_len += len(data)
        else:
            super().write_soon(self._sent_at_once(head + data if head else data))
        return len(data)

    def _sent_at_once(self, data: bytes) -> bytes:
        """Returns what could not be sent."""
        with self.outbuf_lock:
            if not data or self.total_outbufs_len:
                return data
            try:
                return data[self.send(data, do_close=False) :]
            except OSError:
                # The loop will meet it too, and knows what to do.
                return data

    def _flush_some(self, do_close: bool = True) -> bool:
        """A file begins with little: browsers break off many at once, to go on from elsewhere."""
        has_sent = bool(super()._flush_some(do_close))
        if has_sent:
            self.sendbuf_len = SEND_BYTES
        return has_sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """A list that its client is slow to take waits in nameless files; waitress would have the thread wait.

        Raising the watermark instead would also keep what is sent already in memory, up to the watermark.
        """


class LastIdleFirst:
    """A condition variable of ``lock`` that wakes who has waited least.

    Of many threads the same few then work as long as little is to do, and find in their database connections the pages
    that they read a moment ago.
    """

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock
        self._waiting: list[threading.Lock] = []

    def wait(self) -> None:
        waiter = threading.Lock()
        waiter.acquire()
        self._waiting.append(waiter)
        self._lock.release()
        waiter.acquire()
        self._lock.acquire()

    def notify(self) -> None:
        if self._waiting:
            self._waiting.pop().release()

    def notify_all(self) -> None:
        while self._waiting:
            self.notify()


class Threads(ThreadedTaskDispatcher):
    def __init__(self) -> None:
        super().__init__()
        self.queue_cv = LastIdleFirst(self.lock)


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
            # Connections have from it what is set here. On loopback the kernel would take megabytes at once, most of
            # them of a video that nobody goes on watching.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
    settings.socket_options = []  # see `listen`
    workers, channels = Threads(), {}
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
