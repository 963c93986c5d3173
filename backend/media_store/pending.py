"""Opening a file that an operation has moved to the trash and not yet committed."""

from __future__ import annotations

from media_store.layout import current_layout, quote_place
from media_store.models import MediaOperation
from media_store.records import owners_of
from media_store.safe_open import open_beneath

# Between two steps of one attempt another operation may move the file.
MAX_ATTEMPTS = 5


def open_pending(place: str) -> int | None:
    """Open the file that a row names as ``place`` but that an uncommitted operation has moved to the trash.

    Until that operation commits, or recovery puts the file back, the name in the trash belongs to an operation
    without a row in ``media_op``. Returns a descriptor, or None if no row owns the place or no such file is found.
    """
    for _ in range(MAX_ATTEMPTS):
        if not owners_of(place):
            return None
        descriptor = _open_in_trash(place)
        if descriptor is None:
            # The operation may have put the file back, or replaced it, since the last check.
            area, _, relative = place.partition("/")
            descriptor = open_beneath(current_layout().areas[area], relative)
        if descriptor is not None:
            return descriptor
    return None


def _open_in_trash(place: str) -> int | None:
    layout = current_layout()
    ending = "~" + quote_place(place)
    for path in layout.trash.iterdir() if layout.trash.is_dir() else ():
        op_id = path.name.partition("~")[0]
        if path.name.endswith(ending) and not MediaOperation.objects.filter(op_id=op_id).exists():
            descriptor = open_beneath(layout.trash, path.name)
            if descriptor is not None:
                return descriptor
    return None
