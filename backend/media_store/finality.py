"""Making a missing row final, before files are moved because the row is missing.

If a process is killed in the fsync of its commit, the frames of the commit are in SQLite's log (the file
``db.sqlite3-wal``) but not in the shared index. Every open connection still reads the state before the commit. The
first connection after a restart reads the log again, finds the frames complete, and applies the commit. So a row that
is missing now may appear later, until another commit has overwritten the frames of the dead process
(https://sqlite.org/walformat.html, 4.1). A commit also syncs the log, so that a power cut cannot remove a row that was
read before it.

The rule of the store is therefore: commit a write, then query, then move files. ``recover`` commits such a write at
its beginning. An operation finds out from the file ``.sf/writer`` whether it has to: the file names the last operation
that held the write lock. If that operation has no row, its process may have been killed in its commit.
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
    """Return whether the operation has its row in ``media_op``.

    False is final only after ``make_final``, or inside a ``final_transaction``.
    """
    return MediaOperation.objects.filter(op_id=op_id).exists()


def make_final() -> None:
    """Commit a write, after which no commit of a dead process can appear.

    Raises ``DatabaseError`` if the commit fails; then a missing row proves nothing.
    """
    with transaction.atomic(durable=True):
        _count_settlement()


def _count_settlement() -> None:
    # The counter makes each of these writes change a page.
    if not Settlement.objects.filter(pk=1).update(number=F("number") + 1):
        Settlement.objects.create(pk=1, number=1)


@contextmanager
def final_transaction(layout: Layout, op_id: str) -> Iterator[None]:
    """Run the body in a transaction that holds the write lock and in which every missing row is final.

    If the last writer has no row, a write is committed first, and the transaction begins again. Raises ``OSError`` if
    ``.sf/writer`` cannot be read or written.
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


def clear_writer(layout: Layout) -> None:
    """Record that the present writer ends without a commit; called while it still holds the write lock."""
    # If this fails, the next operation commits one write more.
    with suppress(OSError):
        _overwrite(layout, _NO_WRITER, at=0)


@contextmanager
def final_recovery(layout: Layout) -> Iterator[None]:
    """Make every missing row final, and run the body with recovery recorded as the writer.

    The record is needed because a recovery may be killed in a commit, too.
    """
    _overwrite(layout, uuid.uuid4().hex, at=0)
    make_final()
    yield
    clear_writer(layout)


def record_commit(layout: Layout, op_id: str) -> None:
    """Record that the operation has committed, after the writer's id. Any committed operation serves the purpose."""
    with suppress(OSError):
        _overwrite(layout, op_id, at=WRITER_BYTES)


def is_older_than_folder(layout: Layout) -> bool:
    """Return whether ``.sf/writer`` names a committed operation that the database does not have.

    Then the database has lost its log, or it is an older copy.
    """
    noted = _read(layout, at=WRITER_BYTES)
    return re.fullmatch(r"[0-9a-f]{32}", noted) is not None and not is_committed(noted)


def clear_commit(layout: Layout) -> None:
    """Clear the record of the last commit, because a person declared that this database belongs to this folder."""
    _overwrite(layout, _NO_WRITER, at=WRITER_BYTES)


def is_disk_full(exc: BaseException) -> bool:
    """Return whether a commit raised because the disk is full; then its outcome is final.

    SQLite writes the frame that completes a transaction last. If that frame does not fit on the disk, the log holds no
    commit that could appear later. An fsync that fails on a full disk is another error, ``SQLITE_IOERR_FSYNC``.
    """
    code = getattr(exc.__cause__, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_FULL


def _read(layout: Layout, *, at: int) -> str:
    descriptor = os.open(layout.writer_file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # An id that was never written is empty, or zeros if the id after it was written.
        return os.pread(descriptor, WRITER_BYTES, at).decode("ascii", "replace").strip("\0") or _NO_WRITER
    finally:
        os.close(descriptor)


def _overwrite(layout: Layout, op_id: str, *, at: int) -> None:
    # Not synced: after a power cut no process runs, and recovery makes missing rows final before its first query.
    try:
        descriptor = os.open(layout.writer_file, os.O_WRONLY | os.O_CLOEXEC)
    except OSError as exc:
        if exc.errno != errno.EROFS:
            raise
        return  # On a read-only disk no operation can move a file and die after it.
    try:
        os.pwrite(descriptor, op_id.encode(), at)
    finally:
        os.close(descriptor)
