"""How a revised script finds the segments it continues."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import script_matching
from api.parsers import ParsedSegment
from api.script_matching import MAX_CHARACTERS, MAX_NEIGHBOURS, SIMILAR, WordBags, _likeness, match_script

WORDS = st.sampled_from(["ferry", "lamp", "gull", "storm", "came", "left", "the", "a", "night"])
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
SCRIPTS = st.lists(st.builds(ParsedSegment, TEXTS, st.sampled_from(["", "A ferry", "A lamp"])), max_size=14)


def rows(*texts: str) -> list[ParsedSegment]:
    return [ParsedSegment(text) for text in texts]


@given(SCRIPTS, SCRIPTS)
def test_no_segment_is_continued_twice(old: list[ParsedSegment], new: list[ParsedSegment]) -> None:
    found = [position for position in match_script(old, new) if position is not None]
    assert len(found) == len(set(found))
    assert set(found) <= set(range(len(old)))


@given(SCRIPTS, SCRIPTS)
def test_every_text_that_is_still_there_is_found(old: list[ParsedSegment], new: list[ParsedSegment]) -> None:
    there = Counter(row.text_content for row in old) & Counter(row.text_content for row in new)
    kept = Counter(
        row.text_content
        for row, position in zip(new, match_script(old, new), strict=True)
        if position is not None and old[position].text_content == row.text_content
    )
    assert kept == there


@given(SCRIPTS)
def test_an_unchanged_script_continues_every_segment_in_its_place(script: list[ParsedSegment]) -> None:
    assert match_script(script, script) == list(range(len(script)))


@given(SCRIPTS, SCRIPTS)
def test_what_is_new_has_no_free_neighbour_like_it(old: list[ParsedSegment], new: list[ParsedSegment]) -> None:
    found = match_script(old, new)
    free, bags = set(range(len(old))) - set(found), WordBags(MAX_CHARACTERS)
    assert len(old) <= MAX_NEIGHBOURS or len(free) <= 2 * MAX_NEIGHBOURS
    for row, position in zip(new, found, strict=True):
        if position is None and len(old) <= MAX_NEIGHBOURS:
            mine = bags.of(row.text_content)
            assert all(_likeness(mine, bags.of(old[other].text_content)) < SIMILAR for other in free)


def test_a_row_in_the_middle_that_was_reworded_is_the_same_scene() -> None:
    old = rows("The ferry came.", "Nobody waited at the pier.", "It left.")
    new = rows("The ferry came.", "Nobody was waiting at the old pier.", "It left.")
    assert match_script(old, new) == [0, 1, 2]


def test_of_two_rows_like_a_segment_the_liker_one_continues_it() -> None:
    old = rows("The lamp went out in the storm.")
    new = rows("The lamp was lit before the storm.", "The lamp went out in the great storm.")
    assert match_script(old, new) == [None, 0]


def test_a_moved_text_takes_its_picture_along() -> None:
    assert match_script(rows("One.", "Two.", "Three."), rows("Three.", "One.", "Two.")) == [2, 0, 1]


def test_among_equal_texts_the_one_in_its_place_is_meant() -> None:
    old = rows("Again.", "And then.", "Again.")
    assert match_script(old, rows("And then.", "Again.")) == [1, 2]
    assert match_script(old, rows("Again.", "And then.")) == [0, 1]


def test_the_same_prompt_helps_a_text_that_was_rewritten() -> None:
    old = [ParsedSegment("The ferry came at night.", "A ferry in rain")]
    new = [ParsedSegment("At dawn a boat came slowly in.", "A ferry in rain")]
    assert match_script(old, new) == [0]
    assert match_script(old, rows(new[0].text_content)) == [None]


def test_something_else_altogether_is_new() -> None:
    assert match_script(rows("The ferry came."), rows("Years passed quietly.")) == [None]


def test_a_long_story_rewritten_from_end_to_end_is_matched_too() -> None:
    old = rows(*(f"Chapter {number}: the ferry came to Orrin Point." for number in range(3_000)))
    new = rows(*(f"Chapter {number}: the old ferry came to Orrin Point." for number in range(3_000)))
    assert match_script(old, new) == list(range(3_000))


def test_a_word_counts_as_often_as_it_occurs() -> None:
    bags = WordBags(MAX_CHARACTERS)
    assert _likeness(bags.of("Far, far away"), bags.of("far AWAY")) == 4 / 5


def test_a_long_text_whose_ends_stay_is_the_same_scene_however_its_middle_was_rewritten() -> None:
    begin, end = "The ferry came at night. " * 200, "Then it left again, empty. " * 200
    old = rows(begin + "Nobody waited. " * 3_000 + end)
    assert match_script(old, rows(begin + "A lamp was lit. " * 9_000 + end)) == [0]


def test_of_a_text_only_so_many_characters_are_compared() -> None:
    assert len(WordBags(200).of("word " * 200_000)) <= 200


def test_a_script_of_many_rows_is_compared_in_fewer_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    count, likeness = [0], script_matching._likeness

    def counted(*bags: frozenset[int]) -> float:
        count[0] += 1
        return likeness(*bags)

    monkeypatch.setattr(script_matching, "_likeness", counted)
    monkeypatch.setattr(script_matching, "MAX_PAIRS", 1_000)
    old = rows(*(f"Chapter {number}: the ferry came." for number in range(100)))
    assert match_script(old, rows(*(f"Chapter {number}: a ferry came." for number in range(100)))) == list(range(100))
    assert count[0] <= 1_000
