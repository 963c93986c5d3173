"""Pictures that records of one door lend to those of another, which know nothing of each other."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from core.errors import NotFound
from media_store.layout import current_layout
from media_store.reading import open_beneath
from media_store.uploads import StreamedUpload, upload_from_descriptor

# Takes the record and who asks for it; the store knows neither.
Lender = Callable[[str, Any], str]

_lenders: dict[str, Lender] = {}


def register(kind: str, place_of: Lender) -> None:
    """``place_of`` gives the place of a record's picture, or raises; called from a door's ``AppConfig.ready``."""
    _lenders[kind] = place_of


def borrow(kind: str, record: str, *, borrower: Any) -> StreamedUpload:
    """A copy of a record's picture, as if it had been sent. Raises what the lender raises, and ``NotFound``."""
    place = _lenders[kind](record, borrower)
    area, _, relative = place.partition("/")
    descriptor = open_beneath(current_layout().areas[area], relative)
    if descriptor is None:
        raise NotFound("Its picture is missing from disk.")
    try:
        return upload_from_descriptor(descriptor, name=relative.rpartition("/")[2])
    finally:
        os.close(descriptor)
