"""One change to people's files: bytes and rows together, or not at all.

The order ("trash by rename before commit, the row decides"):

1. hold the store's lock shared, so that recovery stays away;
2. put new bytes at ``.sf/in/<op>/<place>``, synced; no database lock is held yet;
3. begin the transaction, which takes the write lock, when it is final what became of the last one that had it
   (``finality``), and write the operation's row: the commit record;
4. rename what goes into the trash, link what comes into its place, change rows, write trash and audit rows;
5. commit; then clear ``.sf/in/<op>``, which may fail without harm.

A crash before the commit leaves names on disk whose operation has no row: they are undone. A crash after it leaves
names whose operation has one: recovery finishes them. Without a crash an operation takes itself back step by step
while it still holds the write lock, so that nobody meets it half done.
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
    group_of,
    is_same_file,
    settle_dead_operations,
)
from media_store.errors import CannotRestore, DiskFull, FileDeleteFailed, storage_failure
from media_store.finality import (
    final_transaction,
    forget_writer,
    is_committed,
    is_disk_full,
    make_final,
    note_commit,
)
from media_store.layout import current_layout
from media_store.models import AuditEntry, MediaOperation, TrashEntry, TrashFile
from media_store.names import with_suffix_token
from media_store.records import owners_of
from media_store.statements import insert
from media_store.uploads import StreamedUpload

log = logging.getLogger(__name__)

MAX_PLACE_LENGTH = len("media/") + 100  # the model's column holds 100 characters
GONE = "Its file is gone from the trash folder. Nothing was changed; look for it in a backup of the data folder."

TAKING_AWAY = frozenset({"remove", "delete", "purge"})


class Operation:
    """A context manager around one act, with ``transaction()`` inside it around the rows.

    ``act`` is the verb kept in the audit ("upload", "remove", …), ``by`` who did it (an address, "cli").
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
        """Raises ``FileDeleteFailed`` for an act that takes away, or ``StorageFailed``."""
        try:
            self.layout.ensure()
            self._locks.enter_context(locks.shared(self.layout))
        except OSError as exc:
            raise self._refusal(exc) from exc
        return self

    def _refusal(self, exc: OSError) -> StoryFlowError:
        return FileDeleteFailed() if self.act.partition(" ")[0] in TAKING_AWAY else storage_failure(exc)

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._locks:
            for step in self._after if self._is_committed else self._after[:1]:
                # Recovery finishes what fails here; it must not turn a thing that is done into a failure.
                try:
                    step()
                except (OSError, DatabaseError):
                    log.warning("Operation %s: clearing up is left to recovery.", self.id, exc_info=True)

    def stage(self, upload: StreamedUpload, place: str) -> None:
        """Make the bytes durable under this operation's own name. Raises ``DiskFull`` or ``StorageFailed``."""
        staged = self.layout.staged(self.id, place)
        try:
            if disk.free_bytes(self.layout.incoming) < ballast.HEADROOM_BYTES:
                raise DiskFull
            disk.make_folder(staged.parent)
            disk.write_new(upload.content, staged)
        except OSError as exc:
            raise storage_failure(exc) from exc

    def rename_staged(self, place: str, other: str) -> None:
        """What is staged for ``place`` is for ``other`` after all. Raises ``DiskFull`` or ``StorageFailed``."""
        target = self.layout.staged(self.id, other)
        try:
            disk.make_folder(target.parent)
            disk.rename(self.layout.staged(self.id, place), target)
        except OSError as exc:
            raise storage_failure(exc) from exc

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Rows and names change together; leaving it normally means that it is committed."""
        ballast.release_when_full(self.layout)
        try:
            with locks.write_slot():
                yield from self._transaction()
        except OSError as exc:
            raise self._refusal(exc) from exc

    def _transaction(self) -> Iterator[None]:
        is_body_done = False
        try:
            with final_transaction(self.layout, self.id):
                insert(MediaOperation(op_id=self.id, act=self.act))
                try:
                    yield
                except BaseException:
                    self._roll_back()
                    forget_writer(self.layout)
                    raise
                is_body_done = True
        except BaseException as exc:
            if not is_body_done or not self._took_effect(exc):
                raise
            log.warning("Operation %s took effect although its commit reported %r.", self.id, exc)
        self._is_committed = True
        note_commit(self.layout, self.id)

    def _took_effect(self, exc: BaseException) -> bool:
        """The commit raised, so only the database knows; if it says no, take everything back.

        When SQLite fails to sync a commit, its frames stay in the log, and a restart may find them whole and believe
        them. So the answer is made final before it is asked for. Asking takes the write lock, which keeps others out
        while everything is taken back; whoever had it in between has undone this operation as a dead one. On a full
        disk nothing can be written, nor has to be. When the database cannot be asked, the staged bytes are kept:
        recovery will know what to do with them.
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
        self, what: trash.TrashRecord, files: dict[str, str], *, folder: str | None = None
    ) -> TrashEntry | None:
        """Move files (role → place), or a whole folder, into the trash as one entry.

        A file that is already gone is noted in the audit and passed over. Returns None when there is nothing to
        bring back. Raises ``FileDeleteFailed`` with everything as it was.
        """
        moved = [self._move_to_trash(what, role, place) for role, place in files.items()]
        if folder is not None:
            moved.append(self._move_to_trash(what, "folder", folder))
        kept = [file for file in moved if file is not None]
        if not kept and not what.rows:
            return None
        entry = trash.add_entry(what, kept, op_id=self.id, act=self.act, by=self.by)
        if entry.state == TrashEntry.State.PURGING:
            self.on_commit(lambda: trash.finish_purges(self.layout, only=entry.pk))
        return entry

    def discard_without_files(self, whats: list[trash.TrashRecord]) -> None:
        """As ``discard`` without files for each, in a few statements."""
        days = trash.retention_days()
        if days:
            trash.add_entries_without_files(whats, op_id=self.id, act=self.act, by=self.by, days=days)
            return
        for what in whats:
            self.discard(what, {})

    def on_commit(self, step: Callable[[], object]) -> None:
        """Do this once it is committed; when it fails or never comes to it, recovery does it."""
        self._after.append(step)

    def _move_to_trash(self, what: trash.TrashRecord, role: str, place: str) -> TrashFile | None:
        is_folder = role == "folder"
        try:
            live, trashed = self.layout.live(place), self.layout.trashed(self.id, place)
        except ValueError:
            # A name that a hand or another program wrote into the row, and that no file of ours can have.
            self._note_missing(what, place, is_folder=is_folder)
            return None
        if not is_folder and owners_of(place) > 1:
            self.audit(what.kind, what.record, what.group, act="share", place=place, note="another record has it too")
            return None
        try:
            settle_dead_operations(self.layout, place, me=self.id)
            check_no_links_above(self.layout, place)
            if live.is_symlink() or live.is_dir() != is_folder or not exists(live):
                self._note_missing(what, place, is_folder=is_folder)
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

    def _note_missing(self, what: trash.TrashRecord, place: str, *, is_folder: bool) -> None:
        """A project may never have had a folder; a row's file should have been there, but clearing the row heals it."""
        if not is_folder:
            log.warning("The file of %s %s is missing from disk: %s", what.kind, what.record, place)
            self.audit(what.kind, what.record, what.group, act="missing", place=place)

    def place_staged(self, place: str) -> str:
        """Give the staged bytes of ``place`` their place, or a free name beside it; returns the one they got."""
        while True:
            staged, live = self.layout.staged(self.id, place), self.layout.live(place)
            self._undo.append(partial(_unlink_if_same, live, staged))
            try:
                check_no_links_above(self.layout, place)
                self._settle_above(place)
                disk.make_folder(live.parent)
                disk.link(staged, live)
            except FileExistsError:
                # Something that no row owns lies there. It is never overwritten; recovery puts it aside.
                self._undo.pop()
                place = with_suffix_token(place, uuid.uuid4().hex[:8], max_length=MAX_PLACE_LENGTH)
                disk.rename(staged, self.layout.staged(self.id, place))
            except OSError as exc:
                raise storage_failure(exc) from exc
            else:
                return place

    def _settle_above(self, place: str) -> None:
        """A folder that a dead operation took away comes back before another is made in its place."""
        folder = place.rpartition("/")[0]
        while "/" in folder and not exists(self.layout.live(folder)):
            settle_dead_operations(self.layout, folder, me=self.id)
            folder = folder.rpartition("/")[0]

    def restore_file(self, file: TrashFile, place: str) -> str:
        """Put a trashed file at ``place``, or a free name beside it; its name in the trash goes after the commit."""
        trashed, staged = self.layout.trashed(file.op_id, file.place), self.layout.staged(self.id, place)
        try:
            disk.make_folder(staged.parent)
            disk.link(trashed, staged)
        except FileNotFoundError as exc:
            raise CannotRestore(GONE) from exc
        except OSError as exc:
            raise storage_failure(exc) from exc
        self.on_commit(partial(disk.unlink, trashed))
        return self.place_staged(place)

    def restore_folder(self, file: TrashFile) -> None:
        """Rename a trashed folder to where it was, whole; a folder that is there meanwhile goes into the trash."""
        trashed, live = self.layout.trashed(file.op_id, file.place), self.layout.live(file.place)
        try:
            check_no_links_above(self.layout, file.place)
            disk.make_folder(live.parent)
            disk.remove_empty_folders(live)
            if exists(live):
                what = trash.TrashRecord(
                    kind=trash.FOUND, record="", group=group_of(file.place), title=file.place, reason="in the way"
                )
                self.discard(what, {}, folder=file.place)
            self._undo.append(partial(_move_back, live, trashed))
            disk.rename(trashed, live)
        except FileNotFoundError as exc:
            raise CannotRestore(GONE) from exc
        except OSError as exc:
            raise storage_failure(exc) from exc

    def audit(self, kind: str, record: str, group: str, *, act: str | None = None, **facts: Any) -> None:
        """Add a row that says who did what; ``facts`` are columns of ``AuditEntry``."""
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
