"""The hibari engine: a small American voice that is always installed and a hundred times faster than real time."""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

import numpy as np

from narration.engines.onnx_speech import DURATIONS, load_session, speak
from narration.errors import UnknownVoice
from narration.phonemes import phonemizer
from narration.speech import Speech, SpokenWord, Voice

_VOICE = "heart"
_DURATIONS_TENSOR = "/Cast_32_output_0"
_OUTPUTS = 6  # log-magnitude, phases, noise and pitch, in the order hibari.dsp.synth takes them


class HibariEngine:
    """See ``narration.speech.Engine``."""

    name = "hibari"

    def __init__(self) -> None:
        self.version = version("hibari-tts")

    def voices(self) -> list[Voice]:
        return [Voice(_VOICE, "Heart", self.name, "en-US", "female")]

    def fingerprint(self, voice: str) -> str:
        return f"{self.version}/{voice}"

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        if voice != _VOICE:
            raise UnknownVoice
        session = _session()

        def run(ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
            from hibari import dsp

            outputs = session.run(None, {"ids": np.array([ids], np.int64), "speed": np.array([speed], np.float32)})
            samples = dsp.synth(*(output[0] for output in outputs[:_OUTPUTS]), np.random.default_rng(seed))
            return samples, outputs[_OUTPUTS].ravel()

        return speak(words, phonemizer(is_british=False), run)


_loading = threading.Lock()


def _session() -> Any:
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    session = load_session((files("hibari") / "assets" / "hibari.onnx").read_bytes(), _DURATIONS_TENSOR)
    assert session.get_outputs()[_OUTPUTS].name == DURATIONS
    return session
