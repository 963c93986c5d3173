"""The counts of a text, and the agreement of both copies of the formula."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from narration.reading_time import Pace, counts_of, reading_time_s

ROOT = Path(__file__).parents[3]
NUMBERS = ROOT / "frontend/lib/film-numbers"
PACE = Pace(letter=0.1, digit=0.5, word=0.01, mark=0.3, sentence=0.2, hurry=0.8)


def seconds(text: str, *, speed: float = 1.0, sentence_pause_s: float = 0.0, paragraph_pause_s: float = 0.0) -> float:
    return reading_time_s(
        text, PACE, speed=speed, sentence_pause_s=sentence_pause_s, paragraph_pause_s=paragraph_pause_s
    )


@pytest.mark.parametrize(
    ("text", "sentences", "gaps", "breaks"),
    [
        ("One", 1, 0, 0),
        ("One. Two", 2, 1, 0),
        ("One.\n\nTwo.", 2, 0, 1),
        ("One. Two.\n\nThree", 3, 1, 1),
        ("“Is it?” he asked Mr. Fox.", 2, 1, 0),
        ("…", 0, 0, 0),
        ("", 0, 0, 0),
    ],
)
def test_sentences_and_paragraphs_are_counted_with_the_pauses_between(
    text: str, sentences: int, gaps: int, breaks: int
) -> None:
    found = counts_of(text)
    assert (found.sentences, found.gaps, found.breaks) == (sentences, gaps, breaks)


def test_round_thousands_are_said_as_quickly_as_one_digit() -> None:
    assert [counts_of(text).digits for text in ("3", "3,000", "3,000,000", "3,456", "3,0000")] == [1, 2, 3, 4, 5]


def test_what_is_markup_is_not_said_and_what_is_silence_is_waited_for() -> None:
    plain = seconds("One two")
    assert seconds("*One* <b>two</b>") == plain
    assert seconds("[One](/wun/) two") == plain
    assert seconds("One [pause 1.5s] two") == plain + 1.5
    assert seconds('One <break time="800ms"/> two') == plain + 0.8
    assert seconds("One [pause 99] two") == plain + 10


def test_a_text_without_anything_to_say_takes_no_time() -> None:
    for text in ("", "  \n\n ", "… !!!", "[pause 3]", "🏚️"):
        assert seconds(text) == 0


def test_more_speed_takes_less_time_and_never_shortens_the_pauses() -> None:
    times = [seconds("One. Two.", speed=speed, sentence_pause_s=1) for speed in (0.5, 0.8, 1, 1.01, 1.3, 2)]
    assert times == sorted(times, reverse=True)
    assert times[-1] > 1


def test_texts_of_any_size_and_kind_are_counted_in_a_moment() -> None:
    for text in ("a" * 1_000_000, "<" * 100_000, "[" * 100_000, "\n " * 100_000, ",000" * 100_000, "\0\ud800. " * 9999):
        assert seconds(text) >= 0


def test_the_browser_s_numbers_are_those_of_this_formula() -> None:
    spec = importlib.util.spec_from_file_location("compute_reading_times", NUMBERS / "compute_reading_times.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (NUMBERS / "reading-times.json").read_text(encoding="utf-8") == module.written()
