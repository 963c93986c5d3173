"""Opening one version of a file by its identity, also after it was moved to the trash, where it keeps its inode."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import NamedTuple, Self

from media_store.safe_open import open_beneath


class FileIdentity(NamedTuple):
    """The identity of one version of a file; a move does not change it."""

    device: int
    inode: int
    size_bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, descriptor: int) -> Self:
        status = os.fstat(descriptor)
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def open_live_or_trashed(root: Path, relative: str, trash: Path, identity: FileIdentity) -> int:
    """Open the version ``identity`` of the file ``relative`` below ``root``, or of the same file in ``trash``.

    Returns a descriptor. Raises ``OSError`` if this version is in neither folder.
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
