"""How each segment of a story is read: as the story, but for a voice of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.services.projects import project_group
from filming.film_settings import reading_of
from filming.segment_settings import settings_of
from narration.narrator import Reading
from preferences.choices import chosen


@dataclass(frozen=True)
class Readings:
    """``voices`` are those of segments that have one of their own."""

    story: Reading
    voices: Mapping[int, str] = field(default_factory=dict)

    def of(self, segment_id: int) -> Reading:
        voice = self.voices.get(segment_id)
        return self.story if voice is None else replace(self.story, voice=voice)


def readings_of(values: dict[str, Any], own: Mapping[int, Mapping[str, Any]]) -> Readings:
    """With the settings that hold for the story, and those that its segments have of their own."""
    voices = {segment_id: settings["voice"] for segment_id, settings in own.items() if "voice" in settings}
    return Readings(reading_of(values), voices)


def readings_in(project_id: int, segment_ids: list[int]) -> Readings:
    return readings_of(chosen(project_group(project_id)), settings_of(segment_ids))
