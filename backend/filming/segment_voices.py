"""How each segment of a story is read: as the story, but for a voice of its overrides."""

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
    """``voices`` are those of segments that have one of their overrides."""

    story: VoiceSettings
    voices: Mapping[int, str] = field(default_factory=dict)

    def of(self, segment_id: int) -> VoiceSettings:
        voice = self.voices.get(segment_id)
        return self.story if voice is None else replace(self.story, voice=voice)


def segment_voices_from(values: dict[str, Any], overrides: Mapping[int, Mapping[str, Any]]) -> SegmentVoices:
    """With the settings that hold for the story, and those that its segments have of their overrides."""
    voices = {segment_id: settings["voice"] for segment_id, settings in overrides.items() if "voice" in settings}
    return SegmentVoices(voice_settings_from(values), voices)


def load_segment_voices(project_id: int, segment_ids: list[int]) -> SegmentVoices:
    return segment_voices_from(effective_settings(project_group(project_id)), settings_of(segment_ids))
