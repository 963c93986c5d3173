"""Thumbnails already made, by place, file identity, rule and width; every one can be made again."""

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

# Raised whenever the same picture would get another thumbnail, so that those made before are made anew and swept; then
# `THUMBNAIL_RULE` in frontend/lib/api.ts is raised with it. 2: what is transparent stands on a ground.
RULE = 2
# Two requests for the same thumbnail share its making; sixteen locks are enough to rarely share by accident.
MAKING_S = 3600
_making = [threading.Lock() for _ in range(16)]


def open_thumbnail(layout: Layout, place: str, descriptor: int, width: int) -> tuple[BinaryIO, str]:
    """The cached thumbnail of an open picture, made when missing, and its version.

    ``descriptor`` stays open. Raises ``InvalidPicture`` when the picture cannot be decoded.
    """

    def make(source: BinaryIO, target: Path) -> None:
        thumbnails.make_thumbnail(source, target, width)

    return open_cached(layout, place, descriptor, str(width), make)


def open_cached(
    layout: Layout, place: str, descriptor: int, variant: str, make: Callable[[BinaryIO, Path], None]
) -> tuple[BinaryIO, str]:
    """A small picture of an open file, which ``make`` writes when it is missing, and its version.

    ``variant`` is a word without hyphens. ``descriptor`` stays open. Raises what ``make`` raises.
    """
    version = f"{_made_of(os.fstat(descriptor))}-{variant}"
    target = layout.cache / f"{quote_place(place)}~{version}.webp"
    with _making[hash(target) % len(_making)]:
        while True:
            with suppress(FileNotFoundError):
                return target.open("rb"), version
            with os.fdopen(os.dup(descriptor), "rb") as source:
                source.seek(0)
                make(source, target)


def forget(layout: Layout, place: str) -> None:
    """Remove the thumbnails of a place, or of all places below a folder."""
    beginnings = (quote_place(place) + "~", quote_place(place + "/"))
    with suppress(FileNotFoundError):
        for path in layout.cache.iterdir():
            if path.name.startswith(beginnings):
                path.unlink(missing_ok=True)


def sweep(layout: Layout) -> int:
    """Remove thumbnails whose picture is gone or has changed, and those of an older rule; returns how many."""
    removed = 0
    for path in layout.cache.iterdir():
        # Thumbnails are made without any lock: a name may vanish while we look at it.
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
        return rest.rpartition("-")[0] == _made_of(layout.live(unquote_place(quoted)).lstat())
    except (OSError, ValueError):
        return False


def _made_of(status: os.stat_result) -> str:
    return f"{status.st_ino:x}-{status.st_mtime_ns:x}-{status.st_size:x}-{RULE}"
