"""Every choice a person has about voice and video, its check, and how it reaches the engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings

from core.errors import InvalidInput, StoryFlowError
from narration.catalogue import DEFAULT_VOICE, voice_named
from narration.narrator import Reading
from narration.speech import MAX_SPEED, MIN_SPEED
from preferences.choices import Preference
from rendering import film
from rendering.film import Format, SubtitleStyle

_SIZE = re.compile(r"(\d{2,4})x(\d{2,4})")
_DRAFT_SHARE = 2


def _number(low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidInput(f"It must be a number from {low:g} to {high:g}.")
        return float(value)

    return check


def _whole_number(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InvalidInput(f"It must be a whole number from {low} to {high}.")
        return value

    return check


def _one_of(choices: tuple[Any, ...]) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if isinstance(value, bool) or value not in choices:
            raise InvalidInput(f"It must be one of {', '.join(map(str, choices))}.")
        return value

    return check


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput("It must be true or false.")
    return value


def _voice(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidInput("It must be the id of a voice.")
    return voice_named(value).id


def _size(value: Any) -> str:
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidInput("It must be a width and a height in pixels, such as 1920x1080.")
    Format(width=int(match[1]), height=int(match[2]))
    return str(value)


PREFERENCES = (
    Preference("voice", DEFAULT_VOICE, _voice, "The voice that narrates."),
    Preference("speed", 1.0, _number(MIN_SPEED, MAX_SPEED), "How fast the voice speaks; 1 is its own pace."),
    Preference("sentence_pause_s", 0.25, _number(0, 3), "Silence after a sentence, in seconds."),
    Preference("paragraph_pause_s", 0.6, _number(0, 5), "Silence after a paragraph, in seconds."),
    Preference("segment_pause_s", 0.4, _number(0.1, film.MAX_PAUSE_S), "Silence between two segments, in seconds."),
    Preference("silent_scene_s", 4.0, _number(1, film.MAX_SILENT_SCENE_S), "How long a segment without sound stands."),
    Preference("size", "1920x1080", _size, "Width and height of the video in pixels, both even."),
    Preference("fps", 30, _one_of(film.FRAME_RATES), "Frames a second."),
    Preference("quality", 20, _whole_number(10, 35), "x264's crf: lower is better and larger; 20 looks clean."),
    Preference("fit", "cover", _one_of(film.FITS), "How a picture of another shape fills the frame."),
    Preference("motion", "auto", _one_of(film.MOTIONS), "How the camera moves over each picture."),
    Preference("zoom", 1.25, _number(1, film.MAX_ZOOM), "How far a motion goes in."),
    Preference("transition_s", 0.5, _number(0, film.MAX_TRANSITION_S), "Length of a crossfade; 0 is a hard cut."),
    Preference("subtitles", True, _switch, "Whether subtitles are drawn into the picture."),
    Preference("subtitle_style", "outline", _one_of(film.SUBTITLE_STYLES), "Outlined letters, or a dark box behind."),
    Preference("subtitle_size", "medium", _one_of(film.SUBTITLE_SIZES), "How large the subtitles are."),
    Preference("subtitle_place", "bottom", _one_of(film.SUBTITLE_PLACES), "Where the subtitles stand."),
    Preference("subtitle_words", 8, _whole_number(1, 20), "At most so many words in a subtitle."),
)


def reading_of(values: dict[str, Any]) -> Reading:
    """How the text is to be read."""
    return Reading(values["voice"], values["speed"], values["sentence_pause_s"], values["paragraph_pause_s"])


def format_of(values: dict[str, Any], *, is_draft: bool = False) -> Format:
    """How the film is to look; a draft has half the width and height. Raises ``InvalidFormat``."""
    width, height = (int(side) for side in values["size"].split("x"))
    if is_draft:
        width, height = (max(film.MIN_SIDE, side // _DRAFT_SHARE // 2 * 2) for side in (width, height))
    style = SubtitleStyle(
        values["subtitle_style"],
        values["subtitle_size"],
        values["subtitle_place"],
        values["subtitle_words"],
        django_settings.SUBTITLE_FONT,
    )
    return Format(
        width=width,
        height=height,
        fps=values["fps"],
        transition_s=values["transition_s"],
        zoom=values["zoom"],
        fit=values["fit"],
        motion=values["motion"],
        pause_s=values["segment_pause_s"],
        silent_scene_s=values["silent_scene_s"],
        subtitles=style if values["subtitles"] else None,
        crf=values["quality"],
        is_draft=is_draft,
    )


def check_together(values: dict[str, Any]) -> None:
    """Raises ``InvalidInput`` when the engines could not use these values."""
    try:
        reading_of(values)
        format_of(values)
    except StoryFlowError as exc:
        raise InvalidInput(details=exc.message) from exc
