"""Changes on disk that survive a power cut: an fsync of the changed folders follows each of them.

The store changes files only through this module, so it is the one place for fault injection. A failed fsync is never
tried again, because the kernel may drop the dirty pages when it reports the first failure (Rebello et al., "Can
Applications Recover from fsync Failures?", USENIX ATC 2020).
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import IO

from media_store.errors import DISK_FULL_ERRNOS
from media_store.layout import FILE_MODE, FOLDER_MODE


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Create ``folder`` and the missing folders above it, durably. An existing folder is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        os.mkdir(folder, FOLDER_MODE)
    except FileExistsError:
        return
    sync_folder(folder.parent)


def rename(source: Path, target: Path) -> None:
    """Move a file within the filesystem. The target's folder is synced first, so that a power cut cannot lose both
    names.
    """
    os.rename(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def link(source: Path, target: Path) -> None:
    """Create a hard link. Raises ``FileExistsError`` if ``target`` exists."""
    os.link(source, target, follow_symlinks=False)
    sync_folder(target.parent)


def write_new(content: IO[bytes], target: Path) -> None:
    """Give the bytes of an open file a new name, durably.

    An unnamed file (``O_TMPFILE``) is linked; if that is not possible, its bytes are copied.
    """
    content.flush()
    descriptor = content.fileno()
    os.fchmod(descriptor, FILE_MODE)
    try:
        # Python follows the link in /proc only if a folder descriptor is given; an absolute path ignores it.
        os.link(f"/proc/self/fd/{descriptor}", target, src_dir_fd=descriptor, follow_symlinks=True)
    except OSError as exc:
        if exc.errno in DISK_FULL_ERRNOS:
            raise
        _copy_new(content, target)
    else:
        os.fsync(descriptor)
    sync_folder(target.parent)


def _copy_new(content: IO[bytes], target: Path) -> None:
    content.seek(0)
    copy = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(copy, "wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def unlink(path: Path) -> None:
    os.unlink(path)


def remove_tree(folder: Path) -> None:
    """Remove a folder and everything below it. Raises every ``OSError``: bytes on disk must not count as removed."""
    for parent, folders, files in os.walk(folder, topdown=False, onerror=_raise):
        for name in files:
            os.unlink(Path(parent, name))
        for name in folders:
            below = Path(parent, name)
            if below.is_symlink():
                os.unlink(below)
            else:
                os.rmdir(below)
    os.rmdir(folder)


def remove_empty_folders(folder: Path) -> None:
    """Remove a folder if it holds only empty folders, and the empty folders below it in any case."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for parent, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(parent)
        except OSError as exc:
            if exc.errno not in (errno.ENOTEMPTY, errno.ENOENT):
                raise


def size_of(path: Path) -> int:
    """Return the size in bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.lstat().st_size
    return sum(
        Path(parent, name).lstat().st_size for parent, _, names in os.walk(path, onerror=_raise) for name in names
    )


def free_bytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def _raise(error: OSError) -> None:
    raise error
