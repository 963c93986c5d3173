"""Undoing, by the names it left on disk, an operation whose process died before its commit.

The names say everything: ``.sf/in/<op>/<place>`` are bytes that were to come to a place, ``.sf/trash/<op>~<place>``
a file that was taken from one. An operation is dead when it has no row in ``media_op`` and nobody can still be
working on it: either recovery holds the store's lock exclusively, or the caller holds the database's write lock,
without which no living operation gets as far as touching a place.
"""

from __future__ import annotations

import filecmp
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from media_store import disk, trash
from media_store.layout import Layout, quote_place, unquote_place
from media_store.models import MediaOperation, TrashFile
from media_store.records import owners_of


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


def staged_places(layout: Layout, op_id: str) -> Iterator[str]:
    with suppress(FileNotFoundError):
        for path in sorted((layout.incoming / op_id).iterdir()):
            yield unquote_place(path.name)


def trashed_names(layout: Layout) -> Iterator[tuple[str, str]]:
    """(operation, place) of every name in the trash folder; foreign names are passed over."""
    for path in sorted(layout.trash.iterdir()):
        op_id, tilde, quoted = path.name.partition("~")
        if tilde:
            yield op_id, unquote_place(quoted)


def is_committed(op_id: str) -> bool:
    return MediaOperation.objects.filter(op_id=op_id).exists()


def settle_dead_operations(layout: Layout, place: str, *, me: str) -> None:
    """Undo what a dead operation left at ``place``; called with the write lock held.

    A file that is there with a single name was left by nobody, which is nearly always so and costs one ``lstat``.
    """
    live = layout.live(place)
    with suppress(FileNotFoundError):
        found = live.lstat()
        if stat.S_ISDIR(found.st_mode) or found.st_nlink == 1:
            return
    ending = "~" + quote_place(place)
    suspects = {path.name.partition("~")[0] for path in layout.trash.iterdir() if path.name.endswith(ending)}
    # A committed operation still dropping its own second name is among them, hence the question below.
    suspects |= {folder.name for folder in layout.incoming.iterdir() if is_same_file(live, folder / quote_place(place))}
    for op_id in suspects - {me}:
        if not is_committed(op_id):
            undo_by_names(layout, op_id)


def undo_by_names(layout: Layout, op_id: str) -> list[str]:
    """Put everything back as it was before the operation; returns the places that were put back or adopted."""
    for place in staged_places(layout, op_id):
        if _is_this_operations_own(layout, op_id, place):
            disk.unlink(layout.live(place))
    settled = [place for other, place in trashed_names(layout) if other == op_id]
    for place in settled:
        _put_back_or_adopt(layout, op_id, place)
    clear_staged(layout, op_id)
    return settled


def _is_this_operations_own(layout: Layout, op_id: str, place: str) -> bool:
    """Whether the file at ``place`` is what this operation linked there.

    The same inode, or, since copying a data folder breaks links, the same bytes; and never a file that a row owns,
    unless this operation took that row's file away, for then the row means the one in the trash.
    """
    live, staged = layout.live(place), layout.staged(op_id, place)
    if not exists(live) or live.is_symlink() or not live.is_file():
        return False
    if not live.samefile(staged) and not filecmp.cmp(live, staged, shallow=False):
        return False
    return exists(layout.trashed(op_id, place)) or owners_of(place) == 0


def _put_back_or_adopt(layout: Layout, op_id: str, place: str) -> None:
    live, trashed = layout.live(place), layout.trashed(op_id, place)
    if not exists(live):
        disk.make_folder(live.parent)
        disk.rename(trashed, live)
        return
    # A later operation that committed has filled the place: what we found becomes an ordinary trash entry.
    adopt(layout, op_id, place, reason="left by an interrupted operation")


def adopt(layout: Layout, op_id: str, place: str, *, reason: str) -> None:
    """Give a name in the trash folder its rows, so that a person can find it."""
    path = layout.trashed(op_id, place)
    what = trash.Discard(kind="file", record="", group=group_of(place), title=place, reason=reason)
    file = TrashFile(op_id=op_id, place=place, role="file", is_folder=path.is_dir(), size_bytes=disk.size_of(path))
    MediaOperation.objects.get_or_create(op_id=op_id, defaults={"act": "adopt"})
    trash.add_entry(what, [file], op_id=op_id, act="adopt", by="recovery")


def group_of(place: str) -> str:
    """The first two folders inside the area: ``media/projects/7/images/x.jpg`` belongs to ``projects/7``."""
    parts = place.split("/")[1:-1]
    return "/".join(parts[:2])


def clear_staged(layout: Layout, op_id: str) -> None:
    folder = layout.incoming / op_id
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            disk.unlink(path)
        folder.rmdir()
