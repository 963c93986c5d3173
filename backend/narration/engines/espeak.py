"""The espeak-ng engine for other languages: a separate extra under the GPL that runs in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from narration.errors import NarrationError, UnknownVoice, VoiceUnavailable
from narration.speech import Speech, SpokenWord, Voice, Word

_MISSING = "Install espeak-ng (GPL-3) with: make espeak"
_PREFIX = "espeak-"
_NAMES = {
    "de": "German", "en": "English", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pl": "Polish",
    "pt": "Portuguese", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
}  # fmt: skip
_PROGRAM = Path(__file__).parent / "espeak_process.py"
_TIMEOUT_S = 120


class EspeakEngine:
    """See ``narration.speech.Engine``."""

    name = "espeak-ng"
    version = "1.52"

    def voices(self) -> list[Voice]:
        missing = None if find_spec("espeakng_loader") else _MISSING
        return [
            Voice(f"{_PREFIX}{code}", f"{name} (espeak)", self.name, code, "neutral", missing)
            for code, name in _NAMES.items()
        ]

    def fingerprint(self, voice: str) -> str:
        return f"{self.version}/{voice}"

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        language = voice.removeprefix(_PREFIX)
        if language not in _NAMES:
            raise UnknownVoice
        if not find_spec("espeakng_loader"):
            raise VoiceUnavailable(_MISSING)
        text, places = _joined(words)
        request = json.dumps({"text": text, "language": language, "speed": speed})
        try:
            process = subprocess.run(  # noqa: S603
                [sys.executable, str(_PROGRAM)],
                input=request.encode(),
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as exc:
            raise NarrationError("espeak-ng could not speak this text.") from exc
        head, _, pcm = process.stdout.partition(b"\n")
        answer = json.loads(head)
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768
        return Speech(
            samples, answer["rate"], _timed(words, places, answer["events"], len(samples) / answer["rate"]), "exact"
        )


def _joined(words: list[SpokenWord]) -> tuple[str, list[int]]:
    """Return the text and the position of each word in it."""
    text, places = "", []
    for word in words:
        places.append(len(text))
        text += f"{word.text} " if word.text else ""
    return text.strip(), places


def _timed(
    words: list[SpokenWord], places: list[int], events: list[tuple[int, float]], duration_s: float
) -> tuple[Word, ...]:
    """Convert espeak's word events to word times; several events inside one word ("1893") are one word."""
    starts: dict[int, float] = {}
    for position, start_s in events:
        index = max((i for i, place in enumerate(places) if place <= position and words[i].text), default=0)
        starts.setdefault(index, start_s)
    timed, last = [], 0.0
    known = sorted(starts.items())
    for index, word in enumerate(words):
        start = max(last, starts.get(index, last))
        end = next((later for number, later in known if number > index), duration_s) if index in starts else start
        timed.append(Word(word.text, start, max(start, end), index, 0))
        last = start
    return tuple(timed)
