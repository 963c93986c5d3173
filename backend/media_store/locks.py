"""The store lock (shared for operations, exclusive for recovery) and the write slot.

Both use ``flock``. Its lock belongs to the open file, so that it excludes other threads as well as other processes,
and the kernel releases it when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from media_store.layout import Layout, current_layout

# Equal to the time that the database waits for its own lock (see the settings).
SLOT_TIMEOUT_S = 20
POLL_INTERVAL_S = 0.00005

_slot = threading.Lock()


@contextmanager
def write_slot() -> Iterator[None]:
    """Wait until no other thread or process of this machine writes to the database, at most ``SLOT_TIMEOUT_S``.

    SQLite has no queue of writers: a writer that finds the database locked sleeps up to 100 ms at a time, and later
    writers get the lock first. The slot makes writing faster and fairer. It is not needed for correctness: the
    database's own lock excludes other writers, also when the slot is not free in time.
    """
    deadline = time.monotonic() + SLOT_TIMEOUT_S
    is_ours = _slot.acquire(timeout=SLOT_TIMEOUT_S)
    try:
        with _process_slot(deadline) if is_ours else nullcontext():
            yield
    finally:
        if is_ours:
            _slot.release()


@contextmanager
def _process_slot(deadline: float) -> Iterator[None]:
    """Wait for the other processes; only one thread of a process does this at a time."""
    try:
        descriptor = os.open(current_layout().write_slot_file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        # Rows can be written before the media folder exists, and also when it cannot be read.
        yield
        return
    try:
        # A blocking flock has no timeout: it would wait for ever while a stopped process holds the slot.
        while not _try_lock(descriptor) and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL_S)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def shared(layout: Layout) -> Iterator[None]:
    """Exclude recovery, but not other operations."""
    with _flock(layout, fcntl.LOCK_SH):
        yield


@contextmanager
def exclusive(layout: Layout, *, wait: bool = True) -> Iterator[None]:
    """Exclude every operation. Raises ``BlockingIOError`` if ``wait`` is false and an operation is running."""
    with _flock(layout, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)):
        yield


@contextmanager
def _flock(layout: Layout, mode: int) -> Iterator[None]:
    # Opened for reading, so that a read-only disk does not look like a lock that another process holds.
    descriptor = os.open(layout.lock_file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)
