"""Filesystems in memory that exist for one process only, and filling one up to the last kibibytes."""

from __future__ import annotations

import os
import subprocess
from contextlib import suppress
from pathlib import Path

PRIVATE = ["unshare", "--mount", "--propagation", "private"]


def mount_memory(folder: Path, *, size_mib: int) -> None:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "storyflow-test", str(folder)]
    subprocess.run(command, check=True, timeout=30)


def remount(folder: Path, how: str) -> None:
    """``how`` is ``ro`` or ``rw``."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True, timeout=30)


def reason_why_not() -> str | None:
    """Return the reason why this machine cannot make private mounts, as a sentence, or None if it can."""
    if os.geteuid() != 0:
        return "needs root to mount a small filesystem"
    with suppress(OSError, subprocess.SubprocessError):
        script = 'd=$(mktemp -d) && mount -t tmpfs -o size=1m storyflow-test "$d" && umount "$d" && rmdir "$d"'
        subprocess.run([*PRIVATE, "sh", "-c", script], check=True, capture_output=True, timeout=30)
        return None
    return "needs a machine that lets root mount tmpfs in a mount namespace of its own"


def free_bytes(folder: Path) -> int:
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def fill(folder: Path, *, leaving_kib: int) -> None:
    """Fill the disk to the given free space; an earlier filling is removed first."""
    filler = folder / "filler"
    filler.unlink(missing_ok=True)
    page = os.statvfs(folder).f_frsize
    size = (free_bytes(folder) - leaving_kib * 1024) // page * page
    with filler.open("wb") as file:
        if size > 0:
            os.posix_fallocate(file.fileno(), 0, size)


def empty(folder: Path) -> None:
    (folder / "filler").unlink(missing_ok=True)
