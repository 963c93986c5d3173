"""The HTTP server: with ``request_heads`` and ``answers`` all that knows waitress.

Waitress reads a request whole before a view sees it (large bodies from disk, not memory) and sends files from its
own loop, so a paused video holds no thread and no shutdown.
"""

from __future__ import annotations

import errno
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
from waitress.task import ThreadedTaskDispatcher

from core.errors import ConfigurationError
from media_store.layout import current_layout
from storyflow import connection_limits
from storyflow.processes import stop_on_signals
from storyflow.request_heads import RequestHead
from storyflow.response_tasks import JSONErrorTask, Task

MAX_BODY_BYTES = 1025 * 1024 * 1024
SEND_BYTES = 256 * 1024
FIRST_SEND_BYTES = 16 * 1024
RECEIVE_BYTES = 256 * 1024
BODY_IN_MEMORY_BYTES = 1024 * 1024
BACKLOG = 1024
ACCEPT_DELAY_S = 0.0005
MAINTENANCE_INTERVAL_S = 2
_INTEGER_BYTES = 8
# Beyond what `connection_limits` closes: connections that are all at work.
_MOST_OPEN = connection_limits.MAX_CONNECTIONS + 100
IPV4_LOOPBACK, IPV6_LOOPBACK = "127.0.0.1", "::1"
# A machine without IPv6.
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Channel(HTTPChannel):
    task_class = Task
    error_task_class = JSONErrorTask
    parser_class = RequestHead
    # See `connection_limits`.
    has_asked = False
    head_since: float | None = None
    # What is to be sent before the next piece, and what was received before it was asked for.
    head = _early_bytes = b""

    def __init__(self, server: Any, connection: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, connection, *args, **kwargs)
        self.sendbuf_len = SEND_BYTES
        self.head_since = self.creation_time
        with suppress(OSError):
            self._early_bytes = connection.recv(self.adj.recv_bytes)
        if self._early_bytes:
            # The loop would first look once more at every other connection.
            wasyncore.read(self)

    def recv(self, buffer_size: int) -> bytes:
        arrived, self._early_bytes = self._early_bytes, b""
        return arrived or super().recv(buffer_size)

    def received(self, data: bytes) -> bool:
        outcome = bool(super().received(data))
        if self.requests or (self.request is not None and self.request.headers_finished):
            self.has_asked, self.head_since = True, None
        elif self.head_since is None:
            self.head_since = time.time()
        return outcome

    def readable(self) -> bool:
        if self.will_close:
            # By itself waitress closes only what can be written to, which a client who takes nothing prevents.
            self.handle_close()
            return False
        return bool(super().readable())

    def writable(self) -> bool:
        return bool(self.connected and super().writable())

    def has_pending_request(self) -> bool:
        return bool(self.requests)

    def is_moving(self) -> bool:
        return bool(self.total_outbufs_len or (self.request is not None and self.request.headers_finished))

    def buffered_bytes(self) -> int:
        return sum(len(one) for one in list(self.outbufs) if not isinstance(one, ReadOnlyFileBasedBuffer))

    def take_head(self) -> bytes:
        head, self.head = self.head, b""
        return head

    def write_soon(self, data: Any) -> int:
        """Send at once what the kernel takes, as long as nothing waits before it; the loop sends the rest."""
        if not data:
            return 0
        head = self.take_head()
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
            rest = self._send_now(head + data if head else data)
            self._enforce_buffer_limit(len(rest))
            super().write_soon(rest)
        return len(data)

    def _enforce_buffer_limit(self, more: int) -> None:
        """Give up answers that nobody takes, before all of them fill the disk. Raises ``ClientDisconnected``."""
        if not more or self.total_outbufs_len + more <= connection_limits.MEMORY_BUFFER_BYTES:
            return
        given_up = connection_limits.connections_to_abort(self.server.connections(), self, more, time.time())
        for one in given_up:
            one.will_close = True
        if given_up:
            self.server.pull_trigger()
        if self in given_up:
            raise ClientDisconnected

    def _send_now(self, data: bytes) -> bytes:
        """Returns what could not be sent."""
        with self.outbuf_lock:
            if not data or self.total_outbufs_len:
                return data
            if not self.connected:
                raise ClientDisconnected
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


