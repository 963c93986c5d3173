"""How the camera looks at one segment's picture: its focal point, motion and fit, where they differ from the film's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.services.rows import change_segment, segment_to_change, writing
from core.errors import InvalidInput, RecordLocked
from filming.segment_choices import choices_of, choose, scope_of
from preferences.choices import unknown_names
from preferences.models import Choice
from rendering.film import FITS, MOTIONS

DEFAULT: dict[str, Any] = {"focus": [0.5, 0.5], "motion": "auto", "fit": None}


def framings_of(segment_ids: list[int]) -> dict[int, dict[str, Any]]:
    """For each segment its focus (0 to 1, from the left and the top), motion and fit; one query for five hundred."""
    chosen = choices_of(segment_ids, DEFAULT)
    return {segment_id: DEFAULT | chosen[segment_id] for segment_id in segment_ids}


def framings_for(segment_ids: list[int], width: int, height: int) -> dict[int, dict[str, Any]]:
    """As ``framings_of``, with the focus that holds in a frame of ``width`` by ``height`` pixels."""
    return framings_of(segment_ids)


def chosen_framings_for(segment_ids: list[int], width: int, height: int) -> dict[int, dict[str, Any]]:
    """Only what people chose that matters in such a frame: what is found in a picture goes by the picture's bytes."""
    return framings_of(segment_ids)


def frame_segment(segment_id: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change how the picture is looked at; null takes a choice back.

    Raises ``NotFound``, ``RecordLocked`` and ``InvalidInput``, with nothing changed.
    """
    with writing():
        segment = segment_to_change(segment_id)
        if segment["is_locked"]:
            raise RecordLocked
        valid_framing(changes)
        choose(segment_id, changes)
        if changes:
            change_segment(segment)  # a video made before is not up to date any more
    return framings_of([segment_id])[segment_id]


def swap_framings(first_id: int, second_id: int) -> None:
    """How a picture is looked at goes with the picture; part of the caller's transaction."""
    pair = (scope_of(first_id), scope_of(second_id))
    kept = list(Choice.objects.filter(scope__in=pair, name__in=DEFAULT))
    Choice.objects.filter(pk__in=[choice.pk for choice in kept]).delete()
    Choice.objects.bulk_create(
        Choice(scope=pair[choice.scope == pair[0]], name=choice.name, value=choice.value) for choice in kept
    )


def valid_framing(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are chosen, once they are known to be usable. Raises ``InvalidInput``."""
    problems = unknown_names(choices, DEFAULT)
    problems |= {name: [said] for name in DEFAULT if name in choices and (said := problem_of(name, choices[name]))}
    if problems:
        raise InvalidInput(details=problems)
    return {name: value for name, value in choices.items() if value is not None}


def problem_of(name: str, value: Any) -> str | None:
    """Why it cannot be how a picture is looked at, a sentence."""
    if value is None:
        return None
    if name == "focus":
        is_point = isinstance(value, list) and len(value) == 2 and all(_is_share(part) for part in value)
        return None if is_point else "It must be two numbers from 0 to 1: from the left and from the top."
    allowed = MOTIONS if name == "motion" else FITS
    return None if isinstance(value, str) and value in allowed else f"It must be one of {', '.join(allowed)}."


def _is_share(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and 0 <= value <= 1
