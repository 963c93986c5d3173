"""Hundreds of written texts and their spoken forms: ``spoken_forms.tsv``, one per line, " | " between sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from hibari.g2p.normalize import normalize

from narration.normaliser import spoken_words
from narration.phonemes import phonemizer
from narration.script import Sentence, parse_script

TABLE = Path(__file__).with_name("spoken_forms.tsv").read_text("utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in TABLE]


def said(text: str) -> str:
    """As it is given to the voice: numbers stay digits where the voice knows how they are said."""
    sentences = [part for part in parse_script(text) if isinstance(part, Sentence)]
    spoken = [" ".join(word.text for word in spoken_words(sentence) if word.text) for sentence in sentences]
    return " | ".join(normalize(sentence) for sentence in spoken)


def phonemes(text: str) -> str:
    letters = {number: char for char, number in phonemizer(is_british=False).vocabulary.items()}
    (sentence,) = [part for part in parse_script(text) if isinstance(part, Sentence)]
    utterances = phonemizer(is_british=False).utterances(spoken_words(sentence))
    return "".join(letters.get(number, "") for utterance in utterances for number in utterance.ids)


def test_the_table_is_long_and_has_no_text_twice() -> None:
    assert len({written for written, _ in ROWS}) == len(ROWS) >= 300


@pytest.mark.parametrize(("written", "spoken"), ROWS, ids=[written for written, _ in ROWS])
def test_a_text_is_said_as_a_person_reads_it(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize("written", [written for written, _ in ROWS])
def test_every_word_keeps_its_place_in_the_text(written: str) -> None:
    sentences = [part for part in parse_script(written) if isinstance(part, Sentence)]
    words = [word for sentence in sentences for word in sentence.words]
    assert [written[word.char : word.char + word.length] for word in words] == written.split()
    assert sum(len(spoken_words(sentence)) for sentence in sentences) == len(words)


@pytest.mark.parametrize(
    ("written", "as_if"),
    [
        ("They paid $20, 300 people came.", "They paid twenty dollars, three hundred people came."),
        ("They paid £20, ¥500 and €5, 6.", "They paid twenty pounds, five hundred yen and five euros, six."),
        ("25°C", "twenty five degrees celsius"),
        ("RUN AWAY WITH HER", "run away with her"),
        ("Thutmose II", "Thutmose the second"),
        ("HAD", "had"),
        ("−5", "minus five"),
    ],
)
def test_the_voice_is_given_the_same_phonemes_as_for_the_words_written_out(written: str, as_if: str) -> None:
    strip = str.maketrans("", "", "ˈˌ ")
    assert phonemes(written).translate(strip) == phonemes(as_if).translate(strip)
