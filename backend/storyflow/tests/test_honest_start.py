"""A start on an unusable data folder is refused with a sentence and changes nothing."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storyflow.tests.live import a_project, jpeg, running

pytestmark = pytest.mark.slow
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with a picture, after a clean stop."""
    data = tmp_path_factory.mktemp("used") / "data"
    with running(data) as server:
        _, segments = a_project(server.client())
        assert server.client().upload(segments[0], "a.jpg", jpeg())[0] == 200
        server.stop(signal.SIGTERM)
    return data


@pytest.fixture
def data(used: Path, tmp_path: Path) -> Path:
    shutil.copytree(used, tmp_path / "data")
    return tmp_path / "data"


def start(data: Path, command: str = "serve", *, prefix: tuple[str, ...] = ()) -> tuple[int, str]:
    """Start a server that must refuse to start. Returns (exit code, output)."""
    process = subprocess.run(
        [*prefix, sys.executable, "-m", "cli.main", command],
        env={**os.environ, "STORYFLOW_DATA_DIR": str(data), "STORYFLOW_PORT": "1", "PYTHONPATH": "backend"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
    )
    return process.returncode, process.stdout + process.stderr


def run_sql(data: Path, *statements: str) -> None:
    connection = sqlite3.connect(data / "db.sqlite3", isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def contents(data: Path) -> dict[str, bytes]:
    # Opening a database makes and removes its log.
    files = (path for path in data.rglob("*") if path.is_file() and not path.name.startswith("db.sqlite3-"))
    return {str(path): path.read_bytes() for path in files}


CHANGED: dict[str, tuple[str, ...]] = {
    "a column renamed": ("ALTER TABLE api_segment RENAME COLUMN image_prompt TO prompt",),
    "a column of items gone": ("ALTER TABLE items_item DROP COLUMN category",),
    "a table gone": ("DROP TABLE media_trash_file",),
    "a column nothing fills": ("ALTER TABLE api_project ADD COLUMN colour varchar(9) NOT NULL DEFAULT 'x'",),
    "a column of another type": (
        "ALTER TABLE api_project DROP COLUMN title",
        "ALTER TABLE api_project ADD COLUMN title integer NOT NULL DEFAULT 0",
    ),
}


@pytest.mark.parametrize("command", ["serve", "doctor", "audit"])
@pytest.mark.parametrize("change", [name for name in CHANGED if name != "a column nothing fills"])
def test_a_database_with_other_columns_is_refused(change: str, command: str, data: Path) -> None:
    run_sql(data, *CHANGED[change])
    before = contents(data)
    code, said = start(data, command)
    assert code == 1
    assert "is not as this release left it: " in said
    assert "Traceback" not in said
    assert contents(data) == before


def test_a_column_more_that_has_a_default_does_no_harm(data: Path) -> None:
    run_sql(data, *CHANGED["a column nothing fills"])
    code, said = start(data, "doctor")
    assert (code, "Database: whole" in said) == (0, True), said


@pytest.mark.parametrize("command", ["serve", "doctor", "audit"])
@pytest.mark.parametrize(
    "migration", ["api', '0099_future", "items', '0042_more", "an_app_of_tomorrow', '0001_initial"]
)
def test_a_database_of_a_newer_release_is_refused(migration: str, command: str, data: Path) -> None:
    run_sql(data, f"INSERT INTO django_migrations (app, name, applied) VALUES ('{migration}', '2030-01-01')")
    before = contents(data)
    code, said = start(data, command)
    assert (code, "was made by a newer StoryFlow" in said, "Traceback" in said) == (1, True, False), said
    assert contents(data) == before


def page_destroyed(database: Path, number: int) -> None:
    with database.open("r+b") as file:
        file.seek(4096 * number)
        file.write(bytes(range(256)) * 16)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "a page in the middle": lambda database: page_destroyed(database, database.stat().st_size // 4096 // 2),
    "the last page": lambda database: page_destroyed(database, database.stat().st_size // 4096 - 1),
    "the first page": lambda database: page_destroyed(database, 0),
    "cut off": lambda database: os.truncate(database, database.stat().st_size // 2),
    "not a database": lambda database: database.write_text("This is a text." * 999),
}


@pytest.mark.parametrize("command", ["serve", "doctor"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_database_is_refused(damage: str, command: str, data: Path) -> None:
    DAMAGE[damage](data / "db.sqlite3")
    code, said = start(data, command)
    assert (code, "Traceback" in said) == (1, False), said
    assert "is damaged" in said or "cannot be used" in said


@pytest.mark.parametrize("folder", [".", "media", "media/projects", "uploads", "media/.sf/in", "media/.sf/trash"])
def test_a_folder_that_is_read_only_is_refused(folder: str, data: Path) -> None:
    (data / folder).chmod(0o555)
    code, said = start(data, prefix=tuple(WITHOUT_ROOTS_RIGHTS) if os.geteuid() == 0 else ())
    (data / folder).chmod(0o755)
    assert (code, "is read-only" in said) == (1, True), said


def test_a_folder_that_is_read_only_throughout_is_refused(data: Path) -> None:
    subprocess.run(["chmod", "-R", "a-w", str(data)], check=True)
    code, said = start(data, prefix=tuple(WITHOUT_ROOTS_RIGHTS) if os.geteuid() == 0 else ())
    subprocess.run(["chmod", "-R", "u+w", str(data)], check=True)
    assert (code, "is read-only" in said) == (1, True), said


def test_after_a_clean_stop_every_committed_row_is_in_the_databases_one_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as server:
        project, _ = a_project(server.client(), segments=40)
        server.stop(signal.SIGTERM)
    assert not (data / "db.sqlite3-wal").exists() or (data / "db.sqlite3-wal").stat().st_size == 0
    shutil.copy(data / "db.sqlite3", tmp_path / "alone.sqlite3")
    rows = sqlite3.connect(tmp_path / "alone.sqlite3").execute(
        "SELECT count(*) FROM api_segment WHERE project_id = ?", [project]
    )
    assert rows.fetchone() == (40,)


def test_a_database_whose_log_is_missing_is_refused_and_nothing_goes_to_the_trash(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as server:
        _, segments = a_project(server.client())
        for segment in segments:
            assert server.client().upload(segment, "a.jpg", jpeg())[0] == 200
        server.kill()
    log, aside = data / "db.sqlite3-wal", tmp_path / "log"
    log.rename(aside)
    before = contents(data)
    code, said = start(data)
    assert (code, "is older than the media folder" in said, "db.sqlite3-wal" in said) == (1, True, True), said
    assert contents(data) == before
    for name in ("-wal", "-shm"):
        (data / f"db.sqlite3{name}").unlink(missing_ok=True)
    aside.rename(log)
    code, said = start(data, "doctor")
    assert (code, "3 in their places" in said) == (0, True), said


def test_an_older_copy_of_the_database_is_refused_until_a_person_says_that_it_is_right(
    data: Path, tmp_path: Path
) -> None:
    shutil.copy(data / "db.sqlite3", tmp_path / "old.sqlite3")
    with running(data) as server:
        _, segments = a_project(server.client())
        assert server.client().upload(segments[0], "b.jpg", jpeg("red"))[0] == 200
        server.stop(signal.SIGTERM)
    shutil.copy(tmp_path / "old.sqlite3", data / "db.sqlite3")
    code, said = start(data)
    assert (code, "storyflow doctor --adopt" in said) == (1, True), said
    environment = {**os.environ, "STORYFLOW_DATA_DIR": str(data), "PYTHONPATH": "backend"}
    command = [sys.executable, "-m", "cli.main", "doctor", "--adopt"]
    subprocess.run(command, env=environment, cwd=Path(__file__).parents[3], capture_output=True, timeout=60)
    with running(data) as server:
        assert server.client().call("GET", "/healthz")[0] == 200
