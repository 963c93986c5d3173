"""`storyflow user` and `storyflow token` as processes, and what a start prints about its exposure."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from cli.tests.terminal import BACKEND, Terminal
from storyflow.tests.live import Server

PASSWORD = "three figs, one towel"


def add(terminal: Terminal, name: str = "anna", *options: str, password: str = PASSWORD) -> Any:
    return terminal.run("user", "add", name, "--password-stdin", *options, typed=f"{password}\n")


@pytest.fixture
def annas(terminal: Terminal) -> Terminal:
    """Return a terminal with an account for anna."""
    assert add(terminal).code == 0
    return terminal


def test_a_user_is_added_with_the_password_of_the_input(terminal: Terminal) -> None:
    ran = add(terminal, "anna", "--administrator", "--json")
    assert (ran.code, ran.answer) == (0, {"id": 1, "name": "anna", "is_administrator": True})
    (kept,) = terminal.rows("SELECT username, is_superuser FROM auth_user")
    assert kept == ("anna", 1)
    assert PASSWORD not in str(terminal.rows("SELECT * FROM auth_user"))


def test_the_password_is_asked_for_twice_and_not_shown(terminal: Terminal) -> None:
    ran = terminal.run("user", "add", "anna", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert ran.code == 0
    assert PASSWORD not in ran.output + ran.errors
    assert terminal.run("user", "add", "ben", typed=f"{PASSWORD}\nanother\n").code != 0
    assert len(terminal.rows("SELECT * FROM auth_user")) == 1


def test_no_option_takes_a_password_from_the_command_line(terminal: Terminal) -> None:
    assert terminal.run("user", "add", "anna", "--password", PASSWORD).code == 2
    assert terminal.run("user", "add", "anna", PASSWORD).code == 2


@pytest.mark.parametrize(("name", "password", "named"), [("a b", PASSWORD, "name"), ("anna", "short", "too short")])
def test_what_cannot_be_used_is_refused_with_a_sentence(
    name: str, password: str, named: str, terminal: Terminal
) -> None:
    ran = add(terminal, name, password=password)
    assert (ran.code, ran.output) == (1, "")
    assert named in ran.errors
    assert terminal.rows("SELECT * FROM auth_user") == []


def test_a_password_that_is_no_text_is_refused(terminal: Terminal) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "cli.main", "user", "add", "anna", "--password-stdin"],
        env={**os.environ, "STORYFLOW_DATA_DIR": str(terminal.data)},
        cwd=BACKEND,
        input=b"\xff\xfe three figs, one towel\n",
        capture_output=True,
        timeout=60,
    )
    assert (process.returncode, b"UTF-8" in process.stderr) == (2, True)
    assert terminal.rows("SELECT * FROM auth_user") == []


def test_the_list_shows_who_there_is(terminal: Terminal) -> None:
    assert "no user yet" in terminal.run("user", "list").output
    add(terminal, "anna", "--administrator")
    add(terminal, "ben")
    terminal.run("user", "disable", "ben")
    _, anna, ben = terminal.run("user", "list").output.splitlines()
    assert anna.split() == ["1", "anna", "administrator", "never"]
    assert ben.split() == ["2", "ben", "disabled", "never"]
    rows = terminal.run("user", "list", "--json").answer
    assert [(row["name"], row["is_administrator"], row["is_active"]) for row in rows] == [
        ("anna", True, True),
        ("ben", False, False),
    ]


def test_a_user_is_disabled_and_enabled(annas: Terminal) -> None:
    assert annas.run("user", "disable", "anna", "--json").answer == {"name": "anna", "is_active": False}
    assert annas.rows("SELECT is_active FROM auth_user") == [(0,)]
    assert annas.run("user", "enable", "anna").output == "anna can sign in.\n"
    assert annas.rows("SELECT is_active FROM auth_user") == [(1,)]


def test_a_password_is_changed(annas: Terminal) -> None:
    before = annas.rows("SELECT password FROM auth_user")
    ran = annas.run("user", "password", "anna", "--password-stdin", "--json", typed="another long one\n")
    assert (ran.code, ran.answer) == (0, {"name": "anna"})
    assert annas.rows("SELECT password FROM auth_user") != before


@pytest.mark.parametrize(
    "command", [("password", "--password-stdin"), ("disable",), ("enable",), ("give", "--unowned")]
)
def test_a_user_that_does_not_exist_is_named(command: tuple[str, ...], terminal: Terminal) -> None:
    ran = terminal.run("user", command[0], "nobody", *command[1:], typed=PASSWORD)
    assert (ran.code, ran.output) == (1, "")
    assert "nobody" in ran.errors


def test_projects_are_given_by_id_or_all_that_are_nobody_s(used: Terminal) -> None:
    add(used, "anna")
    add(used, "ben")
    assert used.run("user", "give", "anna", "--project", "1").output == "1 thing given to anna.\n"
    assert used.run("user", "give", "ben", "--unowned", "--json").answer == {"name": "ben", "given": 1}
    assert used.rows("SELECT kind, record, user_id FROM accounts_ownership ORDER BY record") == [
        ("projects", "1", 1),
        ("projects", "2", 2),
    ]


def test_giving_says_what_it_needs(annas: Terminal) -> None:
    assert annas.run("user", "give", "anna").code == 2
    ran = annas.run("user", "give", "anna", "--project", "77")
    assert (ran.code, "77" in ran.errors) == (1, True)


def test_a_token_is_shown_once_listed_without_itself_and_revoked(annas: Terminal) -> None:
    ran = annas.run("token", "create", "anna", "--label", "nightly [bold]backup", "--days", "7")
    text = ran.output.strip()
    assert text.startswith("sf_")
    assert "not shown again" in ran.errors
    listed = annas.run("token", "list", "--user", "anna")
    assert "nightly [bold]backup" in listed.output
    assert text not in listed.output + str(annas.rows("SELECT * FROM accounts_token"))
    assert annas.run("token", "revoke", "1", "--json").answer == {"id": 1}
    (row,) = annas.run("token", "list", "--json").answer
    assert (row["user"], row["state"]) == ("anna", "revoked")


def test_a_token_as_json(annas: Terminal) -> None:
    answer = annas.run("token", "create", "anna", "--json").answer
    assert set(answer) == {"id", "user", "token", "expires_at"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("create", "nobody"), 1),
        (("list", "--user", "nobody"), 1),
        (("revoke", "9"), 1),
        (("create", "anna", "--days", "0"), 2),
        (("create", "anna", "--days", "36500"), 2),
        (("revoke", "x"), 2),
    ],
)
def test_a_token_command_that_cannot_be_done_says_why(arguments: tuple[str, ...], code: int, annas: Terminal) -> None:
    ran = annas.run("token", *arguments)
    assert (ran.code, ran.output) == (code, "")
    assert ran.errors


EVERYWHERE = {"STORYFLOW_HOST": "0.0.0.0", "STORYFLOW_EXAMPLE": "false"}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "STORYFLOW_ACCOUNTS"),
        ({"STORYFLOW_ACCOUNTS": "true"}, "storyflow user add"),
        ({"STORYFLOW_ACCOUNTS": "true", "STORYFLOW_TOKEN": "word"}, "Set one of them"),
    ],
)
def test_an_address_others_can_reach_is_refused_while_nobody_could_sign_in(
    settings: dict[str, str], named: str, terminal: Terminal
) -> None:
    ran = terminal.run("serve", **EVERYWHERE, **settings)
    assert ran.code == 1
    assert named in ran.errors


def test_a_disabled_user_is_nobody_who_could_sign_in(annas: Terminal) -> None:
    annas.run("user", "disable", "anna")
    assert "storyflow user add" in annas.run("serve", **EVERYWHERE, STORYFLOW_ACCOUNTS="true").errors


def test_the_whole_way_from_a_new_user_to_their_own_project(annas: Terminal) -> None:
    """A real server that other machines can reach, and a user who is added while it runs."""
    server = Server(annas.data, **EVERYWHERE, STORYFLOW_ACCOUNTS="true")
    server.start()
    try:
        assert add(annas, "ben").code == 0
        anna, ben = (
            {"Authorization": f"Bearer {annas.run('token', 'create', name).output.strip()}"} for name in ("anna", "ben")
        )
        client = server.client()
        assert client.call("GET", "/api/projects/")[0] == 401
        assert client.call("POST", "/api/projects/", {"title": "Mine"}, anna)[0] == 201
        assert [row["title"] for row in client.call("GET", "/api/projects/", headers=anna)[1]] == ["Mine"]
        assert client.call("GET", "/api/projects/", headers=ben) == (200, [])
        made = [client.call("POST", "/api/projects/", {"title": "A"}, ben)[1]["id"] for _ in range(21)]
        deleted = [client.call("DELETE", f"/api/projects/{project}/", headers=ben)[0] for project in made]
        assert deleted == [204] * 20 + [429]
    finally:
        _, _, output = server.stop()
    assert "listens on 0.0.0.0, for every machine that can reach it; accounts on, rate limits on." in output


def test_on_this_machine_alone_a_start_without_users_says_so(terminal: Terminal) -> None:
    server = Server(terminal.data, STORYFLOW_ACCOUNTS="true")
    server.start()
    _, _, output = server.stop()
    assert "nobody can sign in" in output
    assert "listens on 127.0.0.1, for only this machine; accounts on, rate limits off." in output


def test_doctor_tells_the_exposure(terminal: Terminal) -> None:
    ran = terminal.run("doctor", STORYFLOW_HOST="0.0.0.0", STORYFLOW_TOKEN="word")
    assert "Exposure: 0.0.0.0, for every machine that can reach it; with the token, rate limits on" in ran.output


def test_a_database_from_before_accounts_gets_their_tables(used: Terminal) -> None:
    with closing(sqlite3.connect(used.data / "db.sqlite3")) as database:
        for table in ("accounts_ownership", "accounts_token"):
            database.execute(f"DROP TABLE {table}")
        database.execute("DELETE FROM django_migrations WHERE app = 'accounts'")
        database.commit()
    assert used.run("doctor").code == 0
    assert used.rows("SELECT * FROM accounts_ownership") == []
    assert used.projects() == ["First", "Second"]
