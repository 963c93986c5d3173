"""Full or read-only disks and missing permissions: a sentence, no partial change, and success once they are mended.

``STORYFLOW_DISK_STEP`` is the step between two amounts of free space, in kibibytes; 1 is the full form.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from proof import BACKEND, environment
from proof.disks.mounts import PRIVATE, reason_why_not
from proof.disks.unwritable import CONDITIONS, READ_ONLY

STEP_KIB = int(os.environ.get("STORYFLOW_DISK_STEP", "220"))
UPLOADS = {"upload", "replace", "upload item image", "replace item image"}
RESTORES = {"restore image", "restore segment", "restore project"}
REMOVALS = {"remove", "delete item image", "delete segment", "delete item", "delete project"}
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def tried(driver: str, *arguments: object, prefix: list[str], folder: Path) -> dict[str, Any]:
    process = subprocess.run(
        [*prefix, sys.executable, "-m", f"proof.disks.{driver}", *map(str, arguments)],
        env=environment(STORYFLOW_LOG_LEVEL="ERROR", TMPDIR=str(folder)),
        cwd=BACKEND,
        capture_output=True,
        text=True,
        timeout=20_000,
    )
    assert process.returncode == 0, process.stderr[-3000:]
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return result


def mounting() -> list[str]:
    if reason := reason_why_not():
        pytest.skip(reason)
    return PRIVATE


def answers_of(tally: dict[str, int]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in tally:
        act, _, answer = key.partition(": ")
        found.setdefault(act, set()).add(answer)
    return found


@pytest.mark.slow
@pytest.mark.timeout(20_000)
@pytest.mark.parametrize("which", ["media", "both"])
def test_on_a_full_disk_nothing_is_uploaded_and_everything_else_still_works(which: str, tmp_path: Path) -> None:
    result = tried("full", which, tmp_path, 0, STEP_KIB, prefix=mounting(), folder=tmp_path)
    assert result["violations"] == []
    found = answers_of(result["tally"])
    for act in UPLOADS:
        assert found[act] == ({"507 DISK_FULL"} if "item" in act else {"507"})
    for act in RESTORES | REMOVALS:
        assert found[act] <= {"200", "204"}, act
    assert found["start"] == {"done"}
    assert sum(Counter(result["tally"]).values()) == 13 * result["points"] > 100


@pytest.mark.slow
@pytest.mark.timeout(20_000)
def test_on_a_full_disk_of_the_databases_own_an_act_is_done_or_refused_whole(tmp_path: Path) -> None:
    result = tried("full", "database", tmp_path, 0, STEP_KIB, prefix=mounting(), folder=tmp_path)
    assert result["violations"] == []
    found = answers_of(result["tally"])
    for act in UPLOADS | RESTORES | REMOVALS:
        assert found[act] <= {"200", "201", "204", "503", "500 DATABASE_ERROR"}, act
    # With nothing left it is refused, with two megabytes it is not.
    assert len(found["remove"]) == 2
    assert found["start"] == {"done", "CONFIGURATION"}


BECAUSE_OF_THE_DATABASE = {
    act: "500 DATABASE_ERROR" if "item" in act else "503" for act in UPLOADS | RESTORES | REMOVALS
}
BECAUSE_OF_THE_FILES = {
    **{act: "500 STORAGE_ERROR" if "item" in act else "500" for act in UPLOADS},
    **dict.fromkeys(RESTORES | REMOVALS, "500"),
    "delete item image": "500 FILE_DELETE_ERROR",
    "delete item": "200",  # it has no picture
}
WHAT_NEEDS_NO_NEW_BYTES = {**dict.fromkeys(REMOVALS, "200"), "delete segment": "204", "delete project": "204"}
NO_FOLDER = "The data folder cannot be used"
# Condition → (what each act answers, how a start goes).
EXPECTED: dict[str, tuple[dict[str, str], str]] = {
    "media read-only": (BECAUSE_OF_THE_FILES, NO_FOLDER),
    "everything read-only": (BECAUSE_OF_THE_DATABASE, NO_FOLDER),
    "media unwritable": (BECAUSE_OF_THE_FILES, NO_FOLDER),
    "media unreadable": ({**BECAUSE_OF_THE_FILES, "delete item": "500 FILE_DELETE_ERROR"}, NO_FOLDER),
    "lock unreadable": ({**BECAUSE_OF_THE_FILES, "delete item": "500 FILE_DELETE_ERROR"}, NO_FOLDER),
    "trash unwritable": (
        BECAUSE_OF_THE_FILES
        | {"upload": "200", "upload item image": "201", "restore image": "200", "restore segment": "200"},
        NO_FOLDER,
    ),
    "trash unreadable": (BECAUSE_OF_THE_FILES | {"upload": "200", "upload item image": "201"}, NO_FOLDER),
    "in unwritable": (BECAUSE_OF_THE_FILES | WHAT_NEEDS_NO_NEW_BYTES | {"restore project": "200"}, NO_FOLDER),
    "in unreadable": (
        BECAUSE_OF_THE_FILES | WHAT_NEEDS_NO_NEW_BYTES | {"restore project": "200", "delete project": "500"},
        NO_FOLDER,
    ),
    "database folder unwritable": (BECAUSE_OF_THE_DATABASE, NO_FOLDER),
    "database unreadable": (BECAUSE_OF_THE_DATABASE, NO_FOLDER),
}


@pytest.mark.slow
@pytest.mark.parametrize("condition", [*READ_ONLY, *CONDITIONS])
def test_what_cannot_be_written_or_read_is_refused_and_works_again_afterwards(condition: str, tmp_path: Path) -> None:
    prefix = mounting() if condition in READ_ONLY else without_roots_rights()
    result = tried("unwritable", condition, tmp_path, prefix=prefix, folder=tmp_path)
    answers, start = EXPECTED[condition]
    assert result["violations"] == []
    assert result["answers"] == answers
    assert result["start"].startswith(start)


def without_roots_rights() -> list[str]:
    """Return a command prefix that drops the two capabilities by which root ignores permissions."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("needs setpriv to give up root's right to write everywhere")
    return WITHOUT_ROOTS_RIGHTS
