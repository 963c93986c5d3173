"""The store's lock: shared by every operation from its first byte to its end, exclusive for recovery.

``flock`` belongs to the open file, so threads and processes alike exclude each other, and the kernel drops it
when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from media_store.layout import Layout


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
    descriptor = os.open(layout.lock_file, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, mode)
        yield
    finally:
        os.close(descriptor)
