"""Split a segment in two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from api.models import Segment
from api.request_bodies import is_integer
from api.services.projects import project_group
from api.services.rows import Row, change_segment, free_position_after, segment_row, segment_to_change
from api.services.segments import EDIT_LOCKED, check_if_match
from core.errors import InvalidInput, RecordLocked
from filming.segment_overrides import update_overrides
from filming.segment_settings import settings_of
from media_store.operations import Operation

NO_PLACE = "at must be the number of characters that the first half keeps: a whole number with text on both sides."


def split_segment(segment_id: int, body: Mapping[str, Any], *, by: str, if_match: str | None = None) -> tuple[Row, Row]:
    """Move the text from character ``at`` on into a new segment after this one. Returns the rows of both.

    Characters are code points. The first segment keeps everything else; the second gets the same voice, and the pause
    that was after the first. Raises ``NotFound``, ``PreconditionFailed``, ``RecordLocked`` and ``InvalidInput``;
    nothing is changed then.
    """
    with Operation("split", by=by) as operation, operation.transaction():
        segment = segment_to_change(segment_id)
        check_if_match(segment, if_match)
        if segment["is_locked"]:
            raise RecordLocked(EDIT_LOCKED)
        first, second = _halves(segment["text_content"], body.get("at"))
        position = free_position_after(segment)
        now = timezone.now()
        new = Segment.objects.create(
            project_id=segment["project"],
            sequence_index=position,
            text_content=second,
            created_at=now,
            updated_at=now,
        )
        overrides = settings_of([segment_id])[segment_id]
        update_overrides(new.pk, overrides)
        update_overrides(segment_id, {"pause_s": None})
        change_segment(segment, text_content=first)
        operation.audit("segment", str(segment_id), project_group(segment["project"]), note=f"into segment {new.pk}")
    return segment_row(segment_id), segment_row(new.pk)


def _halves(text: str, at: Any) -> tuple[str, str]:
    if not is_integer(at) or not 0 < at < len(text):
        raise InvalidInput(details={"at": [NO_PLACE]})
    first, second = text[:at].rstrip(), text[at:].lstrip()
    if not (first.strip() and second.strip()):
        raise InvalidInput(details={"at": [NO_PLACE]})
    return first, second
