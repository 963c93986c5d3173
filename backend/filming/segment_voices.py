"""The voice settings of each segment: those of its story, except for the voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from api.services.projects import project_group
from filming.film_settings import voice_settings_from
from filming.segment_settings import settings_of
from narration.narrator import VoiceSettings
from preferences.setting_values import effective_settings


@dataclass(frozen=True)
class SegmentVoices:
    """The voice settings of a story's segments; ``voices`` are the overridden voices, by segment id."""

    story: VoiceSettings
    voices: Mapping[int, str] = field(default_factory=dict)

    def of(self, segment_id: int) -> VoiceSettings:
        voice = self.voices.get(segment_id)
        return self.story if voice is None else replace(self.story, voice=voice)


def segment_voices_from(values: dict[str, Any], overrides: Mapping[int, Mapping[str, Any]]) -> SegmentVoices:
    """Combine the settings of the story with the overrides of its segments, by segment id."""
    voices = {segment_id: settings["voice"] for segment_id, settings in overrides.items() if "voice" in settings}
    return SegmentVoices(voice_settings_from(values), voices)


def load_segment_voices(project_id: int, segment_ids: list[int]) -> SegmentVoices:
    return segment_voices_from(effective_settings(project_group(project_id)), settings_of(segment_ids))
