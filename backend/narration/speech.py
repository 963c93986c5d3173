"""What an engine is asked for and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from narration.compact_sound import Samples

Timing = Literal["exact", "aligned", "estimated"]

DEFAULT_VOICE = "heart"
MIN_SPEED, MAX_SPEED = 0.5, 2.0


@dataclass(frozen=True)
class Word:
    """A word of the text; ``char`` and ``length`` say where it stands there, in characters. Times in seconds."""

    text: str
    start_s: float
    end_s: float
    char: int
    length: int


@dataclass(frozen=True)
class Speech:
    """``samples`` is float32 mono, -1 to 1; a recording is sliced as an array is, to be read a stretch at a time.

    ``timing`` says how the words' times are known: "exact" from the model's own durations, "aligned" by listening to
    the sound, "estimated" by the length of words between silences.
    """

    samples: Samples
    sample_rate: int
    words: tuple[Word, ...]
    timing: Timing

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.sample_rate


@dataclass(frozen=True)
class Voice:
    """``missing`` is a sentence that says what the voice needs on this machine, None when it can speak.

    ``is_remote``: what it is to say leaves this machine.
    """

    id: str
    name: str
    engine: str
    language: str
    gender: str
    missing: str | None = None
    is_remote: bool = False


@dataclass(frozen=True)
class SpokenWord:
    """A word as it is to be said: ``text`` may be several words or none; ``phonemes`` overrides its reading."""

    text: str
    phonemes: str | None = None


class Engine(Protocol):
    """Speaks one sentence. Thread-safe; the same input gives the same samples."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def voices(self) -> list[Voice]: ...

    def fingerprint(self, voice: str) -> str:
        """Names the model and voice to the byte, for cache keys."""
        ...

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        """The sentence; ``Speech.words`` has one entry for each of ``words``, in order, with ``char`` its index.

        Raises ``VoiceUnavailable``, ``UnknownVoice`` and ``NarrationError``.
        """
        ...
