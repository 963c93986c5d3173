"""What the command's tests share: the real command as a process, on a data folder of its own."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

BACKEND = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ran:
    """What a command left on the terminal."""

    code: int
    output: str
    errors: str

    @property
    def answer(self) -> Any:
        return json.loads(self.output)


class Terminal:
    """A terminal whose StoryFlow has this data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: str | Path, typed: str = "", **environment: str) -> Ran:
        """The command with these arguments; whatever happens, nobody is shown a traceback."""
        return self._process("-m", "cli.main", *map(str, arguments), typed=typed, **environment)

    def python(self, code: str) -> None:
        ran = self._process("-c", code, DJANGO_SETTINGS_MODULE="storyflow.settings")
        assert ran.code == 0, ran.errors

    def _process(self, *arguments: str, typed: str = "", **environment: str) -> Ran:
        own = {
            name: value for name, value in os.environ.items() if not name.startswith("STORYFLOW_") and name != "PORT"
        }
        process = subprocess.run(
            [sys.executable, *arguments],
            env={**own, "STORYFLOW_DATA_DIR": str(self.data), "COLUMNS": "160", **environment},
            cwd=BACKEND,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert "Traceback" not in process.stderr, process.stderr
        return Ran(process.returncode, process.stdout, process.stderr)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, read behind StoryFlow's back."""
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            return database.execute(query).fetchall()

    def projects(self) -> list[str]:
        return [title for (title,) in self.rows("SELECT title FROM api_project ORDER BY id")]

    def pictures(self, project: int = 1) -> list[bytes | None]:
        """The bytes of each segment's picture in order; None where it has none."""
        names = self.rows(f"SELECT image_file FROM api_segment WHERE project_id = {project} ORDER BY sequence_index")
        return [(self.data / "media" / name).read_bytes() if name else None for (name,) in names]

    def waiting(self) -> list[int]:
        """The ids of what is in the trash, newest first."""
        rows = self.rows("SELECT id FROM media_trash WHERE state = 'trashed' ORDER BY id DESC")
        return [entry for (entry,) in rows]

    def trashed_files(self) -> list[str]:
        return sorted(os.listdir(self.data / "media" / ".sf" / "trash"))


def a_story(folder: Path, *, segments: int = 3, name: str = "story.txt") -> Path:
    path = folder / name
    path.write_text("\n---\n".join(f"Text: Words {number}." for number in range(1, segments + 1)))
    return path


def a_folder(parent: Path, *names: str) -> Path:
    """Small real pictures, no two the same, in a folder ``pictures``."""
    folder = parent / "pictures"
    folder.mkdir()
    for number, name in enumerate(names, start=1):
        Image.new("RGB", (32 + number, 24), (20 * number, 90, 120)).save(folder / name)
    return folder
