"""Parse and check the untrusted ``story.json`` of a bundle, field by field."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from api.parsers import ParsedSegment
from api.services.story_import import read_story
from filming.bundles import MAX_STORY_KEYS, VERSION, InvalidBundle
from filming.framings import valid_framing
from filming.segment_settings import STORY_SETTING, problem_of

TIMINGS = ("exact", "aligned", "estimated")
MAX_WORDS = 1_000_000
MAX_SECONDS = 24 * 3600
# The end of a key; rare in texts, where quotes are escaped.
_KEY = re.compile(rb'"\s*:')


@dataclass(frozen=True)
class BundledSound:
    """A sound part; ``facts`` are columns of ``Narration``, empty if the bundle has none."""

    part: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class BundledSegment:
    script: ParsedSegment
    is_locked: bool
    picture: str | None
    sound: BundledSound | None
    framing: dict[str, Any]
    settings: dict[str, Any]
    # The reason for each setting of the segment that cannot be used here.
    left_out: dict[str, str]


@dataclass(frozen=True)
class BundledStory:
    title: str
    settings: dict[str, Any]
    segments: list[BundledSegment]


def read_bundled_story(content: bytes, *, title: str | None = None) -> BundledStory:
    """Parse ``story.json``. Raises ``InvalidBundle``, and the errors of ``read_story`` for the title and texts."""
    if len(_KEY.findall(content)) > MAX_STORY_KEYS:
        raise InvalidBundle(details=f"Its story.json has more than {MAX_STORY_KEYS:,} names of values.")
    try:
        story = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as exc:
        raise InvalidBundle(details="Its story.json is not valid JSON.") from exc
    if not isinstance(story, dict) or isinstance(story.get("bundle"), bool) or story.get("bundle") != VERSION:
        raise InvalidBundle(details="Its story.json is not one of a StoryFlow bundle, or of a newer StoryFlow.")
    read = read_story({"format": "json", "title": title or story.get("title"), "segments": story.get("segments")})
    segments = [_segment(*pair) for pair in zip(read.segments, story["segments"], strict=True)]
    return BundledStory(read.title, _object(story, "settings"), segments)


def _segment(script: ParsedSegment, found: dict[str, Any]) -> BundledSegment:
    is_locked = found.get("is_locked", False)
    if not isinstance(is_locked, bool):
        raise InvalidBundle(details="is_locked must be true or false.")
    sound = _object(found, "sound")
    settings, left_out = _settings(_object(found, "settings"))
    return BundledSegment(
        script,
        is_locked,
        _text(found, "picture", 300) or None,
        BundledSound(_text(sound, "file", 300), _facts(sound)) if sound else None,
        valid_framing(_object(found, "framing")),
        settings,
        left_out,
    )


def _settings(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the usable overrides of a segment, and the reason for each other one, such as a missing voice."""
    values = {name: value for name in STORY_SETTING if (value := found.get(name)) is not None}
    problems = {name: reason for name, value in values.items() if (reason := problem_of(name, value))}
    return {name: value for name, value in values.items() if name not in problems}, problems


def _facts(sound: dict[str, Any]) -> dict[str, Any]:
    if "words" not in sound:
        return {}
    timing = sound.get("timing")
    if timing not in TIMINGS:
        raise InvalidBundle(details=f"The timing of a narration must be one of {', '.join(TIMINGS)}.")
    words = sound["words"]
    text = _text(sound, "text", None)
    if not isinstance(words, list) or len(words) > MAX_WORDS or not all(_is_word(word, text) for word in words):
        raise InvalidBundle(details="The words of a narration are not as StoryFlow writes them.")
    return {
        "text": text,
        "digest": _text(sound, "digest", 64),
        "voice": _text(sound, "voice", 60),
        "timing": timing,
        "words": words,
    }


def _is_word(word: Any, text: str) -> bool:
    """Return whether ``word`` is a valid ``[text, start_s, end_s, char, length]``."""
    if not isinstance(word, list) or len(word) != 5 or not _is_storable(word[0]):
        return False
    _, start_s, end_s, char, length = word
    if not all(_is_number(number) for number in (start_s, end_s, char, length)):
        return False
    are_whole = isinstance(char, int) and isinstance(length, int)
    return 0 <= start_s <= end_s <= MAX_SECONDS and are_whole and char >= 0 and 0 <= length <= len(text) - char


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    # An int can have 400 digits, which math.isfinite cannot convert to float.
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _is_storable(value: Any) -> bool:
    return isinstance(value, str) and not any(char == "\0" or "\ud800" <= char <= "\udfff" for char in value)


def _object(story: dict[str, Any], name: str) -> dict[str, Any]:
    value = story.get(name) or {}
    if not isinstance(value, dict):
        raise InvalidBundle(details=f"{name} must be an object.")
    return value


def _text(story: dict[str, Any], name: str, most: int | None) -> str:
    value = story.get(name)
    if value is None:
        return ""
    if not _is_storable(value) or (most is not None and len(value) > most):
        raise InvalidBundle(details=f"{name} must be text, and not too long.")
    return str(value)
