"""What a thing in the trash looked like: its picture, or of a project the picture of its first segment."""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from django.db.models.fields.json import KT

from core.errors import NotFound
from media_store import thumbnail_cache
from media_store.layout import current_layout
from media_store.models import TrashEntry, TrashFile
from media_store.pictures import EXTENSIONS
from media_store.trash import entry_in_trash, open_trashed

# Asked of the database, because a project's snapshot can hold a hundred thousand segments.
FIRST_PICTURE = KT("snapshot__segments__0__image_file")


def has_picture(entry: Any) -> bool:
    """Of an entry that was read with its ``files`` and annotated with ``first_picture``."""
    return _picture_in(list(entry.files.all()), entry.first_picture) is not None


def open_entry_thumbnail(entry_id: int, width: int) -> tuple[BinaryIO, str]:
    """A thumbnail of the entry's picture, and its version.

    Raises ``NotInTrash``, ``NotFound`` when it has no picture, or ``InvalidPicture`` for a damaged file.
    """
    entry_in_trash(entry_id)
    entry = TrashEntry.objects.defer("snapshot").annotate(first_picture=FIRST_PICTURE).get(pk=entry_id)
    found = _picture_in(list(entry.files.all()), entry.first_picture)
    layout = current_layout()
    descriptor = open_trashed(layout, found[0], inside=found[1]) if found else None
    if descriptor is None or found is None:
        raise NotFound("It has no picture.")
    try:
        file, inside = found
        place = f"{file.place}/{inside}" if inside else file.place
        return thumbnail_cache.open_thumbnail(layout, place, descriptor, width)
    finally:
        os.close(descriptor)


def _picture_in(files: list[TrashFile], first_picture: str | None) -> tuple[TrashFile, str] | None:
    """The file that is a picture, or the folder that has one and where in it."""
    for file in files:
        if not file.is_folder and file.place.lower().endswith(EXTENSIONS):
            return file, ""
    for file in files:
        place = f"media/{first_picture}" if first_picture else ""
        if file.is_folder and place.startswith(f"{file.place}/"):
            return file, place.removeprefix(f"{file.place}/")
    return None
