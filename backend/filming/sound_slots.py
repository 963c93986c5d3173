"""At most two sounds that people bring are decoded at once, in all processes of the server together.

A decoded recording of 30 minutes takes about 200 MB. A slot is a ``flock`` on a file in the store's hidden
folder: it belongs to the open file, so threads and processes exclude each other alike, and the kernel gives it back
when a process is killed.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Busy
from media_store.errors import storage_failure
from media_store.layout import FILE_MODE, current_layout

AT_ONCE = 2
# One who waits keeps a thread of the server; more than these are told at once.
WAITING_AT_ONCE = 8
WAIT_S = 60.0
_POLL_INTERVAL_S = 0.02

BUSY = "Other recordings are being read at the moment. Try again in a minute."


@contextmanager
def sound_slot() -> Iterator[None]:
    """Hold one of the slots while a sound is decoded and worked on. Raises ``Busy`` when none came free in time."""
    descriptor = _taken("decode", AT_ONCE)
    if descriptor is None:
        descriptor = _waited_for()
    try:
        yield
    finally:
        os.close(descriptor)


def _waited_for() -> int:
    place = _taken("wait", WAITING_AT_ONCE)
    if place is None:
        raise Busy(BUSY)
    try:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            time.sleep(_POLL_INTERVAL_S)
            if (descriptor := _taken("decode", AT_ONCE)) is not None:
                return descriptor
        raise Busy(BUSY)
    finally:
        os.close(place)


def _taken(name: str, count: int) -> int | None:
    """A descriptor that holds the first free lock of ``count``; None when all are held."""
    layout = current_layout()
    for number in range(count):
        try:
            layout.ensure()
            path = layout.private / f"{name}-{number}"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE_MODE)
        except OSError as exc:
            raise storage_failure(exc) from exc
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return descriptor
    return None
