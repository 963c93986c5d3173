"""A project's segments as scenes: what a film of them takes, read from the rows and never from the media.

The snapshot of a render and the question whether a video is up to date both begin here, so that they cannot differ in
what matters to a film.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.services.rows import Row
from filming.framings import chosen_framings_for
from filming.narrations import narrations_of, stale_reason
from filming.segment_readings import Readings
from media_store.layout import current_layout
from narration.narrator import digest_of

# Of a file: bytes, and the nanosecond it was written. Moving and swapping pictures changes neither.
Stamp = list[int]


@dataclass(frozen=True)
class Taken:
    """What one segment gives to a film.

    ``picture`` and ``sound`` are files' stamps, None where there is no file. A voice's sound is named by what it says
    and how (``spoken``), because it can be said again; a recording, and what a lock keeps, by its file.
    """

    id: int
    text: str
    picture: Stamp | None
    sound: Stamp | None
    spoken: str | None
    is_wanted: bool
    is_first: bool


def taken_from(rows: list[Row], readings: Readings, *, fills_gaps: bool) -> Iterator[Taken]:
    """What each segment gives; ``is_wanted`` means that it is to be narrated for the film.

    With ``fills_gaps`` what has no narration is wanted too, and ``is_first``: a lock does not stop it.
    """
    known = narrations_of(rows)
    for row in rows:
        reading = readings.of(row["id"])
        picture, sound = stamp_of(row["image_file"]), stamp_of(row["audio_file"])
        narration = known.get(row["audio_file"] or "")
        is_recording = narration is not None and narration.is_recording
        is_stale = sound is not None and stale_reason(row, narration, reading) is not None
        is_said = sound is not None and not is_recording and not is_stale
        is_missing = fills_gaps and sound is None
        # Not what a person recorded, nor what a lock keeps.
        is_wanted = not is_recording and (is_missing or (is_stale and not row["is_locked"]))
        yield Taken(
            row["id"],
            row["text_content"],
            picture,
            sound,
            digest_of(row["text_content"], reading) if is_wanted or is_said else None,
            is_wanted,
            is_missing and not row["audio_file"],
        )


def looks_of(ids: list[int], size: str, own: Mapping[int, Mapping[str, Any]]) -> dict[int, str]:
    """A short hash for each of how a person wants its picture looked at in a frame of ``size``, and its own pause.

    ``own`` are the settings that the segments have of their own.
    """
    width, height = sides_of(size)
    framings = chosen_framings_for(ids, width, height)
    return {key: short_hash({**framings[key], "pause_s": own[key].get("pause_s")}) for key in ids}


def sides_of(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


def short_hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def stamp_of(name: str | None) -> Stamp | None:
    """None without a file, also where somebody took it from the disk."""
    if not name:
        return None
    try:
        return stamp_of_file(current_layout().live(f"media/{name}"))
    except (OSError, ValueError):
        return None


def stamp_of_file(path: Path) -> Stamp:
    """Raises ``OSError``."""
    status = os.stat(path, follow_symlinks=False)
    return [status.st_size, status.st_mtime_ns]
