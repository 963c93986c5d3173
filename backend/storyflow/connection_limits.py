"""Which connections a process closes when it has too many of them, and how much unsent data it may buffer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

# For the head of a request, however many pieces it comes in. Bodies and responses have no such limit.
HEAD_TIMEOUT_S = 20.0
# Of one process; and of the connections from one address that have not sent a request yet.
MAX_CONNECTIONS = 400
MAX_SILENT = 100
# A body or a response that has not moved for this long is stalled: its connection may be closed, but silent and idle
# connections are closed before it.
STALLED_S = 10.0
# A response that is made faster than its client reads it is buffered in unnamed temporary files once it exceeds
# MEMORY_BUFFER_BYTES. This is the limit of one connection; MAX_BUFFERED_BYTES is the limit of one process.
MEMORY_BUFFER_BYTES = 1024 * 1024
MAX_BUFFERED_BYTES = 256 * 1024 * 1024


class Connection(Protocol):
    """A channel of waitress with what the limits need to know about it. Times are seconds since the epoch."""

    addr: tuple[str, int]
    creation_time: float
    last_activity: float
    # When the client connected or began to send the head of a request; None while no head is awaited.
    head_since: float | None
    # Whether the client has ever sent the whole head of a request.
    has_sent_request: bool
    # Closed as soon as what is written to it has been sent.
    will_close: bool

    def handle_close(self) -> None:
        """Close the connection at once."""

    def has_pending_request(self) -> bool:
        """Return whether a request waits for a thread or is handled by one."""

    def is_transferring(self) -> bool:
        """Return whether a body is being received or a response is being sent."""

    def buffered_bytes(self) -> int:
        """Return the size of the response data that is not sent yet. Files on disk do not count."""


def with_slow_heads(connections: Iterable[Connection], now: float) -> list[Connection]:
    """Return the connections whose request head takes too long, even if its last byte came just now."""
    return [one for one in connections if one.head_since is not None and one.head_since < now - HEAD_TIMEOUT_S]


def connection_to_close(connections: Iterable[Connection], newest: Connection, now: float) -> Connection | None:
    """Return the connection to close after ``newest`` was accepted.

    None if there are not too many connections, or if all of them are busy.
    """
    others = [one for one in connections if one is not newest]
    silent = [one for one in others if not one.has_sent_request and one.addr[0] == newest.addr[0]]
    if len(silent) >= MAX_SILENT:
        return min(silent, key=lambda one: one.creation_time)
    if len(others) < MAX_CONNECTIONS:
        return None
    ranked = [(rank, one) for one in others if (rank := _rank(one, now)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _rank(one: Connection, now: float) -> tuple[int, float] | None:
    """Return a sort key, lowest first to close: silent, then idle, then stalled. None for a busy connection."""
    if one.has_pending_request():
        return None
    if not one.has_sent_request:
        return 0, one.creation_time
    if not one.is_transferring():
        return 1, one.last_activity
    return (2, one.last_activity) if one.last_activity < now - STALLED_S else None


def connections_to_abort(
    connections: Iterable[Connection], current: Connection, more: int, now: float
) -> list[Connection]:
    """Return the connections to abort so that ``current`` can buffer ``more`` bytes.

    Stalled connections come first, those with the most buffered data before the others. If that is not enough, or if
    ``current`` would exceed the limit alone, the list contains ``current`` itself.
    """
    wanted = current.buffered_bytes() + more
    if wanted <= MEMORY_BUFFER_BYTES:
        return []
    if wanted > MAX_BUFFERED_BYTES:
        return [current]
    others = sorted((one for one in connections if one is not current), key=lambda one: -one.buffered_bytes())
    total = wanted + sum(one.buffered_bytes() for one in others)
    aborted: list[Connection] = []
    for one in others:
        if total <= MAX_BUFFERED_BYTES:
            break
        if one.buffered_bytes() > MEMORY_BUFFER_BYTES and one.last_activity < now - STALLED_S:
            aborted.append(one)
            total -= one.buffered_bytes()
    return aborted if total <= MAX_BUFFERED_BYTES else [*aborted, current]
