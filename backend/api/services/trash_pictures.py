"""Thumbnails of trash entries: the picture of the entry or, for a project, of its first segment."""

from __future__ import annotations

import os
from functools import reduce
from operator import or_
from typing import Any, BinaryIO, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from core.errors import NotFound
from media_store import thumbnail_cache
from media_store.layout import current_layout
from media_store.models import TrashEntry, TrashFile
from media_store.pictures import EXTENSIONS
from media_store.trash import entry_in_trash, open_trashed

Entries = TypeVar("Entries", bound="QuerySet[Any, Any]")

# Extracted by the database, because the snapshot of a project can have 100,000 segments.
FIRST_PICTURE = KT("snapshot__segments__0__image_file")
_FILES = TrashFile.objects.filter(entry=OuterRef("pk"))
_IS_PICTURE = reduce(or_, (Q(place__iendswith=ending) for ending in EXTENSIONS))


def with_pictures(entries: Entries) -> Entries:
    """Annotate the query with the columns that ``has_picture`` needs."""
    return entries.annotate(
        first_picture=FIRST_PICTURE,
        has_picture_file=Exists(_FILES.filter(_IS_PICTURE, is_folder=False)),
        folder=Subquery(_FILES.filter(is_folder=True).values("place")[:1]),
    )


def has_picture(entry: Any) -> bool:
    """Return whether an entry, read ``with_pictures``, has a picture."""
    return entry.has_picture_file or _inside(entry.folder, entry.first_picture) is not None


def open_entry_thumbnail(entry_id: int, width: int) -> tuple[BinaryIO, str]:
    """Return an open thumbnail of the entry's picture and the thumbnail's version.

    Raises ``NotInTrash``, ``NotFound`` if the entry has no picture, or ``InvalidPicture`` for a damaged file.
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
    """Return a trashed file that is a picture and "", or a trashed folder and the picture's path inside it."""
    for file in files:
        if not file.is_folder and file.place.lower().endswith(EXTENSIONS):
            return file, ""
    for file in files:
        if file.is_folder and (inside := _inside(file.place, first_picture)):
            return file, inside
    return None


def _inside(folder: str | None, name: str | None) -> str | None:
    """Return the path, inside ``folder``, of the file that a row calls ``name``; None if it is not inside."""
    is_there = folder and name and f"media/{name}".startswith(f"{folder}/")
    return f"media/{name}".removeprefix(f"{folder}/") if is_there else None
