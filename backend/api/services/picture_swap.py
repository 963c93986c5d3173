"""Exchanging the pictures of two segments of one project."""

from __future__ import annotations

from collections.abc import Callable

from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_row, segment_to_change
from core.errors import InvalidInput, RecordLocked
from media_store.operations import Operation

# Takes the two segments' ids, in the transaction; what other rooms keep about a picture goes with it.
SwapHook = Callable[[int, int], None]

_hooks: list[SwapHook] = []


def register(hook: SwapHook) -> None:
    """Called from an ``AppConfig.ready`` of the room that keeps something about pictures."""
    _hooks.append(hook)


def swap_images(first_id: int, second_id: int, *, by: str) -> tuple[Row, Row]:
    """Give each of two segments the other's picture; where one has none, the other's moves.

    Rows change and no file does: a place belongs to whoever's row names it, not to the segment whose number its name
    begins with. So there is nothing on disk that a crash could leave half done. Raises ``NotFound``, ``InvalidInput``
    or ``RecordLocked``, with nothing changed.
    """
    if first_id == second_id:
        raise InvalidInput("A picture can only be swapped with another segment's.")
    with Operation("swap", by=by) as operation, operation.transaction():
        # Always in the same order, so that two swaps of one pair wait for each other instead of for ever.
        held = {segment_id: segment_to_change(segment_id) for segment_id in sorted((first_id, second_id))}
        first, second = held[first_id], held[second_id]
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
        # A project's files lie in its folder and go with it.
        raise InvalidInput("Pictures can only be swapped within one project.")
    if not (first["image_file"] or second["image_file"]):
        raise InvalidInput("Neither of the two segments has a picture.")
