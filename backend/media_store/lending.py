"""Pictures that records of one door lend to those of another, which know nothing of each other."""

from __future__ import annotations

import os
from collections.abc import Callable

from core.errors import NotFound
from media_store.layout import current_layout
from media_store.reading import open_beneath
from media_store.uploads import StreamedUpload, upload_from_descriptor

_lenders: dict[str, Callable[[str], str]] = {}


def register(kind: str, place_of: Callable[[str], str]) -> None:
    """``place_of`` gives the place of a record's picture, or raises; called from a door's ``AppConfig.ready``."""
    _lenders[kind] = place_of


def borrow(kind: str, record: str) -> StreamedUpload:
    """A copy of a record's picture, as if it had been sent. Raises what the lender raises, and ``NotFound``."""
    place = _lenders[kind](record)
    area, _, relative = place.partition("/")
    descriptor = open_beneath(current_layout().areas[area], relative)
    if descriptor is None:
        raise NotFound("Its picture is missing from disk.")
    try:
        return upload_from_descriptor(descriptor, name=relative.rpartition("/")[2])
    finally:
        os.close(descriptor)
