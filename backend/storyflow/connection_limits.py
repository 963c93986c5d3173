"""Which connections are closed for others: those that asked for least, of them the one that is idle longest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

# For the head of a request, however many pieces it comes in; for a body and an answer there is no such limit.
HEAD_WITHIN_S = 20.0
# Of one process, and of those that have not asked anything yet from one address.
MOST_CONNECTIONS = 400
MOST_SILENT = 100
# A body or an answer that has not moved for so long does not go first when there are too many connections.
STALLED_S = 10.0
# What is made faster than its client takes it waits in nameless files from `IN_MEMORY_BYTES` on: so much of it for one
# connection, and so much in all for one process.
IN_MEMORY_BYTES = 1024 * 1024
MOST_WAITING_BYTES = 256 * 1024 * 1024


class Connection(Protocol):
    """A channel of waitress, with what is noted about it; times are seconds since the epoch."""

    addr: tuple[str, int]
    creation_time: float
    last_activity: float
    # When its client began to send the head of a request, or connected; None while no head is waited for.
    head_since: float | None
    # Whether it ever sent the whole head of a request.
    has_asked: bool

    def is_answered(self) -> bool:
        """Whether a thread is at work for it."""

    def is_moving(self) -> bool:
        """Whether a body or an answer is on its way."""

    def waiting_bytes(self) -> int:
        """What was made for it and not yet sent; files on disk do not count."""


def too_slow(connections: Iterable[Connection], now: float) -> list[Connection]:
    """Those whose head takes longer than it may, whenever its last byte came."""
    return [one for one in connections if one.head_since is not None and one.head_since < now - HEAD_WITHIN_S]


def surplus(connections: Iterable[Connection], newest: Connection, now: float) -> Connection | None:
    """The one to close after ``newest`` came; None when there are not too many, or all are busy."""
    everybody = [one for one in connections if one is not newest]
    silent = [one for one in everybody if not one.has_asked and one.addr[0] == newest.addr[0]]
    if len(silent) >= MOST_SILENT:
        return min(silent, key=lambda one: one.creation_time)
    if len(everybody) < MOST_CONNECTIONS:
        return None
    ranked = [(rank, one) for one in everybody if (rank := _rank(one, now)) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _rank(one: Connection, now: float) -> tuple[int, float] | None:
    """The lowest is closed first: silent ones, then idle ones, then stalled bodies and answers."""
    if one.is_answered():
        return None
    if not one.has_asked:
        return 0, one.creation_time
    if not one.is_moving():
        return 1, one.last_activity
    return (2, one.last_activity) if one.last_activity < now - STALLED_S else None


def to_break_off(connections: Iterable[Connection], mine: Connection, more: int, now: float) -> list[Connection]:
    """Whose answers are given up so that ``more`` bytes can wait for ``mine``; perhaps itself.

    Stalled ones go first, those with most.
    """
    wanted = mine.waiting_bytes() + more
    if wanted <= IN_MEMORY_BYTES:
        return []
    if wanted > MOST_WAITING_BYTES:
        return [mine]
    others = sorted((one for one in connections if one is not mine), key=lambda one: -one.waiting_bytes())
    in_all = wanted + sum(one.waiting_bytes() for one in others)
    given_up: list[Connection] = []
    for one in others:
        if in_all <= MOST_WAITING_BYTES:
            break
        if one.waiting_bytes() > IN_MEMORY_BYTES and one.last_activity < now - STALLED_S:
            given_up.append(one)
            in_all -= one.waiting_bytes()
    return given_up if in_all <= MOST_WAITING_BYTES else [*given_up, mine]
