"""`storyflow trash`: listing, restoring, and deleting for good."""

from __future__ import annotations

from typing import Any

import pytest

from cli.tests.terminal import Terminal

# Newest first, as `used` was made: see conftest.py.
LISTED = [
    {
        "id": 3,
        "what": "image",
        "title": "Picture of segment 1",
        "why": "removed",
        "project": 2,
        "segment": 4,
        "item": None,
        "has_picture": True,
    },
    {
        "id": 2,
        "what": "segment",
        "title": "Words 3.",
        "why": "segment deleted",
        "project": 1,
        "segment": 3,
        "item": None,
        "has_picture": True,
    },
    {
        "id": 1,
        "what": "image",
        "title": "Picture of segment 1",
        "why": "removed",
        "project": 1,
        "segment": 1,
        "item": None,
        "has_picture": True,
    },
]


def entries(terminal: Terminal, *options: str) -> list[dict[str, Any]]:
    ran = terminal.run("trash", "list", "--json", *options)
    assert (ran.code, ran.errors) == (0, "")
    return ran.answer


def test_an_empty_trash_says_so(terminal: Terminal) -> None:
    ran = terminal.run("trash", "list")
    assert (ran.code, ran.output) == (0, "The trash is empty. What you delete or replace waits here.\n")


def test_the_table_has_a_line_for_each_thing_newest_first(used: Terminal) -> None:
    ran = used.run("trash", "list")

    head, *lines = ran.output.splitlines()
    assert ran.code == 0
    assert head.split() == ["id", "what", "why", "kB", "deleted", "kept", "until"]
    assert [line.split()[:2] for line in lines] == [["3", "image"], ["2", "segment"], ["1", "image"]]
    assert "Words 3." in lines[1]


def test_the_json_list_is_complete(used: Terminal) -> None:
    listed = entries(used)
    times = [(entry.pop("deleted_at"), entry.pop("expires_at")) for entry in listed]
    sizes = [entry.pop("size_bytes") for entry in listed]
    assert listed == LISTED
    assert all(size > 500 for size in sizes)
    assert all(deleted < expires and expires.endswith("Z") for deleted, expires in times)


def test_the_list_can_be_of_one_project(used: Terminal) -> None:
    assert [entry["id"] for entry in entries(used, "--project", "1")] == [2, 1]


def test_words_in_brackets_are_listed_as_they_are(used: Terminal) -> None:
    words = "[red] and [/b]"
    used.python(
        "import django\ndjango.setup()\nfrom media_store.models import TrashEntry\n"
        f"TrashEntry.objects.filter(pk=2).update(title={words!r})"
    )
    assert words in used.run("trash", "list").output


def test_a_picture_comes_back_byte_for_byte(used: Terminal) -> None:
    (missing, second), (_, kept, *_) = used.pictures(), used.pictures(2)
    assert (missing, second) == (None, kept)

    ran = used.run("trash", "restore", "1")

    assert (ran.code, ran.output, ran.errors) == (0, "Picture restored.\n", "")
    # Both stories were given the same pictures, so the other one's trash holds the same bytes.
    (trashed,) = (used.data / "media" / ".sf" / "trash").glob("*projects%2F2*")
    assert used.pictures() == [trashed.read_bytes(), second]
    assert used.waiting() == [3, 2]


def test_a_segment_comes_back_with_its_picture(used: Terminal) -> None:
    answer = used.run("trash", "restore", "2", "--json").answer

    assert answer == {
        "id": 2,
        "what": "segment",
        "project": 1,
        "segment": 3,
        "item": None,
        "message": "Segment restored",
    }
    assert used.rows("SELECT id, sequence_index, text_content FROM api_segment WHERE id = 3") == [(3, 2, "Words 3.")]
    assert used.pictures()[2] == used.pictures(2)[2]


def test_a_picture_can_be_given_to_another_segment_whose_own_is_kept_in_the_trash(used: Terminal) -> None:
    before = used.pictures()[1]

    ran = used.run("trash", "restore", "1", "--segment", "2", "--json")

    assert ran.answer["segment"] == 2
    assert used.pictures()[1] not in (None, before)
    assert used.rows("SELECT record, reason FROM media_trash ORDER BY id DESC LIMIT 1") == [("2", "replaced")]


def test_what_is_not_in_the_trash_cannot_be_restored(used: Terminal) -> None:
    ran = used.run("trash", "restore", "9" * 40)
    assert (ran.code, ran.output, ran.errors) == (1, "", "storyflow: The trash has no such entry.\n")


def test_a_segment_that_is_not_there_gets_nothing(used: Terminal) -> None:
    ran = used.run("trash", "restore", "1", "--segment", "99")
    assert ran.code == 1
    assert ran.errors == "storyflow: There is no such segment.\n"
    assert used.waiting() == [3, 2, 1]


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_emptying_asks_and_anything_but_yes_keeps_everything(typed: str, used: Terminal) -> None:
    files = used.trashed_files()

    ran = used.run("trash", "empty", typed=typed)

    assert ran.code not in (0, 2)
    assert "Delete 3 things for good?" in ran.errors
    assert ran.errors.endswith("Stopped.\n")
    assert (used.waiting(), used.trashed_files()) == ([3, 2, 1], files)


def test_yes_to_the_question_empties(used: Terminal) -> None:
    ran = used.run("trash", "empty", typed="y\n")
    assert (ran.code, ran.output) == (0, "3 things deleted for good.\n")
    assert (used.waiting(), used.trashed_files()) == ([], [])


def test_yes_on_the_command_line_is_not_asked_again(used: Terminal) -> None:
    living = used.pictures(), used.pictures(2)

    ran = used.run("trash", "empty", "--yes", "--json")

    assert (ran.code, ran.answer, ran.errors) == (0, {"deleted": 3}, "")
    assert (used.waiting(), used.trashed_files()) == ([], [])
    assert (used.pictures(), used.pictures(2)) == living


def test_one_project_s_trash_can_be_emptied_alone(used: Terminal) -> None:
    assert used.run("trash", "empty", "--project", "1", "--yes", "--json").answer == {"deleted": 2}
    assert used.waiting() == [3]
    assert ["projects%2F2" in name for name in used.trashed_files()] == [True]


def test_an_empty_trash_is_emptied_without_a_question(terminal: Terminal) -> None:
    ran = terminal.run("trash", "empty")
    assert (ran.code, ran.output, ran.errors) == (0, "0 things deleted for good.\n", "")
