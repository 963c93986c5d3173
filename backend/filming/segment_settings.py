"""Settings of a single segment: its voice and the silence after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.services.projects import project_group
from api.services.rows import (
    change_segment,
    ids_in_order,
    project_row,
    segment_row,
    segment_to_change,
    write_transaction,
)
from core.errors import InvalidInput, RecordLocked, StoryFlowError
from filming.segment_overrides import overrides_of, update_overrides
from narration.catalogue import voice_named
from preferences.setting_values import effective_settings, unknown_name_errors
from rendering.film import MAX_PAUSE_S, MIN_PAUSE_S

# Maps each setting of a segment to the story setting that is in effect where the segment has none.
STORY_SETTING = {"voice": "voice", "pause_s": "segment_pause_s"}
# The story settings that a segment can override.
OVERRIDE_NAMES = ("motion", "fit", *STORY_SETTING)


def settings_of(segment_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return the ``voice`` and ``pause_s`` that each segment overrides, by segment id."""
    return overrides_of(segment_ids, STORY_SETTING)


def segments_with_overrides(project_id: int) -> list[dict[str, Any]]:
    """List the segments of a project that override a setting, in order; a setting that is not overridden is None.

    Raises ``NotFound``.
    """
    project_row(project_id)
    ids = ids_in_order(project_id)
    overrides = overrides_of(ids, OVERRIDE_NAMES)
    return [
        {"id": segment_id, **dict.fromkeys(OVERRIDE_NAMES), **overrides[segment_id]}
        for segment_id in ids
        if overrides[segment_id]
    ]


def settings_payload(segment_id: int) -> dict[str, Any]:
    """Return the settings in effect for the segment, and its overrides. Raises ``NotFound``."""
    story = effective_settings(project_group(segment_row(segment_id)["project"]))
    overrides = settings_of([segment_id])[segment_id]
    values = {name: overrides.get(name, story[setting]) for name, setting in STORY_SETTING.items()}
    return {"values": values, "own": overrides}


def change_settings(segment_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Store ``changes``; a value of None removes an override.

    Raises ``NotFound``, ``RecordLocked`` and ``InvalidInput``.
    """
    with write_transaction():
        segment = segment_to_change(segment_id)
        if segment["is_locked"]:
            raise RecordLocked
        valid_settings(changes)
        update_overrides(segment_id, {name: _kept(name, value) for name, value in changes.items()})
        if changes:
            change_segment(segment)  # existing videos are now out of date
    return settings_payload(segment_id)


def valid_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check the values and return those that are not None, ready to store. Raises ``InvalidInput``."""
    problems = unknown_name_errors(values, STORY_SETTING)
    problems |= {name: [said] for name in STORY_SETTING if name in values and (said := problem_of(name, values[name]))}
    if problems:
        raise InvalidInput(details=problems)
    return {name: _kept(name, value) for name, value in values.items() if value is not None}


def problem_of(name: str, value: Any) -> str | None:
    """Return a sentence that says why ``value`` is invalid, or None if it is valid."""
    if value is None:
        return None
    if name == "pause_s":
        is_number = not isinstance(value, bool) and isinstance(value, int | float)
        is_usable = is_number and MIN_PAUSE_S <= value <= MAX_PAUSE_S
        return None if is_usable else f"It must be a number from {MIN_PAUSE_S:g} to {MAX_PAUSE_S:g}."
    if not isinstance(value, str):
        return "It must be the id of a voice."
    try:
        voice_named(value)
    except StoryFlowError as exc:
        return str(exc.details or exc.message)
    return None


def _kept(name: str, value: Any) -> Any:
    if value is None:
        return None
    return float(value) if name == "pause_s" else value
