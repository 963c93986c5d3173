"""Shared by the tests of the command: the real command as a process, on its own data folder."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

BACKEND = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """The output and the exit code of a command."""

    code: int
    output: str
    errors: str

    @property
    def answer(self) -> Any:
        return json.loads(self.output)


@dataclass(frozen=True)
class Started:
    """A command that runs in the background of a test."""

    process: subprocess.Popen[str]

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until ``is_so`` returns true. Fails if the command ends before that."""
        deadline = time.monotonic() + 120
        while not is_so():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline, "it did not come to that"
            time.sleep(0.02)

    def ended(self, by: signal.Signals | None = None) -> Ran:
        if by is not None:
            self.process.send_signal(by)
        output, errors = self.process.communicate(timeout=120)
        assert "Traceback" not in errors, errors
        return Ran(self.process.returncode, output, errors)


class Terminal:
    """A terminal in which the command uses this data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: str | Path, typed: str = "", **environment: str) -> Ran:
        """Run the command with these arguments, and assert that it prints no traceback."""
        return self._process("-m", "cli.main", *map(str, arguments), typed=typed, **environment)

    def python(self, code: str) -> None:
        ran = self._process("-c", code, DJANGO_SETTINGS_MODULE="storyflow.settings")
        assert ran.code == 0, ran.errors

    @contextmanager
    def started(self, *arguments: str | Path, **environment: str) -> Iterator[Started]:
        """Yield the running command, and kill it at the end if it still runs."""
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", *map(str, arguments)],
            env=self.environment(**environment),
            cwd=BACKEND,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Started(process)
        finally:
            process.kill()
            process.communicate()

    def environment(self, **more: str) -> dict[str, str]:
        own = {
            name: value for name, value in os.environ.items() if not name.startswith("STORYFLOW_") and name != "PORT"
        }
        return {**own, "STORYFLOW_DATA_DIR": str(self.data), "COLUMNS": "160", **more}

    def _process(self, *arguments: str, typed: str = "", **environment: str) -> Ran:
        process = subprocess.run(
            [sys.executable, *arguments],
            env=self.environment(**environment),
            cwd=BACKEND,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in process.stderr, process.stderr
        return Ran(process.returncode, process.stdout, process.stderr)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return rows of the database, read without StoryFlow."""
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            return database.execute(query).fetchall()

    def projects(self) -> list[str]:
        return [title for (title,) in self.rows("SELECT title FROM api_project ORDER BY id")]

    def pictures(self, project: int = 1) -> list[bytes | None]:
        """Return the bytes of each segment's picture in order; None for a segment without a picture."""
        names = self.rows(f"SELECT image_file FROM api_segment WHERE project_id = {project} ORDER BY sequence_index")
        return [(self.data / "media" / name).read_bytes() if name else None for (name,) in names]

    def waiting(self) -> list[int]:
        """Return the ids of the trash entries, newest first."""
        rows = self.rows("SELECT id FROM media_trash WHERE state = 'trashed' ORDER BY id DESC")
        return [entry for (entry,) in rows]

    def trashed_files(self) -> list[str]:
        return sorted(os.listdir(self.data / "media" / ".sf" / "trash"))


def a_story(folder: Path, *, segments: int = 3, name: str = "story.txt") -> Path:
    path = folder / name
    path.write_text("\n---\n".join(f"Text: Words {number}." for number in range(1, segments + 1)))
    return path


def a_folder(parent: Path, *names: str) -> Path:
    """Write small real pictures, all different, into a folder ``pictures``."""
    folder = parent / "pictures"
    folder.mkdir()
    for number, name in enumerate(names, start=1):
        Image.new("RGB", (32 + number, 24), (20 * number, 90, 120)).save(folder / name)
    return folder
