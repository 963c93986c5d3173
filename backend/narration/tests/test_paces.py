"""Estimated reading times are close to measured ones, for several kinds of stories and all installed voices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from narration.catalogue import voice_named, voices
from narration.narrator import VoiceSettings, narrate
from narration.paces import pace_of
from narration.reading_time import reading_time_s
from narration.speech import DEFAULT_VOICE, Voice

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
STORIES: dict[str, list[str]] = json.loads((HERE / "reading_stories.json").read_text(encoding="utf-8"))
LANGUAGES: dict[str, list[str]] = json.loads((HERE / "reading_languages.json").read_text(encoding="utf-8"))
EXAMPLE = HERE.parents[2] / "examples/half-a-fig/story.json"
STORIES["the example"] = [
    segment["text_content"] for segment in json.loads(EXAMPLE.read_text(encoding="utf-8"))["segments"]
]
# Parts of a story; a whole one takes the heavy voices too long.
SHORT = STORIES["a fairy tale with dialogue"][1:3]
TOLERANCE = 0.15


def off(texts: list[str], voice: str, speed: float, cache: Path) -> float:
    """By how much of itself the length of it all is estimated too long."""
    settings, pace = VoiceSettings(voice, speed), pace_of(voice_named(voice))
    about = sum(
        reading_time_s(
            text,
            pace,
            speed=speed,
            sentence_pause_s=settings.sentence_pause_s,
            paragraph_pause_s=settings.paragraph_pause_s,
        )
        for text in texts
    )
    return about / sum(narrate(text, settings, cache).duration_s for text in texts) - 1


@pytest.mark.parametrize("speed", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("story", STORIES)
def test_the_default_voice_reads_a_story_about_as_long_as_estimated(story: str, speed: float, tmp_path: Path) -> None:
    assert abs(off(STORIES[story], DEFAULT_VOICE, speed, tmp_path)) < TOLERANCE


@pytest.mark.parametrize("voice", [voice.id for voice in voices() if voice.missing is None])
def test_every_voice_here_reads_its_language_about_as_long_as_estimated(voice: str, tmp_path: Path) -> None:
    texts = LANGUAGES.get(voice_named(voice).language, SHORT)
    assert abs(off(texts, voice, 1.0, tmp_path)) < TOLERANCE


def test_a_voice_on_another_machine_has_a_pace_too() -> None:
    assert pace_of(Voice("remote-x", "X", "remote", "en", "neutral")).letter > 0
