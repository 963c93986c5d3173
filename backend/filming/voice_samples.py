"""Voice samples for the settings page, made on demand and cached."""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FuturesTimeout
from pathlib import Path
from typing import BinaryIO

from core.errors import Busy, NotFound
from filming.errors import SampleLeavesMachine, VoiceSilent
from filming.narrations import speech_cache
from filming.outputs import atomic_write
from filming.voices import sample_text, write_sample
from media_store.layout import current_layout
from narration.catalogue import engine_of, voice_named
from narration.errors import NarrationError, UnknownVoice
from narration.narrator import VoiceSettings, narration_digest
from narration.speech import Voice

log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "narration.sample_process")
_WITHIN_S = 120
_FAILED = "The sample could not be made. What went wrong is in the log."
# How long a request waits; the sample is finished anyway.
_WAIT_S = 15
_RETRY_AFTER_S = 5
# Samples in production, by path. One at a time: several requests must not start a process each.
_lock = threading.Lock()
_making: dict[Path, Future[None]] = {}
_maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice-sample")


class SampleNotReady(Busy):
    message = "The voice is still being asked for its sample. Try again in a moment."
    retry_after_s = _RETRY_AFTER_S


def open_sample(voice_id: str, *, may_leave: bool = False) -> tuple[BinaryIO, str]:
    """Return the voice's sample, a FLAC, and its version.

    The text is sent to another machine only with ``may_leave``. Raises ``NotFound``, ``VoiceSilent``,
    ``SampleLeavesMachine``, ``SampleNotReady`` if it takes long, ``NarrationError``, and ``NoSpaceLeft``,
    ``RenderingError`` or ``OSError`` for errors of the disk.
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
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        _wait_for(voice, target)
    return target.open("rb"), version


def _wait_for(voice: Voice, target: Path) -> None:
    """Wait until the sample is made. Raises ``SampleNotReady`` after ``_WAIT_S``, and the errors of ``_make``."""
    with _lock:
        making = _making.get(target)
        if making is None:
            making = _making[target] = _maker.submit(_make_once, voice, target)
    try:
        making.result(_WAIT_S)
    except FuturesTimeout as exc:
        raise SampleNotReady from exc


def _make_once(voice: Voice, target: Path) -> None:
    try:
        if not target.exists():
            _make(voice, target)
    finally:
        with _lock:
            del _making[target]


def _version(voice: Voice) -> str:
    engine = engine_of(voice.id)
    parts = [
        engine.name,
        engine.version,
        engine.fingerprint(voice.id),
        narration_digest(sample_text(voice), VoiceSettings(voice.id)),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _make(voice: Voice, target: Path) -> None:
    if voice.is_remote:
        write_sample(voice.id, target)
        return
    with atomic_write(target) as beside:
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
