"""Opening a file that was seen before, also when it went into the trash since: it keeps its inode there."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NamedTuple, Self

from media_store.safe_open import open_beneath


class FileIdentity(NamedTuple):
    """What tells one version of a file from every other, wherever it is moved."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, descriptor: int) -> Self:
        status = os.fstat(descriptor)
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def open_live_or_trashed(root: Path, relative: str, trash: Path, identity: FileIdentity) -> int:
    """A descriptor of that version of ``relative`` below ``root``, else of where it lies in ``trash``.

    Raises ``OSError`` when it is in neither.
    """
    descriptor = _same(root, relative, identity)
    if descriptor is None and trash.is_dir():
        with os.scandir(trash) as entries:
            names = [entry.name for entry in entries if entry.inode() == identity.inode]
        descriptor = next((found for name in names if (found := _same(trash, name, identity)) is not None), None)
    if descriptor is None:
        raise OSError(errno.ENOENT, "this version of the file is gone", relative)
    return descriptor


def _same(root: Path, relative: str, identity: FileIdentity) -> int | None:
    descriptor = open_beneath(root, relative)
    if descriptor is None or FileIdentity.of(descriptor) == identity:
        return descriptor
    os.close(descriptor)
    return None
