"""Making the database's answer final before files are moved because of it.

A process that is killed inside the fsync of its commit leaves the commit's frames in SQLite's log (the file
``db.sqlite3-wal``), but not in the shared index. Every open connection still reads the state before. When the log is
read anew, by the first connection after a restart, the frames are found whole, and the commit has happened after all.
So "this operation has no row" may change, until another commit has put its own frames in the place of the dead ones
(https://sqlite.org/walformat.html, 4.1). A commit also syncs the log, so that a row that was read before it cannot be
taken back by a power cut.

The rule of the store: commit a write first, then ask, then move files. ``recover`` does so at its beginning.
An operation learns from the file ``.sf/writer`` whether it has to: there stands the last operation that held the write
lock. Without a row of that operation, its process may have been killed inside its commit.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import transaction
from django.db.models import F

from media_store.layout import Layout
from media_store.models import MediaOperation, Settlement

WRITER_BYTES = 32
_NO_WRITER = "-" * WRITER_BYTES


def is_committed(op_id: str) -> bool:
    """Whether the operation has its row. A no is final only after ``make_final`` or in a ``final_transaction``."""
    return MediaOperation.objects.filter(op_id=op_id).exists()


def make_final() -> None:
    """Commit a write, so that no commit of a dead process can appear any more.

    Raises ``DatabaseError`` when it cannot be committed; then nothing may be concluded from a missing row.
    """
    with transaction.atomic(durable=True):
        _count_settlement()


def _count_settlement() -> None:
    # The number makes every such write different from the one before.
    if not Settlement.objects.filter(pk=1).update(number=F("number") + 1):
        Settlement.objects.create(pk=1, number=1)


@contextmanager
def final_transaction(layout: Layout, op_id: str) -> Iterator[None]:
    """A transaction, with the write lock, in which a missing row means that there will never be one.

    When the last writer ended without a row, a write is committed first, and the transaction begins again.
    Raises ``OSError`` when the name of the last writer can be neither read nor written.
    """
    settled = None
    while True:
        with transaction.atomic(durable=True):
            last = _read(layout, at=0)
            if last in (_NO_WRITER, settled) or is_committed(last):
                _overwrite(layout, op_id, at=0)
                yield
                return
            _count_settlement()
        settled = last


def forget_writer(layout: Layout) -> None:
    """Say that the present writer ends without a commit; called while it still holds the write lock."""
    # Left undone, it only costs the next operation a commit.
    with suppress(OSError):
        _overwrite(layout, _NO_WRITER, at=0)


@contextmanager
def final_recovery(layout: Layout) -> Iterator[None]:
    """Make every answer final, and leave a note of it for as long as recovery writes; it may be killed, too."""
    _overwrite(layout, uuid.uuid4().hex, at=0)
    make_final()
    yield
    forget_writer(layout)


def note_commit(layout: Layout, op_id: str) -> None:
    """Write down, behind the writer's name, that the operation has its row; any that has is as good as another."""
    with suppress(OSError):
        _overwrite(layout, op_id, at=WRITER_BYTES)


def is_older_than_folder(layout: Layout) -> bool:
    """Whether the folder knows of a commit that the database does not: its log is gone, or it is an older copy."""
    noted = _read(layout, at=WRITER_BYTES)
    return re.fullmatch(r"[0-9a-f]{32}", noted) is not None and not is_committed(noted)


def forget_commit(layout: Layout) -> None:
    """A person says that this database is the right one for this folder."""
    _overwrite(layout, _NO_WRITER, at=WRITER_BYTES)


def is_disk_full(exc: BaseException) -> bool:
    """Whether a commit raised because the disk is full; then its answer is final.

    SQLite writes the frame that makes a commit of a transaction last. Without room for it the log holds no commit that
    could come back. An fsync that finds the disk full is another error, ``SQLITE_IOERR_FSYNC``.
    """
    code = getattr(exc.__cause__, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_FULL


def _read(layout: Layout, *, at: int) -> str:
    descriptor = os.open(layout.writer_file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # A name that was never written is empty, or, before one that was, a hole.
        return os.pread(descriptor, WRITER_BYTES, at).decode("ascii", "replace").strip("\0") or _NO_WRITER
    finally:
        os.close(descriptor)


def _overwrite(layout: Layout, op_id: str, *, at: int) -> None:
    # Not synced: after a power cut nobody is alive, and recovery makes everything final before it asks.
    try:
        descriptor = os.open(layout.writer_file, os.O_WRONLY | os.O_CLOEXEC)
    except OSError as exc:
        if exc.errno != errno.EROFS:
            raise
        return  # No file can be moved on this disk, so nobody can be killed after moving one.
    try:
        os.pwrite(descriptor, op_id.encode(), at)
    finally:
        os.close(descriptor)
