"""Importing a revised script into its project. Matched segments keep their pictures and narration."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

import orjson
from django.utils import timezone
from django.utils.http import parse_etags

from api.errors import PreconditionFailed
from api.models import Project, Segment
from api.parsers import ParsedSegment
from api.script_matching import match_script
from api.services.rows import (
    Row,
    ids_in_order,
    project_row,
    segments_in_order,
    stored_time,
    touch_project,
    write_many,
)
from api.services.segments import discard_segments
from api.services.story_import import insert_segments, read_segments
from core.errors import Conflict, NotFound
from media_store.operations import Operation

Kind = Literal["kept", "changed", "new", "missing", "locked", "locked-missing"]
KINDS: tuple[Kind, ...] = ("kept", "changed", "new", "missing", "locked", "locked-missing")
STORY_CHANGED = "The story was changed meanwhile."
STORY_KEEPS_CHANGING = "The story was changed while the script was compared with it. Nothing was done; try again."
NOT_IN_SCRIPT = "not in the revised script"
# Segments per query: enough to be fast, few enough for the parameter limit of any database.
BATCH = 500
# Attempts: the comparison is repeated once if the story changed in the meantime.
COMPARISONS = 2
# The fields that a script is compared with, and the position of each segment.
COMPARED = ("id", "text_content", "image_prompt", "is_locked", "sequence_index")


@dataclass(frozen=True)
class Line:
    """One line of the comparison: a row of the script, a segment of the story, or both.

    ``kept``, ``changed`` and ``locked`` (differs, but is locked) have both; ``new`` has only a row; ``missing`` (moves
    to the trash) and ``locked-missing`` (stays) have only a segment.
    """

    kind: Kind
    segment: Row | None
    row: int | None

    @property
    def stays(self) -> bool:
        return self.kind != "missing"


@dataclass(frozen=True)
class Comparison:
    """The lines in the order of the script, and the ETag of the compared story.

    A missing segment comes after the segment that preceded it in the story.
    """

    lines: list[Line]
    etag: str

    def payload(self) -> dict[str, Any]:
        counts = Counter(line.kind for line in self.lines)
        return {
            "rows": [
                {"kind": line.kind, "segment": line.segment and line.segment["id"], "row": line.row}
                for line in self.lines
            ],
            "counts": {kind.replace("-", "_"): counts[kind] for kind in KINDS},
        }


def compare_script(project_id: int, body: Mapping[str, Any]) -> Comparison:
    """Return what an import of this script would do, without changing anything. Raises as ``revise_project``."""
    return _compare(project_id, read_segments(body, {}))[0]


def revise_project(project_id: int, body: Mapping[str, Any], *, by: str, if_match: str | None = None) -> Comparison:
    """Change the story to match the script, in one transaction. Returns what was done, with the ids of new segments.

    A comparison can take seconds, so it is made before the write lock is taken, and repeated if the story has changed
    in the meantime. Raises ``NotFound``; ``PreconditionFailed`` if ``if_match`` names another version of the story;
    ``Conflict`` if the story changed during every comparison; the errors of ``import_segments`` for the script; and the
    errors of the media store. On any error nothing has changed.
    """
    script = read_segments(body, {})
    for _ in range(COMPARISONS):
        comparison, segments = _compare(project_id, script)
        if if_match is not None and not {"*", comparison.etag} & set(parse_etags(if_match)):
            raise PreconditionFailed(comparison.payload(), comparison.etag, message=STORY_CHANGED)
        ids = _revised(project_id, comparison, segments, script, by=by)
        if ids is not None:
            return _as_revised(comparison, script, ids)
    raise Conflict(STORY_KEEPS_CHANGING)


def _compare(project_id: int, script: list[ParsedSegment]) -> tuple[Comparison, list[Row]]:
    """Compare without a lock. Returns the comparison and the compared segments. Raises ``NotFound``."""
    project_row(project_id)
    segments = list(segments_in_order(project_id))
    return _compared(segments, script), segments


def _revised(
    project_id: int, comparison: Comparison, segments: list[Row], script: list[ParsedSegment], *, by: str
) -> list[int] | None:
    """Write the revision. Returns the segment ids in order, or None if the story changed since the comparison."""
    with Operation("reimport", by=by) as operation, operation.transaction():
        if not Project.objects.select_for_update().filter(pk=project_id).exists():
            raise NotFound("There is no such project.")
        if not _are_same(segments, segments_in_order(project_id)):
            return None
        _discard(operation, [line.segment["id"] for line in comparison.lines if not line.stays and line.segment])
        _write([line for line in comparison.lines if line.stays], script, project_id)
        touch_project(project_id)
        return ids_in_order(project_id)


def _are_same(before: list[Row], now: Iterable[Row]) -> bool:
    pairs = zip_longest(before, now)
    return all(one and other and all(one[name] == other[name] for name in COMPARED) for one, other in pairs)


def _compared(segments: list[Row], script: list[ParsedSegment]) -> Comparison:
    old = [ParsedSegment(segment["text_content"], segment["image_prompt"]) for segment in segments]
    continues = match_script(old, script)
    taken = {position for position in continues if position is not None}
    behind: defaultdict[int, list[Line]] = defaultdict(list)
    anchor = -1
    for position, segment in enumerate(segments):
        if position in taken:
            anchor = position
        else:
            behind[anchor].append(Line("locked-missing" if segment["is_locked"] else "missing", segment, None))
    lines = behind[-1]
    for row, found in enumerate(continues):
        if found is None:
            lines.append(Line("new", None, row))
        else:
            lines.append(Line(_kind(segments[found], script[row]), segments[found], row))
            lines.extend(behind[found])
    return Comparison(lines, story_etag(segments))


def _kind(segment: Row, row: ParsedSegment) -> Kind:
    if _changes(segment, row) is None:
        return "kept"
    return "locked" if segment["is_locked"] else "changed"


def _changes(segment: Row, row: ParsedSegment) -> tuple[str, str] | None:
    """Return the new text and prompt; None if the segment has them already.

    A row without a prompt keeps the prompt of the segment.
    """
    wanted = (row.text_content, row.image_prompt or segment["image_prompt"])
    return None if wanted == (segment["text_content"], segment["image_prompt"]) else wanted


def story_etag(segments: Iterable[Row]) -> str:
    """Return a strong ETag of what a script is compared with. Equal ETags mean that these fields are equal."""
    digest = hashlib.blake2b(digest_size=12)
    for segment in segments:
        about = [segment[name] for name in ("id", "text_content", "image_prompt", "is_locked")]
        digest.update(orjson.dumps(about))
    return f'"{digest.hexdigest()}"'


def _discard(operation: Operation, ids: list[int]) -> None:
    for start in range(0, len(ids), BATCH):
        segments = Segment.objects.filter(pk__in=ids[start : start + BATCH]).order_by("sequence_index", "pk")
        discard_segments(operation, list(segments), reason=NOT_IN_SCRIPT)


def _write(lines: list[Line], script: list[ParsedSegment], project_id: int) -> None:
    now = stored_time(timezone.now())
    moved: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for position, line in enumerate(lines):
        if line.segment is None:
            continue
        if line.segment["sequence_index"] != position:
            moved.append((position, now, line.segment["id"]))
        if line.kind == "changed" and line.row is not None and (wanted := _changes(line.segment, script[line.row])):
            changed.append((*wanted, now, line.segment["id"]))
    write_many(Segment, ("sequence_index", "updated_at"), moved)
    write_many(Segment, ("text_content", "image_prompt", "updated_at"), changed)
    new = [(position, line.row) for position, line in enumerate(lines) if line.kind == "new"]
    insert_segments(project_id, ((position, script[row]) for position, row in new if row is not None))


def _as_revised(comparison: Comparison, script: list[ParsedSegment], ids: list[int]) -> Comparison:
    """Return the comparison with the segments as written. ``ids`` are their ids in the order of the story."""
    lines, story, following = [], [], iter(ids)
    for line in comparison.lines:
        segment = line.segment
        if line.stays:
            segment = _as_written(line, script, next(following))
            story.append(segment)
        lines.append(Line(line.kind, segment, line.row))
    return Comparison(lines, story_etag(story))


def _as_written(line: Line, script: list[ParsedSegment], segment_id: int) -> Row:
    if line.segment is None:
        row = script[line.row or 0]
        new = {"text_content": row.text_content, "image_prompt": row.image_prompt}
        return {"id": segment_id, "is_locked": False, **new}
    if line.kind != "changed" or line.row is None:
        return line.segment
    text, prompt = _changes(line.segment, script[line.row]) or ("", "")
    return {**line.segment, "text_content": text, "image_prompt": prompt}
