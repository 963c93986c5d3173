"""A few words of a voice to listen to before it is chosen, made once and kept in the cache."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from core.errors import NotFound
from filming.errors import SampleLeavesMachine, VoiceSilent
from filming.narrations import speech_cache
from filming.outputs import replacing
from filming.voices import sample_text, write_sample
from media_store.layout import current_layout
from narration.catalogue import engine_of, voice_named
from narration.errors import NarrationError, UnknownVoice
from narration.narrator import Reading, digest_of
from narration.speech import Voice

log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "narration.sample_process")
_WITHIN_S = 120
_FAILED = "The sample could not be made. What went wrong is in the log."
# One at a time: several people, or an impatient one, must not start a process each.
_making = threading.Lock()


def open_sample(voice_id: str, *, may_leave: bool = False) -> tuple[BinaryIO, str]:
    """The voice's sample, a FLAC, and its version.

    A voice that speaks on another machine is only asked with ``may_leave``. Raises ``NotFound``, ``VoiceSilent``,
    ``SampleLeavesMachine``, ``NarrationError`` and what the disk refuses.
    """
    try:
        voice = voice_named(voice_id)
    except UnknownVoice as exc:
        raise NotFound("There is no such voice.") from exc
    if voice.missing:
        raise VoiceSilent(f"This voice cannot speak yet. {voice.missing}")
    if voice.is_remote and not may_leave:
        raise SampleLeavesMachine
    layout = current_layout()
    layout.ensure()
    version = _version(voice)
    target = layout.cache / "samples" / f"{version}.flac"
    with _making:
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            _make(voice, target)
        return target.open("rb"), version


def _version(voice: Voice) -> str:
    engine = engine_of(voice.id)
    parts = [
        engine.name,
        engine.version,
        engine.fingerprint(voice.id),
        digest_of(sample_text(voice), Reading(voice.id)),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _make(voice: Voice, target: Path) -> None:
    if voice.is_remote:
        write_sample(voice.id, target)
        return
    with replacing(target) as beside:
        request = {"text": sample_text(voice), "voice": voice.id, "cache": str(speech_cache()), "out": str(beside)}
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                _COMMAND, input=json.dumps(request), capture_output=True, text=True, timeout=_WITHIN_S, check=False
            )
        except subprocess.TimeoutExpired as exc:
            raise NarrationError("The voice took too long. Try again in a moment.") from exc
        if done.returncode != 0:
            log.error("A sample of %s was not made: %s", voice.id, done.stderr[-2000:])
            raise NarrationError(done.stdout or _FAILED)
