"""Reading a file in the milliseconds in which an operation has moved it but not yet committed."""

from __future__ import annotations

from media_store.layout import current_layout, quote_place
from media_store.models import MediaOperation
from media_store.records import owners_of
from media_store.safe_open import open_beneath

# The next operation may move it again in between.
MAX_ATTEMPTS = 5


def open_pending(place: str) -> int | None:
    """A descriptor of the bytes a row still means although they left their place, else None.

    Until the moving operation commits, or recovery puts the file back, it lies in the trash under a name whose
    operation has no row.
    """
    for _ in range(MAX_ATTEMPTS):
        if not owners_of(place):
            return None
        descriptor = _open_in_trash(place)
        if descriptor is None:
            # It may have been put back, or replaced, while we looked.
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
