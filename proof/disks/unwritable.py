"""The APIs while a folder is read-only, or while the process may not read or write it.

``python -m proof.disks.unwritable CONDITION FOLDER`` prints, as JSON, the response to every act, the
violations, and the result of a start. Read-only disks need root and their own mount namespace.
"""

from __future__ import annotations

import gc
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from proof.disks.mounts import mount_memory, remount

# Name → paths below the data folder, and the mode they have meanwhile.
CONDITIONS: dict[str, tuple[list[str], int]] = {
    "media unwritable": (["media/projects/1/images", "media/projects", "uploads/items"], 0o555),
    "trash unwritable": (["media/.sf/trash"], 0o555),
    "in unwritable": (["media/.sf/in"], 0o555),
    "lock unreadable": (["media/.sf/lock"], 0o000),
    "media unreadable": (["media"], 0o000),
    "trash unreadable": (["media/.sf/trash"], 0o000),
    "in unreadable": (["media/.sf/in"], 0o000),
    "database folder unwritable": (["."], 0o555),
    "database unreadable": (["db.sqlite3"], 0o000),
}
READ_ONLY = ("media read-only", "everything read-only")


def set_up(folder: Path, condition: str) -> Callable[[], Any]:
    """Make the story. Returns a context manager that causes the condition."""
    data, media = folder / "data", folder / "data"
    if condition in READ_ONLY:
        mount_memory(folder / "disk", size_mib=64)
        media = folder / "disk"
        data = media / "data" if condition == "everything read-only" else data
    os.environ["STORYFLOW_DATA_DIR"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    import django
    from django.conf import settings
    from django.db import connection

    settings.MEDIA_ROOT, settings.UPLOADS_ROOT = media / "media", media / "uploads"
    django.setup()
    from proof.disks import story

    story.lay_story(folder / "template")

    @contextmanager
    def read_only() -> Iterator[None]:
        # A file open for writing would keep the disk from becoming read-only.
        connection.close()
        gc.collect()
        remount(media, "ro")
        try:
            yield
        finally:
            connection.close()
            remount(media, "rw")

    @contextmanager
    def other_mode() -> Iterator[None]:
        paths, mode = CONDITIONS[condition]
        connection.close()
        with ExitStack() as stack:
            for path in paths:
                usual = stat.S_IMODE((data / path).stat().st_mode)
                stack.callback((data / path).chmod, usual)
                (data / path).chmod(mode)
            yield
            connection.close()

    return read_only if condition in READ_ONLY else other_mode


def check_permissions_count(folder: Path) -> None:
    """Raises ``RuntimeError`` if this process may write everywhere, as root may: then the test would prove nothing."""
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    if os.access(closed, os.W_OK):
        raise RuntimeError("permissions do not count for this process")


def main() -> None:
    condition, folder = sys.argv[1], Path(sys.argv[2])
    trouble = set_up(folder, condition)
    from proof.disks import story

    answers: dict[str, str] = {}
    violations: list[str] = []
    if condition not in READ_ONLY:
        check_permissions_count(folder)
    for act in story.ACTS:
        story.lay_again(folder / "template")
        status, body, found = story.judged(act, trouble())
        answers[act] = f"{status} {story.code_of(body)}".strip()
        violations += [*found, *story.recovered()]
        violations += [] if story.judged("delete project")[0] == 204 or act == "delete project" else ["not mended"]
    story.lay_again(folder / "template")
    print(json.dumps({"answers": answers, "start": start(trouble), "violations": violations}))


def start(trouble: Callable[[], Any]) -> str:
    """Return "started", or the sentence with which the start was refused."""
    from core.errors import StoryFlowError
    from storyflow.start_up import open_store, report_lines

    with trouble():
        try:
            return " ".join(["started", *report_lines(open_store())])
        except StoryFlowError as exc:
            return str(exc)


if __name__ == "__main__":
    main()
