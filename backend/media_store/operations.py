"""An operation: one change to people's files that changes bytes and rows together, or neither.

The order of steps (rename into the trash before the commit; the commit record decides):

1. Take the shared store lock. It excludes recovery.
2. Write new bytes to ``.sf/in/<op>/<place>`` and sync them. The database is not locked yet.
3. Begin the transaction, which takes the write lock. First make the outcome of the previous writer final
   (``finality``). Insert the operation's row in ``media_op``: the commit record.
4. Rename removed files into the trash, link new files to their places, change rows, insert trash and audit rows.
5. Commit. Then remove ``.sf/in/<op>``; an error here does no harm.

If the process dies before the commit, the names on disk belong to an operation without a row: recovery or a later
operation undoes it. If the process dies after the commit, the operation has a row: recovery finishes it. If an error
is raised before the commit, the operation rolls itself back while it still holds the write lock, so that no other
writer sees a partial change.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.db import DatabaseError, connection, transaction

from core.errors import StoryFlowError
from media_store import ballast, disk, locks, trash
from media_store.dead_operations import (
    check_no_links_above,
    clear_staged,
    exists,
    group_of_place,
    is_same_file,
    undo_dead_operations,
)
from media_store.errors import CannotRestore, DiskFull, FileDeleteFailed, storage_failure
from media_store.finality import (
    clear_writer,
    final_transaction,
    is_committed,
    is_disk_full,
    make_final,
    record_commit,
)
from media_store.layout import current_layout
from media_store.models import AuditEntry, MediaOperation, TrashEntry, TrashFile
from media_store.names import with_suffix_token
from media_store.records import owners_of
from media_store.statements import insert
from media_store.trash import TrashRecord
from media_store.uploads import StreamedUpload

log = logging.getLogger(__name__)

MAX_PLACE_LENGTH = len("media/") + 100  # the model's column holds 100 characters
FILE_GONE = "Its file is gone from the trash folder. Nothing was changed; look for it in a backup of the data folder."

REMOVING_ACTS = frozenset({"remove", "delete", "purge"})


class Operation:
    """A context manager for one change of files; its ``transaction()`` encloses the changes of rows.

    ``act`` is the verb in the audit log ("upload", "remove", …). ``by`` is who makes the change: a user, an address
    or "cli".
    """

    def __init__(self, act: str, *, by: str) -> None:
        self.id = uuid.uuid4().hex
        self.act = act
        self.by = by
        self.layout = current_layout()
        self._locks = ExitStack()
        self._undo: list[Callable[[], None]] = []
        self._after: list[Callable[[], object]] = [partial(clear_staged, self.layout, self.id)]
        self._is_committed = False

    def __enter__(self) -> Self:
        """Take the shared lock. Raises ``FileDeleteFailed`` if the act removes files, else ``StorageFailed``."""
        try:
            self.layout.ensure()
            self._locks.enter_context(locks.shared(self.layout))
        except OSError as exc:
            raise self._error_for(exc) from exc
        return self

    def _error_for(self, exc: OSError) -> StoryFlowError:
        return FileDeleteFailed() if self.act.partition(" ")[0] in REMOVING_ACTS else storage_failure(exc)

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._locks:
            for step in self._after if self._is_committed else self._after[:1]:
                # The change is committed, so an error here must not fail it. Recovery does the step later.
                try:
                    step()
                except (OSError, DatabaseError):
                    log.warning("Operation %s: clearing up is left to recovery.", self.id, exc_info=True)

    def stage(self, upload: StreamedUpload, place: str) -> None:
        """Write the bytes for ``place`` to the operation's folder and sync them.

        Raises ``DiskFull`` or ``StorageFailed``.
        """
        staged = self.layout.staged(self.id, place)
        try:
            if disk.free_bytes(self.layout.incoming) < ballast.HEADROOM_BYTES:
                raise DiskFull
            disk.make_folder(staged.parent)
            disk.write_new(upload.content, staged)
        except OSError as exc:
            raise storage_failure(exc) from exc

    def rename_staged(self, place: str, other: str) -> None:
        """Assign the bytes staged for ``place`` to the place ``other``. Raises ``DiskFull`` or ``StorageFailed``."""
        target = self.layout.staged(self.id, other)
        try:
            disk.make_folder(target.parent)
            disk.rename(self.layout.staged(self.id, place), target)
        except OSError as exc:
            raise storage_failure(exc) from exc

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the body in a transaction that changes rows and names together. It is committed at a normal exit."""
        ballast.release_when_full(self.layout)
        try:
            with locks.write_slot():
                yield from self._transaction()
        except OSError as exc:
            raise self._error_for(exc) from exc

    def _transaction(self) -> Iterator[None]:
        is_body_done = False
        try:
            with final_transaction(self.layout, self.id):
                insert(MediaOperation(op_id=self.id, act=self.act))
                try:
                    yield
                except BaseException:
                    self._roll_back()
                    clear_writer(self.layout)
                    raise
                is_body_done = True
        except BaseException as exc:
            if not is_body_done or not self._took_effect(exc):
                raise
            log.warning("Operation %s took effect although its commit reported %r.", self.id, exc)
        self._is_committed = True
        record_commit(self.layout, self.id)

    def _took_effect(self, exc: BaseException) -> bool:
        """Find out whether a commit that raised took effect; if it did not, roll back the changes on disk.

        When SQLite fails to sync a commit, the frames of the commit stay in the log. A restart may find them complete
        and apply them. Therefore a write is committed first, which makes the outcome final. The query then takes the
        write lock, so that no other operation runs during the rollback. An operation that had the write lock in
        between has undone this one as a dead operation. On a full disk nothing can be written, and the outcome is
        final already. If the query fails, the staged bytes stay on disk for recovery.
        """
        if not connection.in_atomic_block:
            connection.close()
        has_room = not is_disk_full(exc)
        try:
            if has_room:
                make_final()
            with transaction.atomic():
                took_effect = is_committed(self.id)
                if not took_effect:
                    self._roll_back()
                    if has_room:
                        self.audit("operation", self.id, "", note="taken back: its commit failed")
        except DatabaseError:
            log.exception("Operation %s: its outcome is unknown and left to recovery.", self.id)
            self._after.clear()
            return False
        return took_effect

    def _roll_back(self) -> None:
        while self._undo:
            step = self._undo.pop()
            try:
                step()
            except OSError:
                log.exception("Operation %s: taking it back is left to recovery.", self.id)
                self._after.clear()

    def discard(
        self, trash_record: TrashRecord, files: dict[str, str], *, folder: str | None = None
    ) -> TrashEntry | None:
        """Move files (role → place) or a whole folder to the trash as one entry.

        A file that is missing from disk is skipped and gets an audit row. Returns None if there is nothing to
        restore. Raises ``FileDeleteFailed``; then nothing is changed.
        """
        moved = [self._move_to_trash(trash_record, role, place) for role, place in files.items()]
        if folder is not None:
            moved.append(self._move_to_trash(trash_record, "folder", folder))
        kept = [file for file in moved if file is not None]
        if not kept and not trash_record.rows:
            return None
        entry = trash.add_entry(trash_record, kept, op_id=self.id, act=self.act, by=self.by)
        if entry.state == TrashEntry.State.PURGING:
            self.on_commit(lambda: trash.finish_purges(self.layout, only=entry.pk))
        return entry

    def discard_without_files(self, trash_records: list[TrashRecord]) -> None:
        """Add a trash entry without files for each record, in a few statements."""
        days = trash.retention_days()
        if days:
            trash.add_entries_without_files(trash_records, op_id=self.id, act=self.act, by=self.by, days=days)
            return
        for trash_record in trash_records:
            self.discard(trash_record, {})

    def on_commit(self, step: Callable[[], object]) -> None:
        """Run ``step`` after the commit. If it fails or the process dies before it, recovery does the same work."""
        self._after.append(step)

    def _move_to_trash(self, trash_record: TrashRecord, role: str, place: str) -> TrashFile | None:
        is_folder = role == "folder"
        try:
            live, trashed = self.layout.live(place), self.layout.trashed(self.id, place)
        except ValueError:
            # Another program wrote a name into the row that no file of the store can have.
            self._audit_missing(trash_record, place, is_folder=is_folder)
            return None
        if not is_folder and owners_of(place) > 1:
            self.audit(
                trash_record.kind,
                trash_record.record,
                trash_record.group,
                act="share",
                place=place,
                note="another record has it too",
            )
            return None
        try:
            undo_dead_operations(self.layout, place, me=self.id)
            check_no_links_above(self.layout, place)
            if live.is_symlink() or live.is_dir() != is_folder or not exists(live):
                self._audit_missing(trash_record, place, is_folder=is_folder)
                return None
            size_bytes = disk.size_of(live)
            self._undo.append(partial(_move_back, trashed, live))
            disk.rename(live, trashed)
        except OSError as exc:
            raise FileDeleteFailed from exc
        sha256 = "" if is_folder else trash.known_sha256(place)
        return TrashFile(
            op_id=self.id, place=place, role=role, is_folder=is_folder, size_bytes=size_bytes, sha256=sha256
        )

    def _audit_missing(self, trash_record: TrashRecord, place: str, *, is_folder: bool) -> None:
        """Log a file that is missing from disk, but no folder: a project without files never had a folder.

        It is not an error: the caller clears the row, and then row and disk agree.
        """
        if not is_folder:
            log.warning("The file of %s %s is missing from disk: %s", trash_record.kind, trash_record.record, place)
            self.audit(trash_record.kind, trash_record.record, trash_record.group, act="missing", place=place)

    def place_staged(self, place: str) -> str:
        """Link the staged bytes to ``place``, or to a free name beside it. Returns the place that they got."""
        while True:
            staged, live = self.layout.staged(self.id, place), self.layout.live(place)
            self._undo.append(partial(_unlink_if_same, live, staged))
            try:
                check_no_links_above(self.layout, place)
                self._undo_dead_above(place)
                disk.make_folder(live.parent)
                disk.link(staged, live)
            except FileExistsError:
                # A file that no row owns has this name. It is never overwritten; recovery moves it to the trash.
                self._undo.pop()
                place = with_suffix_token(place, uuid.uuid4().hex[:8], max_length=MAX_PLACE_LENGTH)
                disk.rename(staged, self.layout.staged(self.id, place))
            except OSError as exc:
                raise storage_failure(exc) from exc
            else:
                return place

    def _undo_dead_above(self, place: str) -> None:
        """Put back every folder above ``place`` that a dead operation moved, before a new folder takes its name."""
        folder = place.rpartition("/")[0]
        while "/" in folder and not exists(self.layout.live(folder)):
            undo_dead_operations(self.layout, folder, me=self.id)
            folder = folder.rpartition("/")[0]

    def restore_file(self, file: TrashFile, place: str) -> str:
        """Restore a trashed file to ``place``, or to a free name beside it. Returns the place that the file got.

        The name in the trash is unlinked after the commit. Raises ``CannotRestore`` if the file is not in the trash,
        and ``DiskFull`` or ``StorageFailed``.
        """
        trashed, staged = self.layout.trashed(file.op_id, file.place), self.layout.staged(self.id, place)
        try:
            disk.make_folder(staged.parent)
            disk.link(trashed, staged)
        except FileNotFoundError as exc:
            raise CannotRestore(FILE_GONE) from exc
        except OSError as exc:
            raise storage_failure(exc) from exc
        self.on_commit(partial(disk.unlink, trashed))
        return self.place_staged(place)

    def restore_folder(self, file: TrashFile) -> None:
        """Rename a trashed folder to its old place. A folder that is there now is moved to the trash.

        Raises ``CannotRestore`` if the folder is not in the trash, and ``DiskFull`` or ``StorageFailed``.
        """
        trashed, live = self.layout.trashed(file.op_id, file.place), self.layout.live(file.place)
        try:
            check_no_links_above(self.layout, file.place)
            disk.make_folder(live.parent)
            disk.remove_empty_folders(live)
            if exists(live):
                trash_record = TrashRecord(
                    kind=trash.FOUND, record="", group=group_of_place(file.place), title=file.place, reason="in the way"
                )
                self.discard(trash_record, {}, folder=file.place)
            self._undo.append(partial(_move_back, live, trashed))
            disk.rename(trashed, live)
        except FileNotFoundError as exc:
            raise CannotRestore(FILE_GONE) from exc
        except OSError as exc:
            raise storage_failure(exc) from exc

    def audit(self, kind: str, record: str, group: str, *, act: str | None = None, **facts: Any) -> None:
        """Add an audit row; ``facts`` are further columns of ``AuditEntry``."""
        about = {"op_id": self.id, "by": self.by, "kind": kind, "record": record, "group": group}
        insert(AuditEntry(act=act or self.act, **about, **facts))


def _move_back(now_at: Path, was_at: Path) -> None:
    if exists(now_at):
        if exists(was_at):
            raise FileExistsError(was_at)
        disk.rename(now_at, was_at)


def _unlink_if_same(live: Path, staged: Path) -> None:
    if is_same_file(live, staged):
        disk.unlink(live)
