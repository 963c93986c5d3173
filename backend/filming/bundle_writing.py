"""Writing a project into a bundle while it is being sent: of its media never more than a piece is in memory."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from api.services.projects import project_group
from api.services.rows import Row, project_row, segments_in_order
from filming.bundles import MAX_BUNDLE_BYTES, MAX_PARTS, MAX_STORY_BYTES, STORY, VERSION, BundleTooLarge
from filming.framings import DEFAULT, framings_of
from filming.models import Narration
from filming.narrations import narrations_of
from media_store.layout import current_layout
from media_store.names import safe_stem
from media_store.pending import open_pending
from media_store.reading import open_beneath
from preferences import choices

PIECE_BYTES = 256 * 1024
FOLDERS = {"image_file": "pictures", "audio_file": "sound"}


def export_project(project_id: int) -> tuple[str, Iterator[bytes]]:
    """What its file may be called, and the file piece by piece. Raises ``NotFound`` or ``BundleTooLarge``."""
    project, rows = project_row(project_id), list(segments_in_order(project_id))
    _refuse_too_large(rows)
    return f"{safe_stem(project['title'])}.zip", _pieces(project, rows)


def _refuse_too_large(rows: list[Row]) -> None:
    media = current_layout().areas["media"]
    names = [row[column] for row in rows for column in FOLDERS if row[column]]
    size = 0
    for name in names:
        try:
            size += (media / name).lstat().st_size
        except (OSError, ValueError):
            continue
    if len(names) > MAX_PARTS or size > MAX_BUNDLE_BYTES:
        raise BundleTooLarge


class _Sent:
    """What the archive wrote since it was last asked; without ``tell``, as a connection."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        whole, self._pieces = b"".join(self._pieces), []
        return whole


def _pieces(project: Row, rows: list[Row]) -> Iterator[bytes]:
    sent = _Sent()
    archive = zipfile.ZipFile(cast(Any, sent), "w", zipfile.ZIP_STORED)
    parts: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows, start=1):
        for column in FOLDERS:
            descriptor = _open(row[column])
            if descriptor is None:
                continue  # replaced or lost meanwhile: the story then speaks of none
            name = _part_name(number, len(rows), column, row[column])
            with os.fdopen(descriptor, "rb") as file, archive.open(_info(name), "w") as part:
                while piece := file.read(PIECE_BYTES):
                    part.write(piece)
                    yield sent.taken()
            parts[row["id"], column] = name
    story = _story(project, rows, parts)
    if len(story) > MAX_STORY_BYTES:
        story = _story(project, rows, parts, has_words=False)
    archive.writestr(_info(STORY), story)
    archive.close()
    yield sent.taken()


def _open(name: str | None) -> int | None:
    if not name:
        return None
    return open_beneath(current_layout().areas["media"], name) or open_pending(f"media/{name}")


def _part_name(number: int, count: int, column: str, name: str) -> str:
    """``pictures/03-forest.jpg``: in the order of the story, whatever the segments' ids are."""
    base = re.sub(r"^\d+_", "", name.rpartition("/")[2])
    label = base if column == "image_file" else f"narration{Path(base).suffix}"
    return f"{FOLDERS[column]}/{number:0{len(str(count))}}-{label}"


def _info(name: str) -> zipfile.ZipInfo:
    """Without a time: the same project gives the same bytes."""
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o644 << 16
    return info


def _story(project: Row, rows: list[Row], parts: dict[tuple[int, str], str], *, has_words: bool = True) -> bytes:
    """A line for each segment. Without words, what is known of the sounds is left out: they are then narrated anew."""
    known = narrations_of(rows) if has_words else {}
    framings = framings_of([row["id"] for row in rows])
    head = {"bundle": VERSION, "title": project["title"], "settings": choices.own(project_group(project["id"]))}
    lines = ",\n".join(
        json.dumps(_segment(row, parts, known.get(row["audio_file"]), framings[row["id"]]), ensure_ascii=False)
        for row in rows
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "segments": [\n{lines}\n]}}\n'.encode()


def _segment(
    row: Row, parts: dict[tuple[int, str], str], known: Narration | None, framing: dict[str, Any]
) -> dict[str, Any]:
    segment: dict[str, Any] = {name: row[name] for name in ("text_content", "image_prompt", "is_locked")}
    if picture := parts.get((row["id"], "image_file")):
        segment["picture"] = picture
    if sound := parts.get((row["id"], "audio_file")):
        segment["sound"] = {"file": sound} | (_facts(known) if known else {})
    if chosen := {name: value for name, value in framing.items() if value != DEFAULT[name]}:
        segment["framing"] = chosen
    return segment


def _facts(known: Narration) -> dict[str, Any]:
    return {name: getattr(known, name) for name in ("text", "digest", "voice", "timing", "duration_s", "words")}
