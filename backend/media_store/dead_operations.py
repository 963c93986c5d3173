"""Undoing, by the names it left on disk, an operation whose process died before its commit.

The names say everything: ``.sf/in/<op>/<place>`` are bytes that were to come to a place, ``.sf/trash/<op>~<place>``
a file that was taken from one. An operation is dead when it has no row in ``media_op`` and nobody can still be
working on it: either recovery holds the store's lock exclusively, or the caller holds the database's write lock,
without which no living operation gets as far as touching a place. That it will never have a row either was made sure
before: recovery and every operation's transaction begin by making that answer final (``finality``).
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
    """Whether the name is taken, be it by a dangling symlink."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def is_same_file(one: Path, other: Path) -> bool:
    """Whether both names are there and mean one file; either may vanish while we look."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def is_operation(name: str) -> bool:
    """Whether a name in ``.sf`` is one of ours; other programs leave theirs everywhere (``@eaDir``, ``.DS_Store``)."""
    return _OPERATION.fullmatch(name) is not None


def is_place(layout: Layout, place: str) -> bool:
    """Whether this can be a place of ours; a name that is not even text cannot."""
    try:
        layout.live(place)
        place.encode()
    except ValueError:
        return False
    return True


def check_no_links_above(layout: Layout, place: str) -> None:
    """Nothing is moved through a folder that is a symbolic link: it could lead out of the store. Raises ``OSError``."""
    link = layout.link_above(place)
    if link is not None:
        raise OSError(errno.ELOOP, "a folder of the store is a symbolic link", str(link))


def has_same_bytes(live: Path, other: Path) -> bool:
    """Whether a regular file is there, and is the same file or has the same bytes."""
    if not exists(live) or live.is_symlink() or not live.is_file():
        return False
    return live.samefile(other) or filecmp.cmp(live, other, shallow=False)


def operations_in(layout: Layout) -> list[str]:
    """The operations that have a folder in ``in``."""
    return sorted(path.name for path in layout.incoming.iterdir() if is_operation(path.name) and path.is_dir())


def staged_places(layout: Layout, op_id: str) -> list[str]:
    with suppress(FileNotFoundError):
        names = sorted(path.name for path in (layout.incoming / op_id).iterdir())
        return [place for place in map(unquote_place, names) if is_place(layout, place)]
    return []


def trashed_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """(operation, place) of every name in the trash folder; foreign names are passed over."""
    for path in sorted(layout.trash.iterdir()):
        op_id, _, quoted = path.name.partition("~")
        place = unquote_place(quoted)
        if is_operation(op_id) and is_place(layout, place):
            yield op_id, place


def settle_dead_operations(layout: Layout, place: str, *, me: str) -> None:
    """Undo what a dead operation left at ``place``; called with the write lock held.

    A file that is there with a single name was left by nobody, which is nearly always so and costs one ``lstat``.
    """
    live = layout.live(place)
    with suppress(FileNotFoundError):
        found = live.lstat()
        if stat.S_ISDIR(found.st_mode):
            _settle_below(layout, place, me=me)
            return
        if found.st_nlink == 1:
            return
    ending = "~" + quote_place(place)
    suspects = {path.name.partition("~")[0] for path in layout.trash.iterdir() if path.name.endswith(ending)}
    # A committed operation still dropping its own second name is among them, hence the question below.
    suspects |= {folder.name for folder in layout.incoming.iterdir() if is_same_file(live, folder / quote_place(place))}
    _undo_uncommitted(layout, suspects - {me})


def _settle_below(layout: Layout, folder: str, *, me: str) -> None:
    """The same for every place in a folder that is about to go as a whole."""
    suspects = {op_id for op_id, place in trashed_names(layout) if place.startswith(folder + "/")}
    for op_id in operations_in(layout):
        for place in staged_places(layout, op_id):
            if place.startswith(folder + "/") and is_same_file(layout.live(place), layout.staged(op_id, place)):
                suspects.add(op_id)
    _undo_uncommitted(layout, suspects - {me})


def _undo_uncommitted(layout: Layout, suspects: set[str]) -> None:
    for op_id in filter(is_operation, suspects):
        if not is_committed(op_id):
            undo_by_names(layout, op_id)


def undo_by_names(layout: Layout, op_id: str, trashed: list[str] | None = None) -> list[str]:
    """Put everything back as it was before the operation; returns the places that were put back or adopted.

    ``trashed`` are the places of its names in the trash, when the caller has listed that folder already. What a later
    operation has filled meanwhile is adopted, all of it in one transaction and last: from then on the operation counts
    as committed, and nothing of it would be put back any more.
    """
    if trashed is None:
        trashed = [place for other, place in trashed_names(layout) if other == op_id]
    staged = staged_places(layout, op_id)
    for place in (*staged, *trashed):
        check_no_links_above(layout, place)
    for place in staged:
        if _is_this_operations_own(layout, op_id, place):
            disk.unlink(layout.live(place))
    taken = [place for place in trashed if not _put_back(layout, op_id, place)]
    clear_staged(layout, op_id)
    adopt(layout, op_id, taken, reason="left by an interrupted operation")
    return trashed


def _is_this_operations_own(layout: Layout, op_id: str, place: str) -> bool:
    """Whether the file at ``place`` is what this operation linked there.

    The same inode, or, since copying a data folder breaks links, the same bytes; and never a file that a row owns,
    unless this operation took that row's file away, for then the row means the one in the trash.
    """
    if not has_same_bytes(layout.live(place), layout.staged(op_id, place)):
        return False
    return exists(layout.trashed(op_id, place)) or owners_of(place) == 0


def _put_back(layout: Layout, op_id: str, place: str) -> bool:
    live, trashed = layout.live(place), layout.trashed(op_id, place)
    if exists(live):
        if not os.path.samestat(live.lstat(), trashed.lstat()):
            return False
        # A power cut in a rename may leave both its names.
        disk.unlink(trashed)
        return True
    disk.make_folder(live.parent)
    disk.rename(trashed, live)
    return True


def adopt(layout: Layout, op_id: str, places: list[str], *, reason: str) -> None:
    """Give names in the trash folder their rows, so that a person can find what is behind them."""
    with transaction.atomic():
        for place in places:
            path = layout.trashed(op_id, place)
            what = trash.TrashRecord(kind=trash.FOUND, record="", group=group_of(place), title=place, reason=reason)
            file = TrashFile(
                op_id=op_id, place=place, role="file", is_folder=path.is_dir(), size_bytes=disk.size_of(path)
            )
            MediaOperation.objects.get_or_create(op_id=op_id, defaults={"act": "adopt"})
            trash.add_entry(what, [file], op_id=op_id, act="adopt", by="recovery")


def undo_unfinished_restores(layout: Layout, files: Iterable[TrashFile]) -> None:
    """A folder that a restore renamed out of the trash without ever committing goes back there."""
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


def group_of(place: str) -> str:
    """The first two folders inside the area: ``media/projects/7/images/x.jpg`` belongs to ``projects/7``."""
    parts = place.split("/")[1:-1]
    return "/".join(parts[:2])


def clear_staged(layout: Layout, op_id: str) -> None:
    """Drop what an operation staged; what others left in its folder stays, and the folder with it."""
    folder = layout.incoming / op_id
    for place in staged_places(layout, op_id):
        with suppress(FileNotFoundError):
            disk.unlink(layout.staged(op_id, place))
    try:
        folder.rmdir()
    except OSError as exc:
        if exc.errno not in (errno.ENOENT, errno.ENOTEMPTY):
            raise
