"""The length of each segment's narration: measured if it exists, else estimated from the text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from api.services.projects import project_group
from api.services.rows import Row, project_row, segments_in_order
from filming import machine_pace
from filming.film_settings import format_of
from filming.models import Narration
from filming.narrations import narrations_of, stale_reason
from filming.segment_settings import settings_of
from filming.segment_voices import SegmentVoices, segment_voices_from
from narration.catalogue import voices
from narration.narrator import VoiceSettings
from narration.paces import pace_of
from narration.reading_time import Pace, reading_time_s
from narration.speech import Voice
from preferences.setting_values import effective_settings
from rendering.film import Film, Scene, Sound
from rendering.timeline import lay_out

_NOWHERE = Path()


@dataclass(frozen=True)
class SegmentTime:
    """The length of one segment's narration: ``seconds``, 0 if nothing is spoken; ``about`` if it is an estimate."""

    segment_id: int
    seconds: float
    about: bool
    engine: str


def times_payload(project_id: int) -> dict[str, Any]:
    """Return the length of the film and of each segment. Raises ``NotFound``."""
    project_row(project_id)
    rows = list(segments_in_order(project_id))
    values, overrides = effective_settings(project_group(project_id)), settings_of([row["id"] for row in rows])
    times = times_of(rows, narrations_of(rows), segment_voices_from(values, overrides))
    return {
        **lengths(times, values, overrides),
        "segments": [{"id": it.segment_id, "seconds": round(it.seconds, 3), "about": it.about} for it in times],
    }


def times_of(rows: list[Row], known: dict[str, Narration], segment_voices: SegmentVoices) -> list[SegmentTime]:
    """Measure or estimate each segment; a stale narration that a render would replace is estimated."""
    catalogue = {voice.id: voice for voice in voices()}
    pace = cache(lambda voice: pace_of(catalogue.get(voice) or Voice(voice, voice, "", "", "")))
    times = []
    for row in rows:
        voice_settings = segment_voices.of(row["id"])
        narration = known.get(row["audio_file"] or "")
        if row["audio_file"] and (_stays(row, narration) or not stale_reason(row, narration, voice_settings)):
            seconds, about = row["audio_duration"] or 0.0, False
        else:
            seconds, about = _estimated_s(row["text_content"], voice_settings, pace(voice_settings.voice)), True
        voice = catalogue.get(voice_settings.voice)
        times.append(SegmentTime(row["id"], seconds, about, voice.engine if voice else ""))
    return times


def _stays(row: Row, narration: Narration | None) -> bool:
    return bool(row["is_locked"] or (narration and narration.is_recording))


def _estimated_s(text: str, voice_settings: VoiceSettings, pace: Pace) -> float:
    return reading_time_s(
        text,
        pace,
        speed=voice_settings.speed,
        sentence_pause_s=voice_settings.sentence_pause_s,
        paragraph_pause_s=voice_settings.paragraph_pause_s,
    )


def lengths(times: list[SegmentTime], values: dict[str, Any], overrides: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Return the length of the film, whether it is an estimate, and the estimated time of its render, in seconds."""
    if not times:
        return {"about": False, "duration_s": 0.0, "estimate_s": 0.0}
    fmt = format_of(values)
    scenes = tuple(
        Scene(
            str(time.segment_id),
            "",
            sound=Sound(_NOWHERE, "", time.seconds) if time.seconds else None,
            pause_s=overrides[time.segment_id].get("pause_s"),
        )
        for time in times
    )
    frames = lay_out(Film("", scenes, fmt)).frames
    to_say: defaultdict[str, float] = defaultdict(float)
    for time in times:
        to_say[time.engine] += time.seconds if time.about else 0.0
    narrating_s = sum(machine_pace.narrating_s(engine, seconds) for engine, seconds in to_say.items() if seconds)
    return {
        "about": any(time.about for time in times),
        "duration_s": round(frames / fmt.fps, 2),
        "estimate_s": round(narrating_s + machine_pace.drawing_s(frames, fmt.width, fmt.height), 1),
    }
