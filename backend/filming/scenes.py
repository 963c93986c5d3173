"""A project's segments as scenes: what a film of them takes, read from the rows and never from the media.

The snapshot of a render and the question whether a video is up to date both begin here, so that they cannot differ in
what matters to a film.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from api.services.rows import Row
from filming.framings import chosen_framings_for
from filming.models import Narration
from filming.segment_voices import SegmentVoices
from media_store.layout import current_layout
from narration.narrator import narration_digest

# Of a file: bytes, and the nanosecond it was written. Moving and swapping pictures changes neither.
Stamp = list[int]


class SceneSource(NamedTuple):
    """What one segment gives to a film.

    ``picture`` and ``sound`` are files' stamps, None where there is no file. A voice's sound is named by what it says
    and how (``spoken``), because it can be said again; a recording by its file.
    """

    id: int
    text: str
    picture: Stamp | None
    sound: Stamp | None
    spoken: str | None
    is_wanted: bool
    is_first: bool


def scene_sources(rows: list[Row], segment_voices: SegmentVoices, *, fills_gaps: bool) -> Iterator[SceneSource]:
    """What each segment gives; ``is_wanted`` means that it is to be narrated for the film.

    With ``fills_gaps`` what has no narration is wanted too, and ``is_first``: a lock does not stop it.
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
        # Not what a person recorded, nor what a lock keeps.
        is_wanted = not is_recording and (is_missing or (is_stale and not row["is_locked"]))
        spoken = digest if is_wanted else None
        if spoken is None and said is not None and sound is not None and not is_recording:
            spoken = said.digest  # also of one that a lock keeps as it was
        yield SceneSource(row["id"], text, picture, sound, spoken, is_wanted, is_missing and not row["audio_file"])


class _NarrationFacts(NamedTuple):
    """Of a narration, without its words: they are most of it and would have to be parsed."""

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
    """A short hash for each of how a person wants its picture looked at in a frame of ``size``, and its own pause.

    ``overrides`` are the segments' own settings, by segment id.
    """
    width, height = sides_of(size)
    hashes: dict[str, str] = {}
    looks = {}
    for key, framing in chosen_framings_for(ids, width, height).items():
        chosen = {**framing, "pause_s": overrides[key].get("pause_s")}
        written = repr(sorted(chosen.items()))
        if written not in hashes:
            hashes[written] = short_hash(json.dumps(chosen, sort_keys=True))
        looks[key] = hashes[written]
    return looks


def sides_of(size: str) -> tuple[int, int]:
    width, height = size.split("x")
    return int(width), int(height)


def short_hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _stamp_in(media: str, name: str | None) -> Stamp | None:
    """None without a file, also where somebody took it from the disk."""
    if not name:
        return None
    try:
        # As a string: ``Path`` takes longer than the disk, and this is asked of thousands.
        return stamp_of_file(f"{media}/{name}")
    except (OSError, ValueError):
        return None


def stamp_of_file(path: Path | str) -> Stamp:
    """Raises ``OSError``."""
    status = os.lstat(path)
    return [status.st_size, status.st_mtime_ns]
