"""Determine what each segment of a project contributes to a film, from the rows and never from the media.

Both the snapshot of a render and the check whether a video is up to date use this module, so that they agree about what
matters to a film.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from api.services.rows import Row
from filming.framings import stored_framings_for
from filming.models import Narration
from filming.segment_voices import SegmentVoices
from media_store.layout import current_layout
from narration.narrator import narration_digest

# A file's size in bytes and modification time in nanoseconds. Moving and swapping pictures changes neither.
Stamp = list[int]


class SceneSource(NamedTuple):
    """The contribution of one segment to a film.

    ``picture`` and ``sound`` are stamps, None without a file. ``spoken`` is the narration digest of a synthesized
    sound, which can be made again; a recording is identified by its stamp. ``is_wanted`` means that the segment must be
    narrated for the film, and ``is_first`` that it has no narration yet, so that a lock does not prevent it.
    """

    id: int
    text: str
    picture: Stamp | None
    sound: Stamp | None
    spoken: str | None
    is_wanted: bool
    is_first: bool


def scene_sources(rows: list[Row], segment_voices: SegmentVoices, *, fills_gaps: bool) -> Iterator[SceneSource]:
    """Yield the contribution of each segment.

    With ``fills_gaps``, segments without a narration are wanted too.
    """
    known = _narration_facts([row["audio_file"] for row in rows if row["audio_file"]])
    media = str(current_layout().areas["media"])
    for row in rows:
        voice_settings = segment_voices.of(row["id"])
        text, said = row["text_content"], known.get(row["audio_file"] or "")
        picture, sound = _stamp_in(media, row["image_file"]), _stamp_in(media, row["audio_file"])
        digest = narration_digest(text, voice_settings)
        is_recording = said is not None and not said.voice
        is_fresh = said is not None and said.text == text and said.digest == digest
        is_missing = fills_gaps and sound is None
        is_stale = sound is not None and not is_fresh
        # Recordings and locked narrations are never replaced.
        is_wanted = not is_recording and (is_missing or (is_stale and not row["is_locked"]))
        spoken = digest if is_wanted else None
        if spoken is None and said is not None and sound is not None and not is_recording:
            spoken = said.digest  # also of a locked narration, which stays as it is
        yield SceneSource(row["id"], text, picture, sound, spoken, is_wanted, is_missing and not row["audio_file"])


class _NarrationFacts(NamedTuple):
    """The small columns of a narration; its words are large JSON that would have to be parsed."""

    text: str
    digest: str
    voice: str


def _narration_facts(names: list[str]) -> dict[str, _NarrationFacts]:
    found: dict[str, _NarrationFacts] = {}
    for start in range(0, len(names), 500):
        some = Narration.objects.filter(audio_file__in=names[start : start + 500])
        found |= {
            name: _NarrationFacts(*rest) for name, *rest in some.values_list("audio_file", "text", "digest", "voice")
        }
    return found


def look_hashes(ids: list[int], size: str, overrides: Mapping[int, Mapping[str, object]]) -> dict[int, str]:
    """Hash each segment's framing in a frame of ``size``, and its pause; by segment id.

    ``overrides`` are the segments' own settings, by segment id.
    """
    width, height = sides_of(size)
    hashes: dict[str, str] = {}
    looks = {}
    for key, framing in stored_framings_for(ids, width, height).items():
        values = {**framing, "pause_s": overrides[key].get("pause_s")}
        written = repr(sorted(values.items()))
        if written not in hashes:
            hashes[written] = short_hash(json.dumps(values, sort_keys=True))
        looks[key] = hashes[written]
    return looks


def sides_of(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


def short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _stamp_in(media: str, name: str | None) -> Stamp | None:
    """Return the stamp of the file, or None if it is missing, also from the disk."""
    if not name:
        return None
    try:
        # A string, because ``Path`` is slower than the disk, and a project has thousands of files.
        return stamp_of_file(f"{media}/{name}")
    except (OSError, ValueError):
        return None


def stamp_of_file(path: Path | str) -> Stamp:
    """Return the stamp of the file. Raises ``OSError``."""
    status = os.lstat(path)
    return [status.st_size, status.st_mtime_ns]
