"""Export a project as a bundle that is written while it is sent, with one piece of its media in memory."""

from __future__ import annotations

import errno
import json
import os
import re
import threading
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.services.projects import project_group
from api.services.rows import Row, project_row, segments_in_order
from core.errors import Busy
from filming import zip_parts
from filming.bundles import MAX_BUNDLE_BYTES, MAX_PARTS, MAX_STORY_BYTES, STORY, VERSION, BundleTooLarge
from filming.framings import NAMES, bundled_framing
from filming.models import Narration
from filming.narrations import narrations_of
from filming.segment_overrides import overrides_of
from filming.segment_settings import settings_of
from media_store.file_identity import FileIdentity, open_live_or_trashed
from media_store.layout import current_layout
from media_store.names import safe_stem
from media_store.pending import open_pending
from media_store.safe_open import open_beneath
from preferences import setting_values

PIECE_BYTES = 256 * 1024
FOLDERS = {"image_file": "pictures", "audio_file": "sound"}
# Each story.json stays in memory until the pictures before it are sent; this limits their sum in one process.
MAX_STORY_MEMORY_BYTES = 128 * 1024 * 1024
_RETRY_AFTER_S = 30


@dataclass(frozen=True)
class _File:
    """A media file at the time of the request; ``name`` is that of the part, ``place`` the path in the row."""

    name: str
    place: str
    identity: FileIdentity


class Bundle:
    """A ZIP that is written while its pieces are requested; ``length`` in bytes is known in advance."""

    def __init__(self, files: list[_File], story: bytes) -> None:
        """Reserve memory for the story. Raises ``BundlesBusy`` if there is too little."""
        self._files, self._story = files, story
        sizes = [(file.name, file.identity.size_bytes) for file in files] + [(STORY, len(story))]
        self.length = sum(zip_parts.length_of(name, size) for name, size in sizes) + zip_parts.END_BYTES
        _story_memory.reserve(len(story))
        weakref.finalize(self, _story_memory.release, len(story))

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bundle in pieces; a file that moved to the trash is found there.

        Raises ``OSError`` if a file was changed or deleted.
        """
        writer = zip_parts.Writer()
        for file in self._files:
            yield from writer.part(file.name, _pieces_of(file))
        story = self._story
        yield from writer.part(STORY, (story[at : at + PIECE_BYTES] for at in range(0, len(story), PIECE_BYTES)))
        yield writer.end()


class _StoryMemory:
    """The number of bytes that stories occupy in this process."""

    def __init__(self) -> None:
        self._bytes, self._lock = 0, threading.Lock()

    def reserve(self, size: int) -> None:
        with self._lock:
            if self._bytes and self._bytes + size > MAX_STORY_MEMORY_BYTES:
                raise BundlesBusy
            self._bytes += size

    def release(self, size: int) -> None:
        with self._lock:
            self._bytes -= size


_story_memory = _StoryMemory()


class BundlesBusy(Busy):
    message = "Too many bundles are being downloaded. Try again when one of them is done."
    retry_after_s = _RETRY_AFTER_S


def export_project(project_id: int) -> tuple[str, Bundle]:
    """Return a file name for the bundle, and the bundle.

    Raises ``NotFound``, ``BundleTooLarge`` or ``BundlesBusy``.
    """
    project, rows = project_row(project_id), list(segments_in_order(project_id))
    if sum(bool(row[column]) for row in rows for column in FOLDERS) > MAX_PARTS:
        raise BundleTooLarge
    files: list[_File] = []
    parts: dict[tuple[int, str], str] = {}
    for number, row in enumerate(rows, start=1):
        for column in FOLDERS:
            # A file that is missing from the disk is left out, also of the story.
            if identity := _identity(row[column]):
                name = parts[row["id"], column] = _part_name(number, len(rows), column, row[column])
                files.append(_File(name, row[column], identity))
    if sum(file.identity.size_bytes for file in files) > MAX_BUNDLE_BYTES:
        raise BundleTooLarge
    story = _story(project, rows, parts)
    if len(story) > MAX_STORY_BYTES:
        story = _story(project, rows, parts, has_words=False)
    return f"{safe_stem(project['title'])}.zip", Bundle(files, story)


def _identity(name: str | None) -> FileIdentity | None:
    if not name:
        return None
    descriptor = open_beneath(current_layout().areas["media"], name)
    if descriptor is None:
        descriptor = open_pending(f"media/{name}")
    if descriptor is None:
        return None
    try:
        return FileIdentity.of(descriptor)
    finally:
        os.close(descriptor)


def _pieces_of(file: _File) -> Iterator[bytes]:
    """Yield the file in pieces, also from the trash. Raises ``OSError`` if it was changed or deleted."""
    layout = current_layout()
    descriptor = open_live_or_trashed(layout.areas["media"], file.place, layout.trash, file.identity)
    with os.fdopen(descriptor, "rb", buffering=0) as content:
        left = file.identity.size_bytes
        while left:
            piece = content.read(min(PIECE_BYTES, left))
            if not piece:
                raise OSError(errno.EIO, "a file became shorter while it was sent", file.place)
            left -= len(piece)
            yield piece


def _part_name(number: int, count: int, column: str, name: str) -> str:
    """Return a name such as ``pictures/03-forest.jpg``, numbered in the order of the story."""
    base = re.sub(r"^\d+_", "", name.rpartition("/")[2])
    label = base if column == "image_file" else f"narration{Path(base).suffix}"
    return f"{FOLDERS[column]}/{number:0{len(str(count))}}-{label}"


def _story(project: Row, rows: list[Row], parts: dict[tuple[int, str], str], *, has_words: bool = True) -> bytes:
    """Write ``story.json``, a line for each segment.

    Without ``has_words``, facts about the sounds are left out, and the importer narrates them again.
    """
    known = narrations_of(rows) if has_words else {}
    ids = [row["id"] for row in rows]
    framings, overrides = overrides_of(ids, NAMES), settings_of(ids)
    head = {
        "bundle": VERSION,
        "title": project["title"],
        "settings": setting_values.overrides(project_group(project["id"])),
    }
    lines = ",\n".join(
        json.dumps(
            _segment(row, parts, known.get(row["audio_file"]), framings[row["id"]], overrides[row["id"]]),
            ensure_ascii=False,
        )
        for row in rows
    )
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "segments": [\n{lines}\n]}}\n'.encode()


def _segment(
    row: Row,
    parts: dict[tuple[int, str], str],
    known: Narration | None,
    framing: dict[str, Any],
    overrides: dict[str, Any],
) -> dict[str, Any]:
    segment: dict[str, Any] = {name: row[name] for name in ("text_content", "image_prompt", "is_locked")}
    if picture := parts.get((row["id"], "image_file")):
        segment["picture"] = picture
    if sound := parts.get((row["id"], "audio_file")):
        segment["sound"] = {"file": sound} | (_facts(known) if known else {})
    if bundled := bundled_framing(framing):
        segment["framing"] = bundled
    if overrides:
        segment["settings"] = overrides
    return segment


def _facts(known: Narration) -> dict[str, Any]:
    return {name: getattr(known, name) for name in ("text", "digest", "voice", "timing", "duration_s", "words")}
