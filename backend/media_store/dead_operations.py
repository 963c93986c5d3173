"""Undo of dead operations: operations that ended before their commit without rolling back.

The names on disk hold all that the undo needs: ``.sf/in/<op>/<place>`` are bytes that the operation staged for a
place, ``.sf/trash/<op>~<place>`` is a file that the operation took from a place.

An operation is dead if it has no row in ``media_op`` and no process can still be working on it. Either recovery
holds the store lock exclusively, or the caller holds the database's write lock, without which no running operation
touches a place. A missing row is final at that time: recovery and the transaction of every operation begin with
making it so (``finality``).
"""

from __future__ import annotations

import errno
import filecmp
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.db import transaction

from media_store import disk, trash
from media_store.finality import is_committed
from media_store.layout import Layout, quote_place, unquote_place
from media_store.models import MediaOperation, TrashFile
from media_store.records import is_owned, owners_of, referenced_places

_OPERATION = re.compile(r"[0-9a-f]{32}")


def exists(path: Path) -> bool:
    """Return whether the name exists, also as a dangling symbolic link."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether both names exist and are the same file; either may be removed during the check."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def is_operation_id(name: str) -> bool:
    """Return whether a name in ``.sf`` is an operation's id; other programs add names (``@eaDir``, ``.DS_Store``)."""
    return _OPERATION.fullmatch(name) is not None


def is_place(layout: Layout, place: str) -> bool:
    """Return whether ``place`` is valid in this store; a name that is not valid text is not."""
    try:
        layout.live(place)
        place.encode()
    except ValueError:
        return False
    return True


def check_no_links_above(layout: Layout, place: str) -> None:
    """Raises ``OSError`` if a folder above ``place`` is a symbolic link, which could lead out of the store."""
    link = layout.link_above(place)
    if link is not None:
        raise OSError(errno.ELOOP, "a folder of the store is a symbolic link", str(link))


def has_same_bytes(live: Path, other: Path) -> bool:
    """Return whether ``live`` is a regular file that is the same file as ``other`` or has the same bytes."""
    if not exists(live) or live.is_symlink() or not live.is_file():
        return False
    return live.samefile(other) or filecmp.cmp(live, other, shallow=False)


def operations_in(layout: Layout) -> list[str]:
    """Return the ids of the operations that have a folder in ``.sf/in``, sorted."""
    return sorted(path.name for path in layout.incoming.iterdir() if is_operation_id(path.name) and path.is_dir())


def staged_places(layout: Layout, op_id: str) -> list[str]:
    with suppress(FileNotFoundError):
        names = sorted(path.name for path in (layout.incoming / op_id).iterdir())
        return [place for place in map(unquote_place, names) if is_place(layout, place)]
    return []


