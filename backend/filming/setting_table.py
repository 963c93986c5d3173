"""The table of all voice and video settings, for the API and the command line; quick to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from narration.speech import DEFAULT_VOICE, MAX_SPEED, MIN_SPEED
from rendering import film


@dataclass(frozen=True)
class FilmSetting:
    """A voice or video setting.

    It is a switch if ``default`` is a bool, one of ``choices`` if there are any, a number from ``within[0]`` to
    ``within[1]`` if ``default`` is a number, and a text otherwise.
    """

    name: str
    default: Any
    help: str
    within: tuple[float, float] = (0, 0)
    choices: tuple[Any, ...] = ()


FILM_SETTINGS = (
    FilmSetting("voice", DEFAULT_VOICE, "The voice that narrates."),
    FilmSetting("speed", 1.0, "How fast the voice speaks; 1 is its own pace.", (MIN_SPEED, MAX_SPEED)),
    FilmSetting("sentence_pause_s", 0.25, "Silence after a sentence, in seconds.", (0, 3)),
    FilmSetting("paragraph_pause_s", 0.6, "Silence after a paragraph, in seconds.", (0, 5)),
    FilmSetting(
        "segment_pause_s", 0.4, "Silence between two segments, in seconds.", (film.MIN_PAUSE_S, film.MAX_PAUSE_S)
    ),
    FilmSetting("silent_scene_s", 4.0, "How long a segment without sound stands.", (1, film.MAX_SILENT_SCENE_S)),
    FilmSetting("size", "1920x1080", "Width and height of the video in pixels, both even."),
    FilmSetting("fps", 30, "Frames a second.", choices=film.FRAME_RATES),
    FilmSetting("quality", 20, "x264's crf: lower is better and larger; 20 looks clean.", (film.MIN_CRF, film.MAX_CRF)),
    FilmSetting("fit", "cover", "How a picture of another shape fills the frame.", choices=film.FITS),
    FilmSetting("motion", "auto", "How the camera moves over each picture.", choices=film.MOTIONS),
    FilmSetting("zoom", 1.25, "How far a motion goes in.", (1, film.MAX_ZOOM)),
    FilmSetting("transition_s", 0.5, "Length of a crossfade; 0 is a hard cut.", (0, film.MAX_TRANSITION_S)),
    FilmSetting("subtitles", True, "Whether subtitles are drawn into the picture."),
    FilmSetting("subtitle_style", "outline", "Outlined letters, or a dark box behind.", choices=film.SUBTITLE_STYLES),
    FilmSetting("subtitle_size", "medium", "How large the subtitles are.", choices=film.SUBTITLE_SIZES),
    FilmSetting("subtitle_place", "bottom", "Where the subtitles stand.", choices=film.SUBTITLE_PLACES),
    FilmSetting("subtitle_words", 8, "At most so many words in a subtitle.", (1, 20)),
    FilmSetting(
        "card_look", "night", "How title cards look, which stand for missing pictures.", choices=film.CARD_LOOKS
    ),
)
