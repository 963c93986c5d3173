"""Store, remove and check the narrations of segments."""

from __future__ import annotations

from dataclasses import astuple
from io import BytesIO
from pathlib import Path
from typing import Any

from api.services.projects import project_group
from api.services.rows import Row, change_segment, segment_row, segment_to_change
from core.errors import RecordLocked
from filming.errors import AlreadyNarrated, NoNarration, TextChanged
from filming.models import Narration
from media_store.layout import current_layout
from media_store.operations import Operation
from media_store.trash import TrashRecord
from media_store.uploads import upload_from_bytes
from narration.narrator import VoiceSettings, narration_digest
from narration.sound_files import write_flac
from narration.speech import Speech

TRASH_KIND = "recording"
TEXT_DIFFERS = "The text was changed after it was narrated."
READ_OTHERWISE = "Voice, speed or pauses were changed after it was narrated."
UNKNOWN_TEXT = "It is not known which text this narration says."


def speech_cache() -> Path:
    return current_layout().cache / "speech"


def narration_place(project_id: int, segment_id: int) -> str:
    return f"media/projects/{project_id}/audio/{segment_id}_narration.flac"


def save_narration(
    segment_id: int,
    text: str,
    speech: Speech,
    *,
    digest: str,
    voice: str,
    by: str,
    is_recording: bool = False,
    is_first: bool = False,
) -> Row:
    """Store ``speech`` as the segment's narration; a recording that it replaces goes into the trash.

    With ``is_first`` it may not replace anything, and a lock does not prevent it: a lock protects only what exists.
    Raises ``NotFound``, ``RecordLocked``, ``AlreadyNarrated``, ``TextChanged`` if the segment's text is not ``text``,
    and the store's errors; nothing is changed then.
    """
    sound = BytesIO()
    write_flac(sound, speech.samples, speech.sample_rate)
    place = narration_place(segment_row(segment_id)["project"], segment_id)
    with Operation("record" if is_recording else "narrate", by=by) as operation:
        upload = upload_from_bytes(sound.getvalue(), name=place.rpartition("/")[2])
        operation.stage(upload, place)
        with operation.transaction():
            segment = segment_to_change(segment_id)
            if is_first and segment["audio_file"]:
                raise AlreadyNarrated
            if segment["is_locked"] and not is_first:
                raise RecordLocked
            if segment["text_content"] != text:
                raise TextChanged
            discard_narration(operation, segment, reason="replaced")
            placed = operation.place_staged(place)
            name = placed.removeprefix("media/")
            change_segment(segment, audio_file=name, audio_duration=round(speech.duration_s, 3))
            _save_facts(name, text, speech, digest=digest, voice=voice)
            operation.audit(
                TRASH_KIND if is_recording else "narration",
                str(segment_id),
                project_group(segment["project"]),
                place=placed,
                size_bytes=upload.size,
                sha256=upload.sha256,
            )
    return segment_row(segment_id)


def _save_facts(name: str, text: str, speech: Speech, *, digest: str, voice: str) -> None:
    Narration.objects.update_or_create(
        audio_file=name,
        defaults={
            "text": text,
            "digest": digest,
            "voice": voice,
            "timing": speech.timing,
            "duration_s": speech.duration_s,
            "words": [list(astuple(word)) for word in speech.words],
        },
    )


def remove_narration(segment_id: int, *, by: str) -> Row:
    """Remove the segment's narration.

    Raises ``NotFound``, ``RecordLocked``, ``NoNarration`` or ``FileDeleteFailed``.
    """
    with Operation("remove narration", by=by) as operation, operation.transaction():
        segment = segment_to_change(segment_id)
        if segment["is_locked"]:
            raise RecordLocked
        if not segment["audio_file"]:
            raise NoNarration
        discard_narration(operation, segment, reason="removed")
        change_segment(segment, audio_file=None, audio_duration=None)
    return segment_row(segment_id)


def discard_narration(operation: Operation, segment: Row, *, reason: str) -> None:
    """Move the segment's narration to the trash, within the transaction of ``operation``.

    A synthesized narration is marked as regenerable; a recording is not.
    """
    name = segment["audio_file"]
    if not name:
        return
    known = Narration.objects.filter(audio_file=name).first()
    is_spoken = known is not None and not known.is_recording
    what = TrashRecord(
        kind="narration" if is_spoken else TRASH_KIND,
        record=str(segment["id"]),
        group=project_group(segment["project"]),
        title=f"Narration of segment {segment['sequence_index'] + 1}",
        reason=reason,
        rows={"narration": _snapshot(known)} if known else {},
        is_regenerable=is_spoken,
    )
    operation.discard(what, {"audio_file": f"media/{name}"})
    Narration.objects.filter(audio_file=name).delete()


def _snapshot(narration: Narration) -> dict[str, Any]:
    fields = ("text", "digest", "voice", "timing", "duration_s", "words")
    return {field: getattr(narration, field) for field in fields}


def narrations_of(rows: list[Row]) -> dict[str, Narration]:
    """Return the narrations of these segments, by file name; one query for 500 segments."""
    names = [row["audio_file"] for row in rows if row["audio_file"]]
    found: dict[str, Narration] = {}
    for start in range(0, len(names), 500):
        some = Narration.objects.filter(audio_file__in=names[start : start + 500])
        found |= {narration.audio_file: narration for narration in some}
    return found


def stale_reason(row: Row, narration: Narration | None, voice_settings: VoiceSettings) -> str | None:
    """Return why the narration is stale, or None if it is current; decided by text and digest."""
    if narration is None:
        return UNKNOWN_TEXT
    if narration.text != row["text_content"]:
        return TEXT_DIFFERS
    if not narration.is_recording and narration.digest != narration_digest(row["text_content"], voice_settings):
        return READ_OTHERWISE
    return None


def words_payload(row: Row, voice_settings: VoiceSettings) -> dict[str, Any]:
    """Return the narration's words with their times in seconds. Raises ``NoNarration``."""
    if not row["audio_file"]:
        raise NoNarration
    narration = Narration.objects.filter(audio_file=row["audio_file"]).first()
    reason = stale_reason(row, narration, voice_settings)
    names = ("text", "start", "end", "char", "length")
    return {
        "duration": narration.duration_s if narration else row["audio_duration"],
        "timing": narration.timing if narration else "estimated",
        "voice": narration.voice if narration else "",
        "stale": reason is not None,
        "stale_reason": reason,
        "words": [dict(zip(names, word, strict=True)) for word in narration.words] if narration else [],
    }
