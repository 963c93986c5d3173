"""Validate voice and video settings, and convert them for the engines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from core.errors import InvalidInput, StoryFlowError
from filming.setting_table import FILM_SETTINGS, FilmSetting
from narration.catalogue import voice_named
from narration.narrator import VoiceSettings
from preferences.setting_values import SettingDefinition
from rendering import film
from rendering.film import Format, SubtitleStyle

_SIZE = re.compile(r"([0-9]{2,4})x([0-9]{2,4})")
MAX_SIZES = 6
_DRAFT_SHARE = 2
# x264's fastest preset needs three times the bytes for the same crf: without this, a draft is larger than its film.
_DRAFT_CRF = 8


def _number(low: float, high: float) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise InvalidInput(f"It must be a number from {low:g} to {high:g}.")
        return float(value)

    return check


def _whole_number(low: float, high: float) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InvalidInput(f"It must be a whole number from {low:g} to {high:g}.")
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
    width, height = int(match[1]), int(match[2])
    Format(width=width, height=height)
    return f"{width}x{height}"


def check_sizes(sizes: Any) -> list[str]:
    """Return the checked sizes of a render. Raises ``InvalidInput`` with a reason for each bad or repeated size."""
    if not isinstance(sizes, list) or not 1 <= len(sizes) <= MAX_SIZES:
        raise InvalidInput(f'sizes must be a list of one to {MAX_SIZES} sizes, such as ["1920x1080"].')
    problems: dict[str, str] = {}
    checked: list[str] = []
    for number, size in enumerate(sizes, 1):
        try:
            checked.append(_size(size))
        except InvalidInput as exc:
            problems[f"sizes[{number - 1}]"] = str(exc.details or exc.message)
    if problems:
        raise InvalidInput("Some sizes cannot be used.", details=problems)
    if len(set(checked)) < len(checked):
        raise InvalidInput("Each size can be asked for once.")
    return checked


def _validator_for(option: FilmSetting) -> Callable[[Any], Any]:
    if option.name in _CUSTOM_VALIDATORS:
        return _CUSTOM_VALIDATORS[option.name]
    if option.choices:
        return _one_of(option.choices)
    if isinstance(option.default, bool):
        return _switch
    low, high = option.within
    return _whole_number(low, high) if isinstance(option.default, int) else _number(low, high)


_CUSTOM_VALIDATORS: dict[str, Callable[[Any], Any]] = {"voice": _voice, "size": _size}
SETTING_DEFINITIONS = tuple(
    SettingDefinition(option.name, option.default, _validator_for(option), option.help) for option in FILM_SETTINGS
)


def with_defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    """Check the ``given`` settings and add the defaults of all others. Raises ``InvalidInput`` with all reasons."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for preference in SETTING_DEFINITIONS:
        try:
            values[preference.name] = preference.check(given.get(preference.name, preference.default))
        except InvalidInput as exc:
            problems[preference.name] = str(exc.details or exc.message)
    if problems:
        raise InvalidInput("That cannot be used.", details=problems)
    return values


def voice_settings_from(values: dict[str, Any]) -> VoiceSettings:
    """Return the narrator's settings."""
    return VoiceSettings(values["voice"], values["speed"], values["sentence_pause_s"], values["paragraph_pause_s"])


def format_of(values: dict[str, Any], *, is_draft: bool = False, font: Path | None = None) -> Format:
    """Return the format of the film; a draft has half the width and height and a lower quality.

    Raises ``InvalidFormat``.

    ``font`` replaces the subtitle font of the environment.
    """
    width, height = (int(side) for side in values["size"].split("x"))
    if is_draft:
        width, height = (max(film.MIN_SIDE, side // _DRAFT_SHARE // 2 * 2) for side in (width, height))
    style = SubtitleStyle(
        values["subtitle_style"],
        values["subtitle_size"],
        values["subtitle_place"],
        values["subtitle_words"],
        font or django_settings.SUBTITLE_FONT,
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
        crf=min(film.MAX_CRF, values["quality"] + _DRAFT_CRF) if is_draft else values["quality"],
        is_draft=is_draft,
        # Snapshots of older releases have no card_look.
        card_look=values.get("card_look", film.CARD_LOOKS[0]),
    )


def check_together(values: dict[str, Any]) -> None:
    """Check that the engines can use these values together. Raises ``InvalidInput`` if not."""
    try:
        voice_settings_from(values)
        format_of(values)
    except StoryFlowError as exc:
        raise InvalidInput(details=exc.message) from exc
