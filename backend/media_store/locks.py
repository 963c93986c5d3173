"""The store's lock: shared by every operation from its first byte to its end, exclusive for recovery.

``flock`` belongs to the open file, so threads and processes alike exclude each other, and the kernel drops it
when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from media_store.layout import Layout, current_layout

# As long as the database waits for its own lock (see the settings).
SLOT_TIMEOUT_S = 20
POLL_INTERVAL_S = 0.00005

_turn = threading.Lock()


@contextmanager
def write_slot() -> Iterator[None]:
    """Wait here for the other writers of this machine, who would all be woken by the database at odd times.

    SQLite has no queue: who finds it locked sleeps, up to 100 ms at a time, while newcomers go first. This is only for
    speed and fairness. The database's own lock is what keeps writers apart, also one whose turn does not come in time.
    """
    deadline = time.monotonic() + SLOT_TIMEOUT_S
    is_ours = _turn.acquire(timeout=SLOT_TIMEOUT_S)
    try:
        with _turn_among_processes(deadline) if is_ours else nullcontext():
            yield
    finally:
        if is_ours:
            _turn.release()


@contextmanager
def _turn_among_processes(deadline: float) -> Iterator[None]:
    """Only the first writer of each process comes here."""
    try:
        descriptor = os.open(current_layout().write_slot_file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        # Rows can be written before there is a folder for files, and where it cannot be read.
        yield
        return
    try:
        # Waiting in the kernel would have no end while another process is stopped in the middle of its turn.
        while not _is_taken(descriptor) and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL_S)
        yield
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


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
