from __future__ import annotations

import pytest

from narration.normaliser import MAX_LETTERS, spoken_words
from narration.script import Sentence, parse_script


def said(text: str, *, is_english: bool = True) -> list[str]:
    (sentence,) = [part for part in parse_script(text) if isinstance(part, Sentence)]
    return [word.text for word in spoken_words(sentence, is_english=is_english)]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("https://figs.org/a-b/", "figs dot org slash a dash b"),
        ("www.figs.org.", "double-u double-u double-u dot figs dot org."),
        ("figs.org", "figs dot org"),
        ("me.too@figs.org!", "me dot too at figs dot org!"),
        ("🍇", ""),
        ("figs🍇", "figs"),
        ("👩‍🌾,", ","),
        ("Москва", "Moskva"),
        ("北京", "BeiJing"),
        ("naïve", "naïve"),
        ("Łódź", "Łódź"),
        ("WWII.", "World War Two."),
        ("“half”", "“half”"),
        ("$3.50", "$3.50"),
        ("it’s", "it’s"),
        ("e.g.", "e.g."),
    ],
)
def test_a_word_is_said_as_a_person_says_it(written: str, spoken: str) -> None:
    assert said(written) == [spoken]


def test_no_before_a_number_is_number() -> None:
    assert said("No. 5 Fig. 2 no fig") == ["Number", "5", "Figure", "2", "no", "fig"]


def test_a_word_of_six_hundred_letters_is_said_in_pieces() -> None:
    (spoken,) = said("a" * 600)
    assert max(map(len, spoken.split())) == MAX_LETTERS
    assert spoken.replace(" ", "") == "a" * 600


def test_other_languages_keep_their_letters() -> None:
    assert said("Straße Москва 🍇 www.figs.org", is_english=False) == ["Straße", "Москва", "", "www.figs.org"]
