"""The HTTP server. Only this module, ``request_heads`` and ``response_tasks`` use waitress.

Waitress receives a whole request before it calls the application (large bodies go to disk, not to memory). It sends
files from its own loop, so that a paused video occupies no thread and delays no shutdown.
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
# More than `connection_limits` allows, for the case that all connections are busy and none can be closed.
_MAX_OPEN = connection_limits.MAX_CONNECTIONS + 100
IPV4_LOOPBACK, IPV6_LOOPBACK = "127.0.0.1", "::1"
# The errors of a machine without IPv6.
_NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class Channel(HTTPChannel):
    """A connection of waitress that also implements ``connection_limits.Connection``."""

    task_class = Task
    error_task_class = JSONErrorTask
    parser_class = RequestHead
    # See `connection_limits`.
    has_sent_request = False
    head_since: float | None = None
    # The head to send before the next data, and the data that the constructor received.
    head = _early_bytes = b""

    def __init__(self, server: Any, connection: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(server, connection, *args, **kwargs)
        self.sendbuf_len = SEND_BYTES
        self.head_since = self.creation_time
        with suppress(OSError):
            self._early_bytes = connection.recv(self.adj.recv_bytes)
        if self._early_bytes:
            # Handle it now: the loop would first poll every other connection again.
            wasyncore.read(self)

    def recv(self, buffer_size: int) -> bytes:
        early, self._early_bytes = self._early_bytes, b""
        return early or super().recv(buffer_size)

    def received(self, data: bytes) -> bool:
        outcome = bool(super().received(data))
        if self.requests or (self.request is not None and self.request.headers_finished):
            self.has_sent_request, self.head_since = True, None
        elif self.head_since is None:
            self.head_since = time.time()
        return outcome

    def readable(self) -> bool:
        if self.will_close:
            # Waitress closes a connection only when it is writable, which a client that reads nothing prevents.
            self.handle_close()
            return False
        return bool(super().readable())

    def writable(self) -> bool:
        return bool(self.connected and super().writable())

    def has_pending_request(self) -> bool:
        return bool(self.requests)

    def is_transferring(self) -> bool:
        return bool(self.total_outbufs_len or (self.request is not None and self.request.headers_finished))

    def buffered_bytes(self) -> int:
        return sum(len(one) for one in list(self.outbufs) if not isinstance(one, ReadOnlyFileBasedBuffer))

    def take_head(self) -> bytes:
        """Return the head that is not sent yet, and forget it."""
        head, self.head = self.head, b""
        return head

    def write_soon(self, data: Any) -> int:
        """Send at once what the kernel accepts, unless earlier data is still buffered. The loop sends the rest."""
        if not data:
            return 0
        head = self.take_head()
        if isinstance(data, ReadOnlyFileBasedBuffer):
            super().write_soon(head)
            with self.outbuf_lock:
                if not self.connected:
                    # The task still owns the file and closes it.
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
        """Abort responses whose clients do not read them, before they fill the disk.

        Raises ``ClientDisconnected`` if this response is one of them.
        """
        if not more or self.total_outbufs_len + more <= connection_limits.MEMORY_BUFFER_BYTES:
            return
        aborted = connection_limits.connections_to_abort(self.server.connections(), self, more, time.time())
        for one in aborted:
            one.will_close = True
        if aborted:
            self.server.pull_trigger()
        if self in aborted:
            raise ClientDisconnected

    def _send_now(self, data: bytes) -> bytes:
        """Send data directly. Returns the part that could not be sent."""
        with self.outbuf_lock:
            if not data or self.total_outbufs_len:
                return data
            if not self.connected:
                raise ClientDisconnected
            try:
                return data[self.send(data, do_close=False) :]
            except OSError:
                # The loop gets the same error and handles it.
                return data

    def _flush_some(self, do_close: bool = True) -> bool:
        """Send little of a file first: browsers often abort a video at once, to continue at another position."""
        has_sent = bool(super()._flush_some(do_close))
        if has_sent:
            self.sendbuf_len = SEND_BYTES
        return has_sent

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Do nothing: waitress would block the thread until a slow client has read enough of a list.

        The data goes to unnamed temporary files instead. A higher watermark would not do: waitress would also keep data
        that is already sent in memory, up to the watermark.
        """


class LifoCondition:
    """A condition variable of ``lock`` that wakes the thread that has waited for the shortest time.

    While there is little work, the same few threads do all of it, and the page caches of their database connections
    stay warm.
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
    """A waitress dispatcher that uses ``LifoCondition``."""

    def __init__(self) -> None:
        super().__init__()
        self.queue_cv = LifoCondition(self.lock)


class ConnectionCounts:
    """The number of open connections of each server process, in shared memory. Create it before the fork."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, processes * _INTEGER_BYTES)).cast("q")

    def update(self, process: int, count: int) -> None:
        self._counts[process] = count

    def another_process_has_fewer(self, process: int) -> bool:
        return min(self._counts) < self._counts[process]


class BalancedServer(TcpWSGIServer):
    """A waitress server that leaves a new connection to a process with fewer connections.

    Without this, one of two idle processes often gets all connections of a browser, and the other one stays idle.
    """

    channel_class = Channel

    def share_counts(self, counts: ConnectionCounts, process: int) -> None:
        self._counts, self._process = counts, process

    def connections(self) -> list[Channel]:
        """Return all connections of this process, on all addresses."""
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
            # Long enough for an idle process to wake and accept it, too short to matter if no process does.
            time.sleep(ACCEPT_DELAY_S)
        super().handle_accept()
        everybody = self.connections()
        if everybody and (closed := connection_limits.connection_to_close(everybody, everybody[-1], time.time())):
            closed.handle_close()


def listen(host: str, port: int) -> list[socket.socket]:
    """Return listening sockets for ``serve``.

    Loopback means both 127.0.0.1 and ::1, because a client may resolve "localhost" to either. Without IPv6, or with
    port 0, it means 127.0.0.1 only. Raises ``ConfigurationError`` if the port is not available.
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
            # Connections inherit these options. On loopback the kernel would otherwise accept megabytes at once, even
            # of a video that the client soon stops reading.
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
    """Serve ``application`` on ``sockets`` until SIGINT or SIGTERM.

    ``process`` is the index of this process in ``counts``.
    """
    # Large request bodies go to unnamed files on the disk of the data folder, because /tmp can be in memory.
    tempfile.tempdir = str(current_layout().incoming)
    settings = Adjustments(
        sockets=sockets,
        threads=threads,
        backlog=BACKLOG,
        # A picture is received in a few reads instead of a hundred, and one of usual size is kept in memory.
        recv_bytes=RECEIVE_BYTES,
        inbuf_overflow=BODY_IN_MEMORY_BYTES,
        connection_limit=_MAX_OPEN,
        channel_timeout=300,
        cleanup_interval=MAINTENANCE_INTERVAL_S,
        max_request_body_size=MAX_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
        ident="storyflow",
    )
    settings.socket_options = []  # see `listen`
    workers = LifoDispatcher()
    channels: dict[int, Any] = {}
    workers.set_thread_count(threads)
    for one in sockets:
        found = (one.family, one.type, one.proto, one.getsockname())
        BalancedServer(
            application, channels, True, one, dispatcher=workers, adj=settings, sockinfo=found, bind_socket=False
        ).share_counts(counts, process)
    stop_on_signals()
    try:
        # `select` is limited to 1,024 open files, and a connection can have a file of its own.
        wasyncore.loop(settings.asyncore_loop_timeout, map=channels, use_poll=True)
    except SystemExit:
        workers.shutdown()
    finally:
        wasyncore.close_all(channels)
