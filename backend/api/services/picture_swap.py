"""Swapping the pictures of two segments of one project."""

from __future__ import annotations

from collections.abc import Callable

from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_row, segment_to_change
from core.errors import InvalidInput, RecordLocked
from media_store.operations import Operation

# Called with the two segment ids inside the transaction, to swap what another package stores about the pictures.
SwapHook = Callable[[int, int], None]

_hooks: list[SwapHook] = []


def register(hook: SwapHook) -> None:
    """Register a hook. Called from ``AppConfig.ready`` of a package that stores something about pictures."""
    _hooks.append(hook)


def swap_images(first_id: int, second_id: int, *, by: str) -> tuple[Row, Row]:
    """Swap the pictures of two segments. If one segment has no picture, the other segment's picture moves to it.

    Only rows change, no file moves: a file belongs to the segment whose row names it, even if its name begins with the
    id of another segment. A crash therefore leaves nothing half done on disk. Raises ``NotFound``, ``InvalidInput`` or
    ``RecordLocked``; then nothing has changed.
    """
    if first_id == second_id:
        raise InvalidInput("A picture can only be swapped with another segment's.")
    with Operation("swap", by=by) as operation, operation.transaction():
        # Always lock in the order of the ids: two swaps of the same pair would deadlock otherwise.
        locked = {segment_id: segment_to_change(segment_id) for segment_id in sorted((first_id, second_id))}
        first, second = locked[first_id], locked[second_id]
        _check_swappable(first, second)
        for segment, other in ((first, second), (second, first)):
            change_segment(segment, image_file=other["image_file"])
            operation.audit(
                "image",
                str(segment["id"]),
                project_group(segment["project"]),
                place=f"media/{other['image_file']}" if other["image_file"] else "",
                note=f"with segment {other['id']}",
            )
        for hook in _hooks:
            hook(first_id, second_id)
    return segment_row(first_id), segment_row(second_id)


def _check_swappable(first: Row, second: Row) -> None:
    if first["is_locked"] or second["is_locked"]:
        raise RecordLocked
    if first["project"] != second["project"]:
        # The files of a project are in its folder and are deleted with it.
        raise InvalidInput("Pictures can only be swapped within one project.")
    if not (first["image_file"] or second["image_file"]):
        raise InvalidInput("Neither of the two segments has a picture.")
