"""Merge a segment into the one before it, and undo the merge when it is restored from the trash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

from api.models import Segment
from api.serializers import StrictCharField
from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_before, segment_row, segment_to_change, write_many
from api.services.segments import EDIT_LOCKED, check_if_match, discard_of
from core.errors import InvalidInput, NotFound, RecordLocked
from filming.framings import NAMES as FRAMING
from filming.segment_overrides import overrides_of, update_overrides
from filming.segment_settings import STORY_SETTING
from media_store.models import TrashEntry
from media_store.operations import Operation

REASON = "merged into the one before"
NOTHING_BEFORE = "There is no segment before this one that it could be merged into."
TAKEN_BACK = "Merge taken back"
ONLY_RESTORED = "Segment restored; the one it was merged into has changed since and stays as it is."
# The columns of the first segment that a merge changes.
COLUMNS = ("text_content", "image_prompt", "image_file")
MERGED_SETTINGS = (*FRAMING, *STORY_SETTING)


def merge_segment(segment_id: int, body: Mapping[str, Any], *, by: str, if_match: str | None = None) -> tuple[Row, int]:
    """Append a segment's text to the segment before it, and move the segment to the trash.

    The body's ``text_content`` replaces the joined text, which is by default both texts with a blank or line break
    between. If the first segment has no picture, it gets the picture and framing of the second; everything else goes
    to the trash with the segment. No file moves to another path. Returns the first segment's row, and the id of the
    trash entry whose restoration undoes the merge. Raises ``NotFound``, ``PreconditionFailed``, ``RecordLocked``,
    ``InvalidInput`` and ``FileDeleteFailed``; nothing is changed then.
    """
    with Operation("merge", by=by) as operation, operation.transaction():
        second = segment_to_change(segment_id)
        check_if_match(second, if_match)
        first = segment_before(second)
        if second["is_locked"] or (first and first["is_locked"]):
            raise RecordLocked(EDIT_LOCKED)
        if first is None:
            raise InvalidInput(NOTHING_BEFORE)
        text = _text_in(body)
        is_moved = bool(second["image_file"] and not first["image_file"])
        became = _merged(first, second, text, is_moved=is_moved)
        settings = _merged_settings(first, second, is_moved=is_moved)
        facts = {
            "into": first["id"],
            "was": {name: first[name] for name in COLUMNS},
            "became": became,
            "choices": settings,
        }
        entry = _discard(operation, second, facts, keeps_picture=is_moved)
        change_segment(first, **became)
        update_overrides(first["id"], settings["became"])
        group = project_group(first["project"])
        operation.audit("segment", str(first["id"]), group, note=f"with segment {segment_id}")
        if is_moved:
            _audit_move(operation, group, became["image_file"], frm=segment_id, to=first["id"])
    return segment_row(first["id"]), entry


def _text_in(body: Mapping[str, Any]) -> str | None:
    if "text_content" not in body:
        return None
    try:
        return str(StrictCharField().run_validation(body["text_content"]))
    except ValidationError as exc:
        raise InvalidInput(details={"text_content": exc.detail}) from exc


def _merged(first: Row, second: Row, text: str | None, *, is_moved: bool) -> dict[str, Any]:
    texts = (first["text_content"], second["text_content"])
    between = "\n" if any("\n" in part for part in texts) else " "
    return {
        "text_content": text or between.join(texts),
        "image_prompt": first["image_prompt"] or second["image_prompt"],
        "image_file": (second if is_moved else first)["image_file"],
    }


def _merged_settings(first: Row, second: Row, *, is_moved: bool) -> dict[str, dict[str, Any]]:
    """Return the changed settings of the first segment, before and after.

    A framing moves with its picture, and the pause of the second segment is now after the first.
    """
    overrides = overrides_of([first["id"], second["id"]], MERGED_SETTINGS)
    was, others = overrides[first["id"]], overrides[second["id"]]
    changed = ["pause_s"]
    if is_moved:
        changed += FRAMING
    return {
        "was": {name: was.get(name) for name in changed},
        "became": {name: others.get(name) for name in changed},
    }


def _discard(operation: Operation, second: Row, facts: dict[str, Any], *, keeps_picture: bool) -> int:
    """Move the segment to the trash, without a picture that the other one gets. Returns the id of the trash entry."""
    record = Segment.objects.get(pk=second["id"])
    columns = ("audio_file",) if keeps_picture else ("image_file", "audio_file")
    files = {column: f"media/{second[column]}" for column in columns if second[column]}
    # This must come before the other row gets the picture: a file that two rows own is not moved.
    entry = operation.discard(discard_of(record, REASON, merge=facts), files)
    record.delete()
    return entry.pk if entry else 0


def undo_merge(operation: Operation, entry: TrashEntry) -> str:
    """Undo a merge after its segment was restored, unless the first segment was changed since the merge.

    Runs in the transaction of ``operation``; registered with ``api.services.segments``. Returns a sentence about the
    outcome, "" if the segment was not merged.
    """
    facts = entry.snapshot.get("merge")
    if facts is None:
        return ""
    was, became = facts["was"], facts["became"]
    try:
        first = segment_to_change(facts["into"])
    except NotFound:
        return ONLY_RESTORED
    if first["is_locked"] or any(first[name] != became[name] for name in COLUMNS):
        return ONLY_RESTORED
    change_segment(first, **was)
    _restore_settings(first["id"], **facts["choices"])
    if was["image_file"] != became["image_file"]:
        write_many(Segment, ("image_file",), [(became["image_file"], int(entry.record))])
        _audit_move(operation, entry.group, became["image_file"], frm=first["id"], to=entry.record)
    return TAKEN_BACK


def _restore_settings(segment_id: int, was: dict[str, Any], became: dict[str, Any]) -> None:
    now = overrides_of([segment_id], MERGED_SETTINGS)[segment_id]
    update_overrides(segment_id, {name: value for name, value in was.items() if now.get(name) == became[name]})


def _audit_move(operation: Operation, group: str, name: str, *, frm: int, to: int | str) -> None:
    operation.audit("image", str(to), group, place=f"media/{name}", note=f"from segment {frm}")
