"""Framings: the focus, motion and fit that people set for one segment's picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from api.services.rows import change_segment, segment_row, segment_to_change, write_transaction
from core.errors import InvalidInput, RecordLocked
from filming import interests
from filming.segment_overrides import overrides_of, scope_of, update_overrides
from preferences.models import SettingValue
from preferences.setting_values import unknown_name_errors
from rendering.film import FITS, MOTIONS

DEFAULT: dict[str, Any] = {"focus": [0.5, 0.5], "motion": "auto", "fit": None}
# Frame shapes that can have their own focus, each with its ratio of width to height.
SHAPES = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}
_OWN_FOCUS = {shape: f"focus {shape}" for shape in SHAPES}
# The names of a framing's stored values, which move with the picture.
NAMES = (*DEFAULT, *_OWN_FOCUS.values())
FIELDS = (*DEFAULT, "focuses")


def framings_for(segment_ids: list[int], width: int, height: int) -> dict[int, dict[str, Any]]:
    """Return focus (0 to 1, from left and top), motion and fit by segment id, for a frame of this size in pixels.

    The focus is None where nobody set one; the renderer then finds it in the picture (``interests.focused``).
    """
    own_focus = _OWN_FOCUS[shape_of(width, height)]
    stored = overrides_of(segment_ids, NAMES)
    return {
        segment_id: {
            "focus": overrides.get(own_focus, overrides.get("focus")),
            "motion": overrides.get("motion", DEFAULT["motion"]),
            "fit": overrides.get("fit", DEFAULT["fit"]),
        }
        for segment_id, overrides in stored.items()
    }


def stored_framings_for(segment_ids: list[int], width: int, height: int) -> dict[int, dict[str, Any]]:
    """Return only what people set, for a frame of this size.

    An automatic focus depends on nothing but the picture's content, so the default stands for it.
    """
    framings = framings_for(segment_ids, width, height)
    return {
        segment_id: {**framing, "focus": framing["focus"] or DEFAULT["focus"]}
        for segment_id, framing in framings.items()
    }


def shape_of(width: int, height: int) -> str:
    """Return the name of the shape in ``SHAPES`` that is nearest to this frame."""
    return min(SHAPES, key=lambda shape: abs(math.log(SHAPES[shape] * height / width)))


def framing_payload(segment_id: int) -> dict[str, Any]:
    """Return the framing in effect, the focuses that people set for each shape, and what was found in the picture.

    Raises ``NotFound``.
    """
    picture = segment_row(segment_id)["image_file"]
    overrides = overrides_of([segment_id], NAMES)[segment_id]
    interest = interests.interest_of_place(picture) if picture else None
    own_focuses = {shape: overrides[name] for shape, name in _OWN_FOCUS.items() if name in overrides}

    def focus_of(shape: str) -> list[float]:
        found = interests.focus_of(interest, round(SHAPES[shape] * 1000), 1000)
        return list(own_focuses.get(shape) or overrides.get("focus") or found)

    return {
        **DEFAULT,
        **{name: value for name, value in overrides.items() if name in DEFAULT},
        "focuses": {shape: focus_of(shape) for shape in SHAPES},
        "own_focuses": own_focuses,
        "suggested": list(interest.point) if interest else None,
        "held_motions": {
            shape: interests.held_motion(interest, round(ratio * 1000), 1000) for shape, ratio in SHAPES.items()
        },
    }


def frame_segment(segment_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change the segment's framing; a value of None removes an override. Returns the new payload.

    Raises ``NotFound``, ``RecordLocked`` and ``InvalidInput``; nothing is changed then.
    """
    with write_transaction():
        segment = segment_to_change(segment_id)
        if segment["is_locked"]:
            raise RecordLocked
        valid_framing(changes)
        update_overrides(segment_id, _stored_form(changes))
        if changes:
            change_segment(segment)  # existing videos are now out of date
    return framing_payload(segment_id)


def _stored_form(changes: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in changes.items() if name in DEFAULT}
    if "focuses" in changes:
        focuses = changes["focuses"]
        kept |= {
            name: (focuses or {}).get(shape)
            for shape, name in _OWN_FOCUS.items()
            if focuses is None or shape in focuses
        }
    return kept


def bundled_framing(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Convert stored overrides to the form that ``valid_framing`` accepts."""
    plain = {name: value for name, value in overrides.items() if name in DEFAULT}
    focuses = {shape: overrides[name] for shape, name in _OWN_FOCUS.items() if name in overrides}
    return plain | ({"focuses": focuses} if focuses else {})


def swap_framings(first_id: int, second_id: int) -> None:
    """Swap the framings of two segments, because their pictures were swapped, in the caller's transaction."""
    pair = (scope_of(first_id), scope_of(second_id))
    kept = list(SettingValue.objects.filter(scope__in=pair, name__in=NAMES))
    SettingValue.objects.filter(pk__in=[row.pk for row in kept]).delete()
    SettingValue.objects.bulk_create(
        SettingValue(scope=pair[row.scope == pair[0]], name=row.name, value=row.value) for row in kept
    )


def valid_framing(values: Mapping[str, Any]) -> dict[str, Any]:
    """Check the values and return those that are not None, in the form to store. Raises ``InvalidInput``."""
    problems = unknown_name_errors(values, FIELDS)
    problems |= {name: [said] for name in FIELDS if name in values and (said := problem_of(name, values[name]))}
    if problems:
        raise InvalidInput(details=problems)
    return {name: value for name, value in _stored_form(values).items() if value is not None}


def problem_of(name: str, value: Any) -> str | None:
    """Return a sentence that says why ``value`` is invalid, or None if it is valid."""
    if value is None:
        return None
    if name == "focus":
        return None if _is_point(value) else "It must be two numbers from 0 to 1: from the left and from the top."
    if name == "focuses":
        is_usable = isinstance(value, dict) and all(
            shape in SHAPES and (point is None or _is_point(point)) for shape, point in value.items()
        )
        return None if is_usable else f"It must be an object of points, or null, for {', '.join(SHAPES)}."
    allowed = MOTIONS if name == "motion" else FITS
    return None if isinstance(value, str) and value in allowed else f"It must be one of {', '.join(allowed)}."


def _is_point(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_is_share(part) for part in value)


def _is_share(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1
