"""Output files at paths that people choose: check the path, lock it, and write whole files only."""

from __future__ import annotations

import fcntl
import glob
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import Conflict, InvalidInput
from media_store.layout import current_layout
from rendering.encoder import translate_io_errors

# The temporary name beside the output is longer: it has the process id and a suffix.
_MOST_NAME_BYTES = 220
_SUFFIXES = (".mp4", ".srt", ".vtt")


class BeingMade(Conflict):
    code = "BEING_MADE"
    message = "That video is being made right now."


def check_output(out: Path, *, kind: str = "video", suffix: str = ".mp4") -> Path:
    """Return the resolved path of ``out``. Raises ``InvalidInput`` for a path that would fail only after the work."""
    if out.suffix.lower() != suffix:
        raise InvalidInput(f"Give the {kind} a name that ends in {suffix}, not {out.name!r}.")
    if len(os.fsencode(out.name)) > _MOST_NAME_BYTES:
        raise InvalidInput(f"The {kind}'s name is too long. Give it a shorter one.")
    resolved = out.resolve()
    if resolved.is_dir():
        raise InvalidInput(f"{out} is a folder. Name the {kind} in it.")
    if not resolved.parent.is_dir():
        raise InvalidInput(f"There is no folder {resolved.parent}. Make it first.")
    if not os.access(resolved.parent, os.W_OK):
        raise InvalidInput(f"Nothing can be written into {resolved.parent}.")
    return resolved


def output_for(out: Path, size: str, count: int) -> Path:
    """Return ``out``, with the size in its name if there are several sizes."""
    return out if count == 1 else out.with_name(f"{out.stem}-{size}{out.suffix}")


@contextmanager
def exclusive_workdir(out: Path) -> Iterator[Path]:
    """Lock ``out`` and yield an empty working folder; both are released at the end.

    Leftovers of killed processes, in the folder and beside ``out``, are deleted. Raises ``BeingMade`` if another
    process holds the lock, ``NoSpaceLeft`` and ``RenderingError``.
    """
    layout = current_layout()
    folder = layout.cache / "make" / hashlib.sha256(os.fsencode(out)).hexdigest()[:24]
    with translate_io_errors():
        layout.ensure()
        folder.parent.mkdir(exist_ok=True)
        descriptor = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor):
        try:
            # A flock belongs to the open file, so the kernel releases it when the process ends, even when it is killed.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise BeingMade(f"{out} is being made right now. Wait for it, or give another name.") from exc
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with translate_io_errors():
                _delete_leftovers(out)
                folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _delete_leftovers(out: Path) -> None:
    for suffix in _SUFFIXES:
        for path in out.parent.glob(f".{glob.escape(out.with_suffix(suffix).name)}.*.part"):
            number = path.name.split(".")[-2]
            if number.isdecimal() and not _is_alive(int(number)):
                path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def copy_video(source: Path, out: Path) -> None:
    """Copy a video and its subtitles; each file appears whole or not at all.

    Raises ``NoSpaceLeft`` and ``RenderingError``.
    """
    for suffix in _SUFFIXES:
        if source.with_suffix(suffix).exists():
            with atomic_write(out.with_suffix(suffix)) as beside:
                shutil.copyfile(source.with_suffix(suffix), beside)


@contextmanager
def atomic_write(out: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``out``; on success it replaces ``out`` atomically, on error it is deleted.

    Raises ``NoSpaceLeft`` and ``RenderingError`` for errors of the disk.
    """
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with translate_io_errors():
            yield beside
            with beside.open("rb") as written:
                os.fsync(written.fileno())
            beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