def trashed_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield (operation id, place) of every name in the trash folder, and skip names of other programs."""
    for path in sorted(layout.trash.iterdir()):
        op_id, _, quoted = path.name.partition("~")
        place = unquote_place(quoted)
        if is_operation_id(op_id) and is_place(layout, place):
            yield op_id, place


def undo_dead_operations(layout: Layout, place: str, *, me: str) -> None:
    """Undo the dead operations that moved or linked a file at ``place``. The caller holds the write lock.

    ``me`` is the id of the calling operation. A file that has one hard link was left by no dead operation. This is
    the usual case, and it costs one ``lstat``.
    """
    live = layout.live(place)
    with suppress(FileNotFoundError):
        found = live.lstat()
        if stat.S_ISDIR(found.st_mode):
            _undo_dead_below(layout, place, me=me)
            return
        if found.st_nlink == 1:
            return
    ending = "~" + quote_place(place)
    suspects = {path.name.partition("~")[0] for path in layout.trash.iterdir() if path.name.endswith(ending)}
    # A committed operation that has not yet unlinked its second name may be among them; the next call checks that.
    suspects |= {folder.name for folder in layout.incoming.iterdir() if is_same_file(live, folder / quote_place(place))}
    _undo_uncommitted(layout, suspects - {me})


def _undo_dead_below(layout: Layout, folder: str, *, me: str) -> None:
    """Undo the dead operations at every place below a folder that is about to be moved."""
    suspects = {op_id for op_id, place in trashed_names(layout) if place.startswith(folder + "/")}
    for op_id in operations_in(layout):
        for place in staged_places(layout, op_id):
            if place.startswith(folder + "/") and is_same_file(layout.live(place), layout.staged(op_id, place)):
                suspects.add(op_id)
    _undo_uncommitted(layout, suspects - {me})


def _undo_uncommitted(layout: Layout, suspects: set[str]) -> None:
    for op_id in filter(is_operation_id, suspects):
        if not is_committed(op_id):
            undo_by_names(layout, op_id)


def undo_by_names(layout: Layout, op_id: str, trashed: list[str] | None = None) -> list[str]:
    """Undo all changes of an operation on disk. Returns the places that were put back or adopted.

    ``trashed`` are the places of the operation's names in the trash, if the caller has listed that folder already.
    If a later operation has filled a place since, the trashed file is adopted as a trash entry. All files are adopted
    in one transaction, as the last step: the adoption inserts the operation's row, and after that no file of the
    operation would be put back.
    """
    if trashed is None:
        trashed = [place for other, place in trashed_names(layout) if other == op_id]
    staged = staged_places(layout, op_id)
    for place in (*staged, *trashed):
        check_no_links_above(layout, place)
    for place in staged:
        if _was_linked_by_operation(layout, op_id, place):
            disk.unlink(layout.live(place))
    taken = [place for place in trashed if not _put_back(layout, op_id, place)]
    clear_staged(layout, op_id)
    adopt(layout, op_id, taken, reason="left by an interrupted operation")
    return trashed


def _was_linked_by_operation(layout: Layout, op_id: str, place: str) -> bool:
    """Return whether this operation linked the file at ``place``.

    The file has the same inode as the staged file, or the same bytes, because a copy of a data folder has no hard
    links. A file that a row owns does not count, unless the operation moved a file from this place to the trash: then
    the row means the file in the trash.
    """
    if not has_same_bytes(layout.live(place), layout.staged(op_id, place)):
        return False
    return exists(layout.trashed(op_id, place)) or owners_of(place) == 0


def _put_back(layout: Layout, op_id: str, place: str) -> bool:
    live, trashed = layout.live(place), layout.trashed(op_id, place)
    if exists(live):
        if not os.path.samestat(live.lstat(), trashed.lstat()):
            return False
        # A power cut during a rename may leave both names.
        disk.unlink(trashed)
        return True
    disk.make_folder(live.parent)
    disk.rename(trashed, live)
    return True


def adopt(layout: Layout, op_id: str, places: list[str], *, reason: str) -> None:
    """Create trash entries for names in the trash folder, so that a person can find and restore the files."""
    with transaction.atomic():
        for place in places:
            path = layout.trashed(op_id, place)
            trash_record = trash.TrashRecord(
                kind=trash.FOUND, record="", group=group_of_place(place), title=place, reason=reason
            )
            file = TrashFile(
                op_id=op_id, place=place, role="file", is_folder=path.is_dir(), size_bytes=disk.size_of(path)
            )
            MediaOperation.objects.get_or_create(op_id=op_id, defaults={"act": "adopt"})
            trash.add_entry(trash_record, [file], op_id=op_id, act="adopt", by="recovery")


def undo_unfinished_restores(layout: Layout, files: Iterable[TrashFile]) -> None:
    """Move back to the trash every file or folder that a restore renamed out of it and did not commit."""
    waiting = [
        file
        for file in files
        if not exists(layout.trashed(file.op_id, file.place))
        and exists(layout.live(file.place))
        and layout.link_above(file.place) is None
    ]
    referenced = referenced_places() if waiting else set()
    for file in waiting:
        live = layout.live(file.place)
        if live.is_dir() == file.is_folder and not is_owned(file.place, referenced):
            disk.rename(live, layout.trashed(file.op_id, file.place))


def group_of_place(place: str) -> str:
    """Return the first two folders below the area: ``projects/7`` for ``media/projects/7/images/x.jpg``."""
    parts = place.split("/")[1:-1]
    return "/".join(parts[:2])


def clear_staged(layout: Layout, op_id: str) -> None:
    """Unlink the staged files of an operation and remove its folder, unless the folder holds files of others."""
    folder = layout.incoming / op_id
    for place in staged_places(layout, op_id):
        with suppress(FileNotFoundError):
            disk.unlink(layout.staged(op_id, place))
    try:
        folder.rmdir()
    except OSError as exc:
        if exc.errno not in (errno.ENOENT, errno.ENOTEMPTY):
            raise