class LifoCondition:
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


class LifoDispatcher(ThreadedTaskDispatcher):
    def __init__(self) -> None:
        super().__init__()
        self.queue_cv = LifoCondition(self.lock)


class ConnectionCounts:
    """How many connections each of the processes that answer has open; to be made before they are forked."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, processes * _INTEGER_BYTES)).cast("q")

    def update(self, process: int, count: int) -> None:
        self._counts[process] = count

    def another_process_has_fewer(self, process: int) -> bool:
        return min(self._counts) < self._counts[process]


class BalancedServer(TcpWSGIServer):
    """Takes connections, but lets a process go first that has fewer of them.

    Without it one of two idle processes often gets all connections of a browser, and the other has nothing to do.
    """

    channel_class = Channel

    def share_counts(self, counts: ConnectionCounts, process: int) -> None:
        self._counts, self._process = counts, process

    def connections(self) -> list[Channel]:
        """Of this process, also those that came to another address."""
        return [one for one in list(self._map.values()) if isinstance(one, Channel)]

    def readable(self) -> bool:
        self._counts.update(self._process, len(self._map))
        return bool(super().readable())

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for one in connection_limits.with_slow_heads(self.active_channels.values(), now):
            one.will_close = True

    def handle_accept(self) -> None:
        if self._counts.another_process_has_fewer(self._process):
            # Long enough for an idle process to wake and take it, too short to matter when it does not.
            time.sleep(ACCEPT_DELAY_S)
        super().handle_accept()
        everybody = self.connections()
        if everybody and (closed := connection_limits.connection_to_close(everybody, everybody[-1], time.time())):
            closed.handle_close()


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that take connections from now on; who answers them is another matter.

    This machine's own address is both 127.0.0.1 and ::1, for that is what "localhost" may mean to a client; where
    there is no IPv6, and with port 0, the first alone. Raises
    ``ConfigurationError`` when the port cannot be had.
    """
    is_loopback = host in ("localhost", IPV4_LOOPBACK)
    sockets = _listen_at(IPV4_LOOPBACK if is_loopback else host, port)
    if port and is_loopback:
        try:
            sockets += _listen_at(IPV6_LOOPBACK, port)
        except ConfigurationError as exc:
            if getattr(exc.__cause__, "errno", None) not in _NO_SUCH_ADDRESS:
                for one in sockets:
                    one.close()
                raise
    return sockets


def _listen_at(host: str, port: int) -> list[socket.socket]:
    address = format_address(host, port)
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


def format_address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def serve(
    application: Any, sockets: list[socket.socket], *, threads: int, counts: ConnectionCounts, process: int
) -> None:
    """Answer what comes to ``sockets``, as number ``process`` of a ``counts``, until SIGINT or SIGTERM."""
    # Bodies waitress puts aside go to the data folder's disk: /tmp may be memory. They have no name there.
    tempfile.tempdir = str(current_layout().incoming)
    settings = Adjustments(
        sockets=sockets,
        threads=threads,
        backlog=BACKLOG,
        # A picture arrives in a few pieces, not in a hundred, and one of the size that the web has is not put aside.
        recv_bytes=RECEIVE_BYTES,
        inbuf_overflow=BODY_IN_MEMORY_BYTES,
        connection_limit=_MOST_OPEN,
        channel_timeout=300,
        cleanup_interval=MAINTENANCE_INTERVAL_S,
        max_request_body_size=MAX_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
        ident="storyflow",
    )
    settings.socket_options = []  # see `listen`
    workers, channels = LifoDispatcher(), {}
    workers.set_thread_count(threads)
    for one in sockets:
        found = (one.family, one.type, one.proto, one.getsockname())
        BalancedServer(
            application, channels, True, one, dispatcher=workers, adj=settings, sockinfo=found, bind_socket=False
        ).share_counts(counts, process)
    stop_on_signals()
    try:
        # `select` ends at the 1,024th open file, and a connection may have a file of its own.
        wasyncore.loop(settings.asyncore_loop_timeout, map=channels, use_poll=True)
    except SystemExit:
        workers.shutdown()
    finally:
        wasyncore.close_all(channels)
