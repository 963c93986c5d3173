"""The APIs on a disk with a given number of free kibibytes; runs as root in its own mount namespace.

``python -m proof.disks.full media|database|both FOLDER FIRST STEP`` prints its results as JSON.
"""

from __future__ import annotations

import collections
import json
import os
import sys
from pathlib import Path
from typing import Any

from proof.disks.mounts import empty, fill, mount_memory

LAST_KIB = 2048


def set_up(folder: Path, which: str) -> Path:
    """Mount two disks, point the settings at them, and make the story. Returns the disk that is to be filled."""
    small, roomy = folder / "small", folder / "roomy"
    mount_memory(small, size_mib=48)
    mount_memory(roomy, size_mib=96)
    database, media = {"media": (roomy, small), "database": (small, roomy), "both": (small, small)}[which]
    os.environ["STORYFLOW_DATA_DIR"] = str(database / "data")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyflow.settings")
    import django
    from django.conf import settings

    settings.MEDIA_ROOT, settings.UPLOADS_ROOT = media / "media", media / "uploads"
    django.setup()
    from proof.disks import story

    story.lay_story(folder / "template")
    return small


def point(small: Path, template: Path, kib: int, tally: collections.Counter[str]) -> list[str]:
    """Run every act with a given free space before each, then with enough space."""
    from django.db import connection

    from core.errors import StoryFlowError
    from proof.disks import story
    from storyflow.start_up import open_store

    empty(small)
    story.lay_again(template)
    # As in the server, whose threads keep their connections.
    story.state()
    found = []
    for act in story.ACTS:
        _fill_up(small, kib)
        status, body, violations = story.judged(act)
        tally[f"{act}: {status} {story.code_of(body)}".strip()] += 1
        found += violations
    connection.close()
    _fill_up(small, kib)
    try:
        open_store()
        tally["start: done"] += 1
    except StoryFlowError as exc:
        tally[f"start: {exc.code}"] += 1
    connection.close()
    empty(small)
    found += story.recovered()
    status, _, violations = story.judged("upload")
    if status != 200:
        found.append(f"an upload with room again was answered {status}")
    return [f"with {kib} KiB left: {violation}" for violation in [*found, *violations]]


def _fill_up(small: Path, kib: int) -> None:
    from proof.disks import story

    empty(small)
    story.lay_in_ballast()
    fill(small, leaving_kib=kib)


def main() -> None:
    which, folder, first, step = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    small = set_up(folder, which)
    tally: collections.Counter[str] = collections.Counter()
    points, violations = range(first, LAST_KIB, step), []
    for kib in points:
        violations += point(small, folder / "template", kib, tally)
    result: dict[str, Any] = {"points": len(points), "tally": tally, "violations": violations}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
