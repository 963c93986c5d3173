from __future__ import annotations

import json
from typing import Any

import pytest

from core.errors import InvalidInput
from filming.bundle_story import read_bundled_story

HUGE = 10**400


def a_story(words: object, **segment: Any) -> bytes:
    sound = {"file": "1.flac", "text": "One two.", "timing": "exact", "words": words}
    segments = [{"text_content": "One two.", "sound": sound, **segment}]
    return json.dumps({"bundle": 1, "title": "A story", "segments": segments}).encode()


@pytest.mark.parametrize(
    "word", [["One", 0, 0.5, 0, 3], ["two.", 0.5, 1, 4, 4], ["", 0, 0, 8, 0], ["One two.", 0, 86_400, 0, 8]]
)
def test_words_within_their_text_are_taken(word: list[Any]) -> None:
    (segment,) = read_bundled_story(a_story([word])).segments
    assert segment.sound is not None
    assert segment.sound.facts["words"] == [word]


@pytest.mark.parametrize(
    "word",
    [
        ["two.", 0, 1, 4, 5],  # one letter behind the end
        ["two.", 0, 1, 8, 1],
        ["two.", 0, 1, 9, 0],
        ["two.", 0, 1, 0, 9],
        ["two.", 0, 1, -1, 2],
        ["two.", 0, 1, 0, -1],
        ["two.", 0, 1, HUGE, 0],
        ["two.", 0, 1, 0, HUGE],
        ["two.", 0, 1, -HUGE, HUGE],
        ["two.", 0, HUGE, 0, 4],
        ["two.", HUGE, HUGE, 0, 4],
        ["two.", -HUGE, 1, 0, 4],
        ["two.", 0, 86_401, 0, 4],
        ["two.", 1, 0.5, 0, 4],
        ["two.", 0, float("inf"), 0, 4],
        ["two.", float("nan"), 1, 0, 4],
        ["two.", 0, 1, 0.5, 4],
        ["two.", 0, 1, False, 4],
        ["two.", 0, 1, None, 4],
        ["two.", "0", 1, 0, 4],
        ["two.", 0, 1, 0],
        [2, 0, 1, 0, 4],
    ],
)
def test_a_word_behind_its_text_or_with_numbers_that_are_none_is_refused(word: list[Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_bundled_story(a_story([["One", 0, 0.5, 0, 3], word]))
    assert refusal.value.details == "The words of a narration are not as StoryFlow writes them."


@pytest.mark.parametrize("number", [HUGE, -HUGE, float("inf"), float("nan")])
@pytest.mark.parametrize("place", ["focus", "motion", "fit", "is_locked", "picture", "text_content", "image_prompt"])
def test_a_number_of_any_size_in_any_field_is_a_refusal(number: float, place: str) -> None:
    framings = {"focus": {"focus": [number, 0]}, "motion": {"motion": number}, "fit": {"fit": number}}
    segment = {"framing": framings[place]} if place in framings else {place: number}
    with pytest.raises(InvalidInput):
        read_bundled_story(a_story([], **segment))


@pytest.mark.parametrize("number", [HUGE, float("inf"), float("nan")])
def test_a_number_of_any_size_as_version_or_title_is_a_refusal(number: float) -> None:
    for change in ({"bundle": number}, {"title": number}, {"segments": number}, {"settings": number}):
        with pytest.raises(InvalidInput):
            read_bundled_story(json.dumps({**json.loads(a_story([])), **change}).encode())
