"""Changes on disk that survive a power cut: each is followed by an fsync of the folders it touched.

Everything the store does to files passes through here, which makes this the one seam for fault injection.
An fsync that fails is never tried again: the kernel may have dropped the dirty pages with the first report
(Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
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
    """Make ``folder`` and what is missing above it, durably; an existing one is left as it is."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        os.mkdir(folder, FOLDER_MODE)
    except FileExistsError:
        return
    sync_folder(folder.parent)


def rename(source: Path, target: Path) -> None:
    """Move within the filesystem. The target's folder is synced first, so that no cut leaves neither name."""
    os.rename(source, target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def link(source: Path, target: Path) -> None:
    """Give a file a second name; raises ``FileExistsError`` rather than replace anything."""
    os.link(source, target, follow_symlinks=False)
    sync_folder(target.parent)


def write_new(content: IO[bytes], target: Path) -> None:
    """Put the bytes of an open file under a new name, durably.

    A file that has no name yet (``O_TMPFILE``) is given this one; where that cannot be done, its bytes are copied.
    """
    content.flush()
    descriptor = content.fileno()
    os.fchmod(descriptor, FILE_MODE)
    try:
        # Python follows the link in /proc only when a folder is given too, which whole paths do without.
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
    """Remove a folder and all below it. Every error is raised: bytes left behind must not count as gone."""
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
    """Remove a folder that holds nothing but folders like itself; anything else stays as it is."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for parent, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(parent)
        except OSError as exc:
            if exc.errno not in (errno.ENOTEMPTY, errno.ENOENT):
                raise


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder."""
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
