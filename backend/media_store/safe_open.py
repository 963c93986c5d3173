"""Opening a file below a folder so that no link or ``..`` can lead out of the folder."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a named pipe would block until a process opens it for writing.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NOT_THERE = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENAMETOOLONG, errno.ENXIO, errno.EMLINK}
)


def open_beneath(root: Path, relative: str) -> int | None:
    """Open the regular file ``relative`` below ``root``. Returns a descriptor, or None if there is no such file.

    Each folder is opened relative to its parent folder. Symbolic links are not followed, and hidden names count as
    missing. Raises ``OSError`` if the disk fails.
    """
    parts = relative.split("/")
    if any(not part or part.startswith(".") or "\0" in part for part in parts):
        return None
    opened: list[int] = []
    try:
        opened.append(os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for part in parts[:-1]:
            opened.append(os.open(part, _FOLDER, dir_fd=opened[-1]))
        descriptor = os.open(parts[-1], _FILE, dir_fd=opened[-1])
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
    except UnicodeEncodeError:
        return None
    except OSError as exc:
        if exc.errno not in _NOT_THERE:
            raise
    finally:
        for folder in opened:
            os.close(folder)
    return None
