"""`storyflow doctor`, and the errors of every command for a wrong data folder or setting."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.tests.terminal import Terminal

LOOKED_AT = [
    "Data folder",
    "Exposure",
    "Store identity",
    "Database",
    "Files",
    "Missing files",
    "Orphans",
    "Left by a crash",
    "Not settled",
    "Trash",
    "Free space",
]
PICTURE = "media/projects/1/images/2_2.jpg"


def findings(terminal: Terminal, *, code: int = 0) -> dict[str, Any]:
    ran = terminal.run("doctor", "--json")
    assert ran.code == code, ran.errors
    return {finding["what"]: finding for finding in ran.answer}


def test_a_clean_data_folder_is_told_line_by_line(used: Terminal) -> None:
    ran = used.run("doctor")
    assert (ran.code, ran.errors) == (0, "")
    assert [line.partition(":")[0] for line in ran.output.splitlines()] == [f"ok   {what}" for what in LOOKED_AT]


def test_the_json_findings_are_complete(used: Terminal) -> None:
    found = findings(used)
    assert list(found) == LOOKED_AT
    assert {tuple(finding) for finding in found.values()} == {("what", "is_ok", "found", "places")}
    assert all(finding["is_ok"] for finding in found.values())
    assert found["Data folder"]["found"] == str(used.data)
    assert found["Files"]["found"].startswith("3 ")
    assert found["Trash"]["found"].startswith("3 things wait")


def test_a_first_look_makes_the_data_folder(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "a" / "new one")
    assert findings(terminal)["Files"]["found"].startswith("0 ")
    assert (terminal.data / "db.sqlite3").exists()


def test_a_file_that_is_gone_is_named_and_its_row_is_kept(used: Terminal) -> None:
    (used.data / PICTURE).unlink()

    ran = used.run("doctor")

    assert ran.code == 3
    assert f"look Missing files: 1\n       {PICTURE}\n" in ran.output
    assert used.rows("SELECT image_file FROM api_segment WHERE id = 2") == [("projects/1/images/2_2.jpg",)]


def test_a_file_that_nobody_owns_is_named_and_waits_in_the_trash(used: Terminal) -> None:
    stray = used.data / "media" / "projects" / "1" / "images" / "holiday.jpg"
    stray.write_bytes(b"somebody's only copy")

    found = findings(used)

    place = "media/projects/1/images/holiday.jpg"
    assert (found["Orphans"]["is_ok"], found["Orphans"]["places"]) == (True, [place])
    assert "1 put into the trash" in found["Orphans"]["found"]
    assert not stray.exists()
    (kept,) = (used.data / "media" / ".sf" / "trash").glob("*holiday.jpg")
    assert kept.read_bytes() == b"somebody's only copy"
    newest = used.run("trash", "list", "--json").answer[0]
    assert (newest["what"], newest["title"], newest["project"]) == ("file", place, 1)


def test_a_data_folder_that_lost_its_files_is_not_touched(used: Terminal) -> None:
    strays = [used.data / "media" / "projects" / "9" / f"{number}.jpg" for number in range(30)]
    strays[0].parent.mkdir()
    for path in strays:
        path.touch()

    found = findings(used, code=3)

    assert "is this the right data folder?" in found["Files"]["found"]
    assert all(path.exists() for path in strays)


@pytest.fixture
def mixed_up(used: Terminal) -> Terminal:
    """Return a terminal whose media folder belongs to another store."""
    (used.data / "media" / ".sf" / "store-id").write_text("f" * 32)
    return used


@pytest.mark.parametrize("command", ["doctor --json", "trash empty --yes", f"import {__file__}"])
def test_folder_and_database_that_do_not_belong_together_are_not_touched(command: str, mixed_up: Terminal) -> None:
    before = mixed_up.pictures(), mixed_up.trashed_files(), mixed_up.projects()

    ran = mixed_up.run(*command.split())

    assert (ran.code, ran.output) == (1, "")
    assert "belongs to another StoryFlow database" in ran.errors
    assert "storyflow doctor --adopt" in ran.errors
    assert (mixed_up.pictures(), mixed_up.trashed_files(), mixed_up.projects()) == before


def test_adopting_settles_it(mixed_up: Terminal) -> None:
    assert mixed_up.run("doctor", "--adopt").code == 0
    assert findings(mixed_up)["Files"]["found"].startswith("3 ")
    assert mixed_up.waiting() == [3, 2, 1]


def test_a_database_without_its_media_folder_is_not_taken_for_an_empty_one(used: Terminal) -> None:
    shutil.rmtree(used.data / "media")
    ran = used.run("doctor")
    assert ran.code == 1
    assert "is not the folder that it was used with" in ran.errors


def test_a_media_folder_without_its_database_is_not_taken_for_orphans(used: Terminal) -> None:
    for name in ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"):
        (used.data / name).unlink(missing_ok=True)
    ran = used.run("doctor")
    assert ran.code == 1
    assert "the database is a new one" in ran.errors
    assert (used.data / PICTURE).exists()


def test_a_file_in_the_data_folder_s_place_is_refused_by_the_variable_s_name(tmp_path: Path) -> None:
    place = tmp_path / "data"
    place.write_text("a file")

    ran = Terminal(place).run("doctor")

    assert (ran.code, ran.output) == (1, "")
    assert ran.errors == f"storyflow: STORYFLOW_DATA_DIR is not usable: {place} is a file, not a folder.\n"
    assert place.read_text() == "a file"


def test_a_data_folder_that_cannot_be_made_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = Terminal(tmp_path / "file" / "data").run("doctor")
    assert ran.code == 1
    assert "set STORYFLOW_DATA_DIR to another folder" in ran.errors


@pytest.mark.parametrize("kind", ["folder", "other file"])
def test_a_database_that_is_none_is_refused_and_left_alone(kind: str, terminal: Terminal) -> None:
    place = terminal.data / "db.sqlite3"
    place.unlink()
    place.mkdir() if kind == "folder" else place.write_text("Dear diary, " * 100)

    ran = terminal.run("doctor")

    assert ran.code == 1
    assert ran.errors.startswith(f"storyflow: The database {place} cannot be used.")
    assert place.is_dir() or place.read_text().startswith("Dear diary")


@pytest.mark.parametrize("name", ["media", "uploads", "media/.sf/store-id"])
def test_something_else_in_a_folder_s_place_is_refused_with_a_sentence(name: str, terminal: Terminal) -> None:
    place = terminal.data / name
    if place.is_dir():
        shutil.rmtree(place)
        place.touch()
    else:
        place.unlink()
        place.mkdir()

    ran = terminal.run("doctor")

    assert ran.code == 1
    assert str(place) in ran.errors


def test_a_stray_file_whose_name_is_no_text_is_reported_without_a_traceback(used: Terminal) -> None:
    stray = bytes(used.data / "media" / "projects" / "1" / "images") + b"/caf\xe9.jpg"
    Path(stray.decode("utf-8", "surrogateescape")).touch()

    found = findings(used, code=3)

    assert found["Orphans"]["places"] == ["media/projects/1/images/caf\\udce9.jpg"]


@pytest.mark.parametrize("command", ["doctor", "serve", "trash list", f"import {__file__}"])
def test_a_setting_that_cannot_be_used_is_named(command: str, terminal: Terminal) -> None:
    ran = terminal.run(*command.split(), STORYFLOW_PORT="abc")
    assert (ran.code, ran.output) == (1, "")
    assert ran.errors == "storyflow: STORYFLOW_PORT is not usable: 'abc' is not a whole number.\n"


def test_what_cannot_be_settled_is_named_and_is_something_to_look_at(used: Terminal) -> None:
    used.python(
        "import django\ndjango.setup()\nfrom media_store.models import TrashEntry\n"
        "TrashEntry.objects.filter(pk=1).update(state='purging')"
    )
    trash = used.data / "media" / ".sf" / "trash"
    stuck = next(path for path in trash.iterdir() if path.is_file() and "projects%2F1%2Fimages%2F1_" in path.name)
    stuck.unlink()
    stuck.mkdir()

    found = findings(used, code=3)

    assert not found["Not settled"]["is_ok"]
    assert found["Not settled"]["places"]
