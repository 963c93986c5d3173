"""Pictures that one app copies from the records of another app, without an import between the two apps."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from core.errors import NotFound
from media_store.layout import current_layout
from media_store.safe_open import open_beneath
from media_store.uploads import StreamedUpload, upload_from_descriptor

# Takes the id of the record and the viewer; the store passes both on unread. Returns the place of the picture.
PictureLocator = Callable[[str, Any], str]

_locators: dict[str, PictureLocator] = {}


def register(kind: str, locate: PictureLocator) -> None:
    """Register the locator of one kind of record; called from the ``AppConfig.ready`` of its app.

    ``locate`` raises when the record does not exist, has no picture, or may not be used by the viewer.
    """
    _locators[kind] = locate


def copy_picture(kind: str, record: str, *, viewer: Any) -> StreamedUpload:
    """Return a copy of a record's picture as an upload.

    Raises what the registered locator raises, and ``NotFound`` if the file is missing from disk.
    """
    place = _locators[kind](record, viewer)
    area, _, relative = place.partition("/")
    descriptor = open_beneath(current_layout().areas[area], relative)
    if descriptor is None:
        raise NotFound("Its picture is missing from disk.")
    try:
        return upload_from_descriptor(descriptor, name=relative.rpartition("/")[2])
    finally:
        os.close(descriptor)
