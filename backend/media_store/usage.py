"""The disk space that the store uses."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from media_store import disk
from media_store.layout import PRIVATE, Layout, current_layout


@dataclass(frozen=True)
class Usage:
    """Sizes in bytes. ``cache`` may be deleted at any time. A file with two names counts once."""

    files: int
    trash: int
    cache: int
    free: int


def usage(layout: Layout | None = None) -> Usage:
    """Measure the store by a walk over all files; files that are removed during the walk are skipped."""
    layout = layout or current_layout()
    layout.ensure()
    seen: set[tuple[int, int]] = set()
    files = sum(_bytes_below(root, seen) for root in layout.areas.values())
    return Usage(
        files=files,
        trash=_bytes_below(layout.trash, seen),
        cache=_bytes_below(layout.cache, seen),
        free=disk.free_bytes(layout.private),
    )


def _bytes_below(folder: Path, seen: set[tuple[int, int]]) -> int:
    total = 0
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return 0
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            total += 0 if entry.name == PRIVATE else _bytes_below(Path(entry.path), seen)
            continue
        try:
            found = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            continue
        if found.st_nlink > 1 and (found.st_dev, found.st_ino) in seen:
            continue
        seen.add((found.st_dev, found.st_ino))
        total += found.st_size
    return total
