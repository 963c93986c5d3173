"""The check that a media folder and a database belong together; both have the same random id from the first start.

With a wrong folder, every file would seem to be missing. With a wrong database, no file would seem to have an owner.
"""

from __future__ import annotations

import os
import stat
import uuid
from pathlib import Path

from media_store import disk
from media_store.errors import StoreMismatch
from media_store.finality import clear_commit, is_older_than_folder
from media_store.layout import FILE_MODE, Layout, live_files
from media_store.models import StoreIdentity, TrashEntry
from media_store.records import referenced_places


def verify_identity(layout: Layout) -> bool:
    """Check the ids of folder and database. Returns True if this is the first start, after marking both.

    Raises ``StoreMismatch`` if they do not belong together, or if the database is older than the folder.
    """
    on_disk, in_database = _read(layout), StoreIdentity.objects.values_list("store_id", flat=True).first()
    if on_disk and on_disk == in_database:
        if is_older_than_folder(layout):
            raise StoreMismatch(f"The database is older than the media folder {_media(layout)}. {_OLDER}")
        return False
    if on_disk and in_database:
        raise StoreMismatch(f"The media folder {_media(layout)} belongs to another StoryFlow database. {_REMEDY}")
    if in_database and _database_expects_files():
        raise StoreMismatch(
            f"The database expects pictures, but {_media(layout)} is not the folder that it was used with. {_REMEDY}"
        )
    if not in_database and not _database_expects_files() and _has_files(layout):
        raise StoreMismatch(f"The media folder {_media(layout)} has files, but the database is a new one. {_REMEDY}")
    mark(layout, store_id=on_disk or in_database or uuid.uuid4().hex)
    return in_database is None


_REMEDY = (
    "Point STORYFLOW_DATA_DIR at the folder you mean. If you did put these two together yourself, "
    "say so with: storyflow doctor --adopt"
)


_OLDER = (
    "Its log, the file db.sqlite3-wal, is missing or damaged, or an older copy was put in its place; what was changed "
    "since is not in it. Put the newest db.sqlite3 back together with its log. If you want to go on with this one, say "
    "so with: storyflow doctor --adopt"
)


def mark(layout: Layout, *, store_id: str | None = None) -> None:
    """Write the same id to folder and database: they belong together. Without ``store_id`` a new id is made."""
    store_id = store_id or uuid.uuid4().hex
    beside = layout.private / f"store-id.{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(descriptor, "w") as file:
        file.write(store_id)
        file.flush()
        os.fsync(descriptor)
    disk.rename(beside, layout.identity_file)
    clear_commit(layout)
    StoreIdentity.objects.update_or_create(pk=1, defaults={"store_id": store_id})


def _media(layout: Layout) -> Path:
    return layout.private.parent


def _read(layout: Layout) -> str | None:
    try:
        if not stat.S_ISREG(layout.identity_file.stat().st_mode):
            raise OSError("not a file")  # Reading a named pipe would block.
        return layout.identity_file.read_text().strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise StoreMismatch(f"{layout.identity_file} cannot be read, so nothing was touched. {_REMEDY}") from exc


def _database_expects_files() -> bool:
    return bool(referenced_places()) or TrashEntry.objects.filter(state=TrashEntry.State.TRASHED).exists()


def _has_files(layout: Layout) -> bool:
    return any(live_files(layout)) or any(layout.trash.iterdir()) or any(layout.incoming.iterdir())
