"""The cache of thumbnails, keyed by place, file version, rule and width; all of it may be deleted at any time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from media_store import thumbnails
from media_store.layout import Layout, quote_place, unquote_place

# Raise this, and `THUMBNAIL_RULE` in frontend/lib/api.ts, when the code makes another thumbnail of the same picture:
# then existing thumbnails are made again and the old ones are removed. 2: transparent pixels have a backdrop.
RULE = 2
# Temporary files of thumbnails that are older than this were left by a crash.
MAKING_S = 3600
# One lock per thumbnail in progress, so that two requests do not make it twice; sixteen locks are rarely shared.
_making = [threading.Lock() for _ in range(16)]


def open_thumbnail(layout: Layout, place: str, descriptor: int, width: int) -> tuple[BinaryIO, str]:
    """Return the open thumbnail of an open picture, and its version; make it if it is not cached.

    ``descriptor`` stays open. Raises ``InvalidPicture`` if the picture cannot be decoded.
    """

    def make(source: BinaryIO, target: Path) -> None:
        thumbnails.make_thumbnail(source, target, width)

    return open_cached(layout, place, descriptor, str(width), make)


def open_cached(
    layout: Layout, place: str, descriptor: int, variant: str, make: Callable[[BinaryIO, Path], None]
) -> tuple[BinaryIO, str]:
    """Return an open cached picture of an open file, and its version; ``make`` writes it if it is not cached.

    ``variant`` is a word without hyphens. ``descriptor`` stays open. Raises what ``make`` raises.
    """
    version = f"{_file_version(os.fstat(descriptor))}-{variant}"
    target = layout.cache / f"{quote_place(place)}~{version}.webp"
    with _making[hash(target) % len(_making)]:
        while True:
            with suppress(FileNotFoundError):
                return target.open("rb"), version
            with os.fdopen(os.dup(descriptor), "rb") as source:
                source.seek(0)
                make(source, target)


def forget(layout: Layout, place: str) -> None:
    """Remove the thumbnails of a place, or of all places below it."""
    beginnings = (quote_place(place) + "~", quote_place(place + "/"))
    with suppress(FileNotFoundError):
        for path in layout.cache.iterdir():
            if path.name.startswith(beginnings):
                path.unlink(missing_ok=True)


def sweep(layout: Layout) -> int:
    """Remove thumbnails of missing or changed pictures and of older rules. Returns the number removed."""
    removed = 0
    for path in layout.cache.iterdir():
        # No lock excludes the making of thumbnails, so a name may be removed during the loop.
        with suppress(FileNotFoundError):
            if path.is_dir() or (path.name.startswith("making-") and time.time() - path.lstat().st_mtime < MAKING_S):
                continue
            if not _is_current(layout, path.name):
                path.unlink()
                removed += 1
    return removed


def _is_current(layout: Layout, name: str) -> bool:
    quoted, _, rest = name.rpartition("~")
    try:
        return rest.rpartition("-")[0] == _file_version(layout.live(unquote_place(quoted)).lstat())
    except (OSError, ValueError):
        return False


def _file_version(status: os.stat_result) -> str:
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}-{RULE}"
