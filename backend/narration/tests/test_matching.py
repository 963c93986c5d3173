from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narration.matching import match_words

words = st.lists(st.sampled_from(["a", "fig", "tree", "1893", "Dr.", "eighteen"]), max_size=12)


@pytest.mark.parametrize(
    ("written", "said", "matches"),
    [
        ("in 1893 he", "in eighteen ninety three he", [[0], [1, 2, 3], [4]]),
        ("Dr. Marsh", "Doctor Marsh", [[0], [1]]),
        ("March 3 came", "March third came", [[0], [1], [2]]),
        ("😀 yes", "yes", [[], [0]]),
        ("a b", "a b c", [[0], [1, 2]]),
        ("", "", []),
    ],
)
def test_words_are_matched_through_what_was_rewritten(written: str, said: str, matches: list[list[int]]) -> None:
    assert match_words(written.split(), said.split()) == matches


@given(words, words)
def test_every_said_word_belongs_to_one_written_word_and_their_order_holds(written: list[str], said: list[str]) -> None:
    matches = match_words(written, said)
    flat = [index for indexes in matches for index in indexes]
    assert flat == sorted(set(flat))
    assert not written or len(flat) == len(said)
