"""Change many segments of a project in one step, as find and replace, bulk settings and their undo need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from api.models import Segment
from api.request_bodies import MAX_ID, is_integer
from api.serializers import StrictCharField
from api.services.rows import (
    Row,
    project_row,
    segments_named,
    stored_time,
    touch_project,
    write_many,
    write_transaction,
)
from core.errors import InvalidInput
from filming import framings, segment_settings
from filming.segment_overrides import overrides_of, update_many_overrides
from filming.segment_settings import OVERRIDE_NAMES

COLUMNS = ("text_content", "image_prompt")
FIELDS = (*COLUMNS, *OVERRIDE_NAMES)
LOCKED, CHANGED = "locked", "changed"
# At this number of segments, the write lock is held for well under a second.
MAX_CHANGES = 10_000
MAX_LISTED_PROBLEMS = 20
MAX_NAME_CHARACTERS = 40


@dataclass(frozen=True)
class Change:
    """The new values of one segment, and the values that it must have now."""

    segment_id: int
    to: dict[str, Any]
    only_if: dict[str, Any]


@dataclass(frozen=True)
class Changed:
    """The changed segments in the order of the request, and the skipped ones with the reason.

    ``undo`` is the list of changes that reverts these; each applies only if its segment was not changed since.
    """

    segments: list[Row]
    skipped: list[dict[str, Any]]
    undo: list[dict[str, Any]]


def change_segments(project_id: int, body: Mapping[str, Any]) -> Changed:
    """Apply all changes in one transaction, except to segments that are locked or do not match their ``if``.

    Raises ``NotFound`` for the project, and ``InvalidInput`` for unusable values and segments of other projects;
    nothing is changed then.
    """
    changes = _read(body)
    project_row(project_id)
    ids = [change.segment_id for change in changes]
    with write_transaction():
        rows = segments_named(project_id, ids)
        _check_known(ids, rows)
        overrides = overrides_of(ids, OVERRIDE_NAMES)
        wanted, skipped = _partition(changes, rows, overrides)
        undo = [_undo_change(change, _current_values(change.segment_id, rows, overrides)) for change in wanted]
        if touched := _write(wanted, rows, overrides):
            touch_project(project_id)
            rows |= segments_named(project_id, touched)
    return Changed([rows[change.segment_id] for change in wanted], skipped, undo)


def _check_known(ids: list[int], rows: Mapping[int, Row]) -> None:
    unknown = [segment_id for segment_id in ids if segment_id not in rows]
    if unknown:
        named = ", ".join(map(str, unknown[:MAX_LISTED_PROBLEMS]))
        raise InvalidInput("Invalid segment IDs", details=f"Not in this project: {named}.")


def _partition(
    changes: list[Change], rows: Mapping[int, Row], overrides: Mapping[int, Mapping[str, Any]]
) -> tuple[list[Change], list[dict[str, Any]]]:
    """Return the changes to apply, and the response entries of the skipped ones."""
    wanted, skipped = [], []
    for change in changes:
        now = _current_values(change.segment_id, rows, overrides)
        if now["is_locked"]:
            skipped.append({"id": change.segment_id, "reason": LOCKED})
        elif any(now[name] != value for name, value in change.only_if.items()):
            skipped.append({"id": change.segment_id, "reason": CHANGED})
        else:
            wanted.append(change)
    return wanted, skipped


def _current_values(
    segment_id: int, rows: Mapping[int, Row], overrides: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    return {**rows[segment_id], **dict.fromkeys(OVERRIDE_NAMES), **overrides[segment_id]}


def _undo_change(change: Change, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the change that reverts ``change``; ``now`` are the values before it."""
    return {"id": change.segment_id, **{name: now[name] for name in change.to}, "if": change.to}


def _write(wanted: list[Change], rows: Mapping[int, Row], overrides: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Write the changes. Returns the ids of the segments that are now different."""
    moment = stored_time(timezone.now())
    texts: list[tuple[Any, ...]] = []
    new_values: list[tuple[int, str, Any]] = []
    for change in wanted:
        row, own = rows[change.segment_id], overrides[change.segment_id]
        new = [
            (change.segment_id, name, change.to[name])
            for name in OVERRIDE_NAMES
            if name in change.to and change.to[name] != own.get(name)
        ]
        columns = [change.to.get(name, row[name]) for name in COLUMNS]
        if new or columns != [row[name] for name in COLUMNS]:
            texts.append((*columns, moment, change.segment_id))
        new_values += new
    write_many(Segment, (*COLUMNS, "updated_at"), texts)
    update_many_overrides(new_values)
    return [row[-1] for row in texts]


def _read(body: Mapping[str, Any]) -> list[Change]:
    """Parse the body. Raises ``InvalidInput``."""
    found = body.get("changes")
    if not isinstance(found, list) or not found or len(found) > MAX_CHANGES:
        raise InvalidInput(details={"changes": [f"It must be a list of 1 to {MAX_CHANGES:,} changes."]})
    # Thousands of changes can have the same value; typed, because True is not 1 here.
    check = lru_cache(maxsize=None, typed=True)(_problem_of_setting)
    problems: list[str] = []
    changes: list[Change] = []
    seen: set[int] = set()
    for number, one in enumerate(found, 1):
        read = _one(one, check)
        if isinstance(read, Change) and read.segment_id in seen:
            read = "the segment is named twice"
        if isinstance(read, Change):
            changes.append(read)
            seen.add(read.segment_id)
        elif len(problems) < MAX_LISTED_PROBLEMS:
            problems.append(f"Change {number}: {read}")
    if problems:
        raise InvalidInput(details={"changes": problems})
    return changes


def _one(one: Any, check: Callable[[str, Any], str | None]) -> Change | str:
    """Parse one change. Returns it, or a sentence about what is wrong with it."""
    if not isinstance(one, dict) or not is_integer(one.get("id")) or not 0 < one["id"] <= MAX_ID:
        return "it must be an object with the id of a segment."
    only_if = one.get("if", {})
    if not isinstance(only_if, dict):
        return "if must be an object."
    to = {name: value for name, value in one.items() if name not in ("id", "if")}
    for name in (*to, *only_if):
        if name not in FIELDS:
            return f"there is no {name[:MAX_NAME_CHARACTERS]!r}; there are {', '.join(FIELDS)}."
    for name, value in to.items():
        if name in COLUMNS:
            try:
                to[name] = StrictCharField(allow_blank=name == "image_prompt").run_validation(value)
            except ValidationError as exc:
                return f"{name}: {exc.detail[0]}"  # type: ignore[index]
        elif reason := check(name, value) if _is_plain(value) else "It must be a text, a number or null.":
            return f"{name}: {reason}"
    return Change(one["id"], to, only_if)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _problem_of_setting(name: str, value: Any) -> str | None:
    if name in segment_settings.STORY_SETTING:
        return segment_settings.problem_of(name, value)
    return framings.problem_of(name, value)
