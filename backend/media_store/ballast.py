"""Room that is held back, and given up on a full disk, so that removing, deleting and starting still work there."""

from __future__ import annotations

import logging
import os
from contextlib import suppress

from media_store import disk
from media_store.layout import Layout

BALLAST_BYTES = 8 * 1024 * 1024
# Below this nothing is uploaded any more; what is left is for removals.
HEADROOM_BYTES = 4 * 1024 * 1024

log = logging.getLogger(__name__)


def allocate(layout: Layout) -> None:
    """Hold room back, on a disk that has plenty. Raises ``OSError``."""
    if not layout.ballast.exists() and disk.free_bytes(layout.private) > 16 * BALLAST_BYTES:
        with layout.ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)


def release_when_full(layout: Layout) -> None:
    """Give the room up when the disk is nearly full. One that cannot be given up fails nothing by itself."""
    try:
        if disk.free_bytes(layout.private) < HEADROOM_BYTES:
            with suppress(FileNotFoundError):
                disk.unlink(layout.ballast)
    except OSError as exc:
        log.warning("The ballast could not be given up: %s", exc.strerror)
