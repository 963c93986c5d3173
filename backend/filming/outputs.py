"""A video where a person wants it: may it go there, one at a time, and never half a file."""

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

# What is written beside a video carries the process's number and a few letters more.
_MOST_NAME_BYTES = 220
_SUFFIXES = (".mp4", ".srt", ".vtt")


class BeingMade(Conflict):
    code = "BEING_MADE"
    message = "That video is being made right now."


def check_output(out: Path, *, kind: str = "video", suffix: str = ".mp4") -> Path:
    """Where ``out`` really is. Raises ``InvalidInput`` for what would only fail after the work was done."""
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
    """``out``, with the size in its name where there are several."""
    return out if count == 1 else out.with_name(f"{out.stem}-{size}{out.suffix}")


@contextmanager
def exclusive_workdir(out: Path) -> Iterator[Path]:
    """An empty folder to work in for as long as nobody else makes ``out``. Raises ``BeingMade``, ``NoSpaceLeft``.

    What a killed process left, there and beside ``out``, is taken away.
    """
    layout = current_layout()
    folder = layout.cache / "make" / hashlib.sha256(os.fsencode(out)).hexdigest()[:24]
    with translate_io_errors():
        layout.ensure()
        folder.parent.mkdir(exist_ok=True)
        descriptor = os.open(folder.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor):
        try:
            # It belongs to the open file, so it ends with its process, however that ends.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise BeingMade(f"{out} is being made right now. Wait for it, or give another name.") from exc
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with translate_io_errors():
                _take_away_leftovers(out)
                folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _take_away_leftovers(out: Path) -> None:
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
    """Copy a video with its subtitles; each appears whole or not at all. Raises ``NoSpaceLeft``, ``RenderingError``."""
    for suffix in _SUFFIXES:
        if source.with_suffix(suffix).exists():
            with atomic_write(out.with_suffix(suffix)) as beside:
                shutil.copyfile(source.with_suffix(suffix), beside)


@contextmanager
def atomic_write(out: Path) -> Iterator[Path]:
    """A name beside ``out`` to write to, which takes its place at the end; nothing is left of it if that is not
    reached. Raises ``NoSpaceLeft`` and ``RenderingError`` for the disk's refusals.
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
