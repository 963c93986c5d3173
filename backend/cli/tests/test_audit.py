"""`storyflow audit`, as a process."""

from __future__ import annotations

from cli.tests.terminal import Terminal


def test_it_shows_who_did_what_to_which_file(used: Terminal) -> None:
    rows = used.run("audit", "--json").answer
    assert {"upload", "trash", "remove"} <= {row["act"] for row in rows}
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert all(row["by"] for row in rows)


def test_the_table_names_the_file_and_the_rest_is_the_next_page(used: Terminal) -> None:
    rows = used.run("audit", "--json").answer
    first = used.run("audit", "--limit", "2", "--json").answer
    rest = used.run("audit", "--before", str(first[-1]["id"]), "--json").answer
    assert first + rest == rows
    assert rows[0]["act"] in used.run("audit", "--limit", "1").output
