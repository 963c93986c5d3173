"""Limit the decoding of uploaded sounds to two at once, in all processes of the server together.

A decoded recording of 30 minutes takes about 200 MB. A slot is a ``flock`` on a file in the store's hidden folder: it
belongs to the open file, so it excludes both threads and processes, and the kernel releases it when a process is
killed.
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

MAX_DECODING = 2
# A waiting request occupies a server thread; further requests fail at once.
MAX_WAITING = 8
WAIT_S = 60.0
_POLL_INTERVAL_S = 0.02

BUSY = "Other recordings are being read at the moment. Try again in a minute."


@contextmanager
def sound_slot() -> Iterator[None]:
    """Hold a slot while a sound is decoded and processed. Raises ``Busy`` if none becomes free in time."""
    descriptor = _acquire("decode", MAX_DECODING)
    if descriptor is None:
        descriptor = _wait_for_slot()
    try:
        yield
    finally:
        os.close(descriptor)


def _wait_for_slot() -> int:
    place = _acquire("wait", MAX_WAITING)
    if place is None:
        raise Busy(BUSY)
    try:
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            time.sleep(_POLL_INTERVAL_S)
            if (descriptor := _acquire("decode", MAX_DECODING)) is not None:
                return descriptor
        raise Busy(BUSY)
    finally:
        os.close(place)


def _acquire(name: str, count: int) -> int | None:
    """Return a descriptor that holds the first free lock of ``count``, or None if all are held."""
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
