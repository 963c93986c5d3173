"""The store's lock: shared by every operation from its first byte to its end, exclusive for recovery.

``flock`` belongs to the open file, so threads and processes alike exclude each other, and the kernel drops it
when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from media_store.layout import Layout

# As long as the database waits for its own lock (see the settings).
TURN_WITHIN_S = 20

_turn = threading.Lock()


@contextmanager
def turn_to_write() -> Iterator[None]:
    """Wait here for this process's other writers, who would all be woken by the database at odd times.

    SQLite has no queue: who finds it locked sleeps, up to 100 ms at a time, while newcomers go first. This is only for
    speed and fairness. Other processes are kept out by the database's own lock, and so is a writer whose turn does not
    come in time.
    """
    is_ours = _turn.acquire(timeout=TURN_WITHIN_S)
    try:
        yield
    finally:
        if is_ours:
            _turn.release()


@contextmanager
def shared(layout: Layout) -> Iterator[None]:
    """Hold off recovery; other operations go on."""
    with _flock(layout, fcntl.LOCK_SH):
        yield


@contextmanager
def exclusive(layout: Layout, *, wait: bool = True) -> Iterator[None]:
    """Hold off every operation. Raises ``BlockingIOError`` when ``wait`` is off and one is under way."""
    with _flock(layout, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)):
        yield


@contextmanager
def _flock(layout: Layout, mode: int) -> Iterator[None]:
    # Nothing is written: a disk that became read-only must not look like a lock that cannot be had.
    descriptor = os.open(layout.lock_file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)
