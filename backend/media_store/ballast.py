"""A ballast file: reserved disk space that is released on a full disk, so that removals and starts still work."""

from __future__ import annotations

import logging
import os
from contextlib import suppress

from media_store import disk
from media_store.layout import Layout

BALLAST_BYTES = 8 * 1024 * 1024
# With less free space uploads are rejected; the rest is for removals.
HEADROOM_BYTES = 4 * 1024 * 1024

log = logging.getLogger(__name__)


def allocate(layout: Layout) -> None:
    """Create the ballast file if the disk has 16 times its size free. Raises ``OSError``."""
    if not layout.ballast.exists() and disk.free_bytes(layout.private) > 16 * BALLAST_BYTES:
        with layout.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)


def release_when_full(layout: Layout) -> None:
    """Remove the ballast file if less than ``HEADROOM_BYTES`` are free. An ``OSError`` is only logged."""
    try:
        if disk.free_bytes(layout.private) < HEADROOM_BYTES:
            with suppress(FileNotFoundError):
                disk.unlink(layout.ballast)
    except OSError as exc:
        log.warning("The ballast could not be given up: %s", exc.strerror)
