"""The engine for a speech server with the OpenAI API, for instance on another machine at home.

Off unless its address is set. ``POST {base}/v1/audio/speech``; the response is a WAV.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np

from narration.errors import InvalidRecording, NarrationError, UnknownVoice, VoiceUnavailable
from narration.sound_files import RECORDING_RATE, read_recording
from narration.speech import Speech, SpokenWord, Voice
from narration.word_times import word_times

_PREFIX = "remote-"
_TIMEOUT_S = 120
_MAX_BYTES = 200 * 1024 * 1024
_REDIRECTS = range(300, 400)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A handler that follows no redirect: key and text go only to the configured address."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@lru_cache(maxsize=1)
def _opener() -> urllib.request.OpenerDirector:
    """Return the opener of ``urlopen``, except that a redirect raises ``HTTPError``."""
    return urllib.request.build_opener(_NoRedirects)


@dataclass(frozen=True)
class RemoteEngine:
    """See ``narration.speech.Engine``; ``base_url`` is such as ``http://localhost:8880``."""

    base_url: str
    api_key: str = "none"
    model: str = "tts-1"
    voice_names: tuple[str, ...] = ("alloy",)
    name: str = "remote"
    version: str = "1"

    def voices(self) -> list[Voice]:
        return [
            Voice(f"{_PREFIX}{name}", f"{name} (remote)", self.name, "en", "neutral", is_remote=True)
            for name in self.voice_names
        ]

    def fingerprint(self, voice: str) -> str:
        return f"{self.base_url}/{self.model}/{voice}"

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        name = voice.removeprefix(_PREFIX)
        if name not in self.voice_names:
            raise UnknownVoice
        text = " ".join(word.text for word in words if word.text)
        samples = read_wav(self._asked(text, name, speed))
        timed, timing = word_times(words, samples, RECORDING_RATE, is_english=True)
        return Speech(samples, RECORDING_RATE, tuple(timed), timing)

    def _asked(self, text: str, voice: str, speed: float) -> bytes:
        body = {"model": self.model, "input": text, "voice": voice, "response_format": "wav", "speed": speed}
        body["stream"] = False
        request = urllib.request.Request(  # noqa: S310 -- the address is the person's own setting, checked to be http(s)
            f"{self.base_url.rstrip('/')}/v1/audio/speech",
            data=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
        )
        try:
            with _opener().open(request, timeout=_TIMEOUT_S) as response:
                sound: bytes = response.read(_MAX_BYTES + 1)
        except urllib.error.HTTPError as exc:
            if exc.code in _REDIRECTS:
                raise NarrationError(
                    f"The speech server at {self.base_url} answered {exc.code}, a redirect to another address, which "
                    "is not followed. Set the address that answers itself."
                ) from exc
            raise NarrationError(f"The speech server at {self.base_url} answered {exc.code}.") from exc
        except (OSError, http.client.HTTPException, ValueError) as exc:
            raise VoiceUnavailable(f"The speech server at {self.base_url} does not answer.") from exc
        if len(sound) > _MAX_BYTES:
            raise NarrationError(f"The speech server at {self.base_url} sent more sound than a sentence can have.")
        return sound


def read_wav(sound: bytes) -> np.ndarray:
    """Read a WAV whose header may lack the length, because it was streamed. Raises ``NarrationError``."""
    fixed = bytearray(sound)
    place = fixed.find(b"data")
    if fixed[:4] == b"RIFF" and 0 < place < len(fixed) - 8:
        fixed[4:8] = (len(fixed) - 8).to_bytes(4, "little")
        fixed[place + 4 : place + 8] = (len(fixed) - place - 8).to_bytes(4, "little")
    try:
        return read_recording(BytesIO(bytes(fixed)))
    except InvalidRecording as exc:
        raise NarrationError("The speech server sent something that is no sound.", details=exc.details) from exc
