"""The catalogue of voices and their engines."""

from __future__ import annotations

from functools import lru_cache

from narration.engines.espeak import EspeakEngine
from narration.engines.hibari import HibariEngine
from narration.engines.kokoro import KokoroEngine
from narration.engines.remote import RemoteEngine
from narration.errors import UnknownVoice, VoiceUnavailable
from narration.speech import Engine, Voice

_remote: list[Engine] = []


def use_remote(engine: RemoteEngine | None) -> None:
    """Add the voices of a speech server, or remove them with None; called at start-up with the settings."""
    _remote[:] = [engine] if engine else []


@lru_cache(maxsize=1)
def _local_engines() -> tuple[Engine, ...]:
    return HibariEngine(), KokoroEngine(), EspeakEngine()


def _engines() -> list[Engine]:
    engines: list[Engine] = [*_local_engines()]
    engines += _remote
    return engines


def voices() -> list[Voice]:
    """List all known voices, the default first; ``missing`` says what an unavailable voice needs."""
    return [voice for engine in _engines() for voice in engine.voices()]


def voice_named(name: str) -> Voice:
    """Return the voice with this id. Raises ``UnknownVoice``, which lists the available ones."""
    known = voices()
    for voice in known:
        if voice.id == name:
            return voice
    ready = ", ".join(voice.id for voice in known if voice.missing is None)
    raise UnknownVoice(f"There is no voice called {name[:60]!r}. There are: {ready}.")


def engine_of(name: str) -> Engine:
    """Return the engine of a voice. Raises ``UnknownVoice``, or ``VoiceUnavailable`` with what to install."""
    voice = voice_named(name)
    if voice.missing:
        raise VoiceUnavailable(f"The voice {voice.id} cannot speak yet. {voice.missing}")
    return next(engine for engine in _engines() if engine.name == voice.engine)
