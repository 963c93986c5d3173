"""Record what a render used of its project, and describe in words how the project differs from it now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings as django_settings

from api.services.rows import Row, segments_in_order
from filming.scenes import SceneSource, Stamp, look_hashes, scene_sources, short_hash
from filming.segment_settings import settings_of
from filming.segment_voices import segment_voices_from
from media_store.layout import current_layout
from preferences.setting_values import effective_settings

RULE = 1
# Settings and their names for people; the size is part of each render.
WORDS = {
    "segment_pause_s": "the pauses",
    "silent_scene_s": "the length of silent segments",
    "fps": "the frame rate",
    "quality": "the quality",
    "fit": "the fit of pictures",
    "motion": "the motion",
    "zoom": "the zoom",
    "transition_s": "the crossfade",
    "subtitles": "the subtitles",
    "subtitle_style": "the subtitles",
    "subtitle_size": "the subtitles",
    "subtitle_place": "the subtitles",
    "subtitle_words": "the subtitles",
    "font": "the subtitles’ font",
    "card_look": "the title cards",
}
_VOICE_WORDS = {
    "voice": "the voice",
    "speed": "the speed",
    "sentence_pause_s": "the pauses",
    "paragraph_pause_s": "the pauses",
}
_OF_SUBTITLES = frozenset(name for name in WORDS if name.startswith("subtitle_")) | {"font"}
# At most this many files with a newer stamp are read and compared; further ones count as changed.
_MAX_FILES_READ = 12


class Entry(NamedTuple):
    """One segment in a fingerprint.

    ``text`` and ``look`` are short hashes. Files have a stamp and a digest, "" if only the stamp is known. ``spoken``
    is the narration digest of a synthesized sound.
    """

    id: int
    text: str
    look: str
    picture: Stamp | None
    picture_digest: str
    sound: Stamp | None
    sound_digest: str
    spoken: str | None


def fingerprint(
    values: Mapping[str, Any], size: str, entries: Iterable[Entry], *, fills_gaps: bool, is_draft: bool
) -> dict[str, Any]:
    """Build the fingerprint that a ``Render`` stores."""
    return {
        "rule": RULE,
        "size": size,
        "fills": fills_gaps,
        "draft": is_draft,
        "settings": _settings_of(values),
        "segments": [list(entry) for entry in entries],
    }


def entry_of(taken: SceneSource, look: str, *, picture_digest: str = "", sound_digest: str = "") -> Entry:
    sound = taken.sound if taken.spoken is None else None
    spoken = taken.spoken[:12] if taken.spoken else None
    return Entry(
        taken.id,
        short_hash(taken.text),
        look,
        taken.picture,
        picture_digest[:12],
        sound,
        sound_digest[:12] if sound else "",
        spoken,
    )


class CurrentProject:
    """The current state of a project, to compare renders with; everything is read once."""

    def __init__(self, project_id: int) -> None:
        self.project_id = project_id
        self._rows: list[Row] = list(segments_in_order(project_id))
        self.values = effective_settings(f"projects/{project_id}")
        self._taken: dict[bool, list[SceneSource]] = {}
        self._entries: dict[tuple[str, bool], list[Entry]] = {}
        self.files = {row["id"]: (row["image_file"], row["audio_file"]) for row in self._rows}
        self._overrides = settings_of(list(self.files))

    def entries(self, size: str, *, fills_gaps: bool) -> list[Entry]:
        key = (size, fills_gaps)
        if key not in self._entries:
            if fills_gaps not in self._taken:
                segment_voices = segment_voices_from(self.values, self._overrides)
                self._taken[fills_gaps] = list(scene_sources(self._rows, segment_voices, fills_gaps=fills_gaps))
            looks = look_hashes(list(self.files), size, self._overrides)
            self._entries[key] = [entry_of(taken, looks[taken.id]) for taken in self._taken[fills_gaps]]
        return self._entries[key]


class Difference(NamedTuple):
    """How a project differs from a render.

    ``words`` is empty if the render is current; ``segments`` are the ids of changed and new segments, in order.
    """

    words: list[str]
    segments: list[int]


def difference(taken: Mapping[str, Any], facts: Mapping[str, Any], now: CurrentProject) -> Difference | None:
    """Compare a fingerprint with the current project. Returns None for a render without a usable fingerprint."""
    if taken.get("rule") != RULE:
        return None
    before = {entry.id: entry for entry in (Entry(*parts) for parts in taken["segments"])}
    after = {entry.id: entry for entry in now.entries(taken["size"], fills_gaps=taken["fills"])}
    voice_words = _differing(taken["settings"], _settings_of(now.values), _VOICE_WORDS)
    same_file = _SameFile(now)
    changed, is_voiced_differently = [], False
    for entry in after.values():
        old = before.get(entry.id)
        if old is None:
            continue
        has_other_voice = bool(entry.spoken and old.spoken and entry.spoken != old.spoken and entry.text == old.text)
        is_voiced_differently |= has_other_voice
        if not _is_same(old, entry, same_file, ignores_spoken=has_other_voice and bool(voice_words)):
            changed.append(entry.id)
    added = [key for key in after if key not in before]
    words = [
        *_counted(len(changed), ""),
        *_counted(len(added), "new "),
        *_counted(len(before.keys() - after.keys()), "deleted "),
    ]
    if [key for key in before if key in after] != [key for key in after if key in before]:
        words.append("the order")
    if is_voiced_differently:
        words += voice_words
    words += _settings_words(taken["settings"], now, facts)
    marked = {*changed, *added}
    return Difference(list(dict.fromkeys(words)), [key for key in after if key in marked])


def _is_same(old: Entry, new: Entry, same_file: _SameFile, *, ignores_spoken: bool) -> bool:
    if (old.text, old.look) != (new.text, new.look):
        return False
    if not ignores_spoken and old.spoken != new.spoken:
        return False
    return same_file("picture", old.picture, old.picture_digest, new.picture, new.id) and same_file(
        "sound", old.sound, old.sound_digest, new.sound, new.id
    )


class _SameFile:
    """A comparison of files by stamp, and for at most ``_MAX_FILES_READ`` files by content."""

    def __init__(self, now: CurrentProject) -> None:
        self._now, self._left = now, _MAX_FILES_READ

    def __call__(self, what: str, old: Stamp | None, digest: str, new: Stamp | None, segment_id: int) -> bool:
        if old == new:
            return True
        if old is None or new is None or old[0] != new[0] or not digest or self._left <= 0:
            return False
        self._left -= 1
        name = self._now.files[segment_id][0 if what == "picture" else 1]
        return _digest_of_file(str(current_layout().live(f"media/{name}")), *new)[:12] == digest


@lru_cache(maxsize=1024)
def _digest_of_file(path: str, size_bytes: int, written_ns: int) -> str:
    """Return the SHA-256 of the file, cached while its stamp is unchanged; "" if it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _counted(count: int, kind: str) -> list[str]:
    return [f"{count:,} {kind}segment{'' if count == 1 else 's'}"] if count else []


