"""`storyflow segment`: listing, splitting, merging, duplicating and changing segments."""

from __future__ import annotations

import pytest

from cli.tests.terminal import Terminal

LOCK_4 = """
import django
django.setup()
from api.models import Segment
Segment.objects.filter(pk=4).update(is_locked=True)
"""
# The project "First" of conftest.py has the segments 1 and 2; "Second" has 4, 5 and 6.


def texts(terminal: Terminal, project: int = 1) -> list[str]:
    return [row["text_content"] for row in terminal.run("segment", "list", str(project), "--json").answer]


def test_the_segments_are_listed_in_their_order_with_what_they_have(used: Terminal) -> None:
    ran = used.run("segment", "list", "1")
    head, *lines = ran.output.splitlines()
    assert (ran.code, head.split()) == (0, ["id", "#", "text"])
    assert [line.split() for line in lines] == [
        ["1", "1", "Words", "1."],
        ["2", "2", "Words", "2.", "picture"],
    ]


def test_a_segment_is_split_before_words_and_joined_again_from_the_trash(used: Terminal) -> None:
    ran = used.run("segment", "split", "2", "--before", "2.")
    assert (ran.code, ran.output) == (0, "Segment 2 was split; the second half is 7.\n")
    assert texts(used) == ["Words 1.", "Words", "2."]
    ran = used.run("segment", "merge", "7", "--text", "Words 2.")
    assert (ran.code, ran.output) == (
        0,
        "Segment 7 is part of 2 now; `storyflow trash restore 4` takes it back.\n",
    )
    assert texts(used) == ["Words 1.", "Words 2."]
    assert used.run("trash", "restore", "4").code == 0
    assert texts(used) == ["Words 1.", "Words", "2."]


def test_it_is_split_after_a_number_of_characters(used: Terminal) -> None:
    ran = used.run("segment", "split", "2", "--at", "5", "--json")
    assert [row["text_content"] for row in ran.answer["segments"]] == ["Words", "2."]


@pytest.mark.parametrize(
    ("where", "code", "said"),
    [
        ((), 2, "Say where"),
        (("--at", "3", "--before", "2"), 2, "Say where"),
        (("--before", "nowhere"), 1, "These words are not in the text"),
        (("--before", "o"), 0, ""),
        (("--before", ""), 1, "These words are not in the text"),
        (("--at", "99"), 1, "at must be the number of characters"),
        (("--before", "Words"), 1, "at must be the number of characters"),
    ],
)
def test_a_place_that_is_none_is_refused(used: Terminal, where: tuple[str, ...], code: int, said: str) -> None:
    ran = used.run("segment", "split", "2", *where)
    assert (ran.code, said in ran.errors) == (code, True)
    assert (texts(used) == ["Words 1.", "Words 2."]) == (code != 0)


def test_words_that_are_there_twice_are_refused(used: Terminal) -> None:
    assert used.run("segment", "set", "2", "--text", "The lamp. The lamp.").code == 0
    ran = used.run("segment", "split", "2", "--before", "The")
    assert (ran.code, "2 times" in ran.errors) == (1, True)


def test_a_copy_stands_behind_its_segment_with_its_own_picture(used: Terminal) -> None:
    ran = used.run("segment", "duplicate", "2")
    assert (ran.code, ran.output) == (0, "The copy of segment 2 is 7.\n")
    assert texts(used) == ["Words 1.", "Words 2.", "Words 2."]
    pictures = used.pictures()
    assert pictures[1] == pictures[2] is not None


def test_many_are_changed_at_once_and_back_to_what_the_story_has(used: Terminal) -> None:
    ran = used.run("segment", "set", "4", "6", "--motion", "still", "--pause", "1.5", "--json")
    assert (ran.code, ran.answer["skipped"]) == (0, [])
    assert len(ran.answer["undo"]) == 2
    own = "SELECT scope, value FROM preferences_choice WHERE scope LIKE 'segments/%' ORDER BY scope, value"
    assert used.rows(own) == [(f"segments/{n}", value) for n in (4, 6) for value in ('"still"', "1.5")]
    ran = used.run("segment", "set", "4", "6", "--motion", "story", "--pause", "story")
    assert (ran.code, ran.output) == (0, "2 of 2 segments have it now.\n")
    assert used.rows(own) == []


def test_a_locked_one_stays_as_it_is_and_is_named(used: Terminal) -> None:
    used.python(LOCK_4)
    ran = used.run("segment", "set", "4", "5", "--text", "Both.")
    assert (ran.code, ran.output) == (1, "1 of 2 segments have it now.\n")
    assert ran.errors == "  Segment 4 is locked and stays as it is.\n"
    assert texts(used, 2) == ["Words 1.", "Both.", "Words 3."]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("set", "4"), 2, "Say what to change"),
        (("set", "4", "--pause", "long"), 1, "It must be a number from 0.1 to 5"),
        (("set", "4", "--pause", "nan"), 1, "It must be a number from 0.1 to 5"),
        (("set", "4", "--voice", "nobody"), 1, "nobody"),
        (("set", "4", "--motion", "sideways"), 1, "It must be one of"),
        (("set", "4", "1", "--motion", "still"), 1, "Not in this project: 1"),
        (("set", "4", "--text", " "), 1, "text_content"),
        (("set", "99", "--text", "x"), 1, "There is no such"),
        (("list", "99"), 1, "There is no such"),
        (("merge", "4"), 1, ""),
        (("duplicate", "99"), 1, "There is no such"),
        (("split", "99", "--before", "x"), 1, "There is no such"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    used: Terminal, arguments: tuple[str, ...], code: int, said: str
) -> None:
    before = used.rows("SELECT * FROM api_segment ORDER BY id")
    ran = used.run("segment", *arguments)
    assert (ran.code, said in ran.errors, bool(ran.errors)) == (code, True, True)
    assert used.rows("SELECT * FROM api_segment ORDER BY id") == before