def _settings_of(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: values[name] for name in (*_VOICE_WORDS, *WORDS) if name in values}
    return {**kept, "font": font_digest(django_settings.SUBTITLE_FONT)}


def _settings_words(before: Mapping[str, Any], now: CurrentProject, facts: Mapping[str, Any]) -> list[str]:
    """Name the changed settings that are visible in this film."""
    after = _settings_of(now.values)
    unseen = set[str]()
    if not (before.get("subtitles") and after["subtitles"]):
        unseen |= _OF_SUBTITLES
    if not facts.get("silent"):
        unseen.add("silent_scene_s")
    if not facts.get("cards"):
        unseen.add("card_look")
    return _differing(before, after, {name: word for name, word in WORDS.items() if name not in unseen})


def _differing(before: Mapping[str, Any], after: Mapping[str, Any], words: Mapping[str, str]) -> list[str]:
    # A setting that only one of both has comes from another release; until then its default was in effect.
    differing = [name for name in words if name in before and name in after and before[name] != after[name]]
    return list(dict.fromkeys(words[name] for name in differing))


def font_digest(font: Path | None) -> str:
    """Return a short digest of the font in the environment, "" for the built-in one, "missing" if it is gone."""
    if font is None:
        return ""
    try:
        status = font.stat()
    except OSError:
        return "missing"
    return _digest_of_file(str(font), status.st_size, status.st_mtime_ns)[:12]
