"""The types that speech engines take and return."""

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
    """A word of the text with its times in seconds; ``char`` and ``length`` are its position, in characters."""

    text: str
    start_s: float
    end_s: float
    char: int
    length: int


@dataclass(frozen=True)
class Speech:
    """A synthesized or recorded sound with its words.

    ``samples`` are float32 mono from -1 to 1; those of a recording are a ``CompactSound``, to be read in slices.
    ``timing`` is the source of the word times: "exact" from the model's durations, "aligned" by speech recognition,
    "estimated" by the lengths of words between silences.
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
    """A voice of an engine.

    ``missing`` is a sentence about what the voice needs on this machine, None if it is available. ``is_remote`` means
    that its texts are sent to another machine.
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
    """The spoken form of a word: ``text`` may be several words or none; ``phonemes`` overrides its pronunciation."""

    text: str
    phonemes: str | None = None


class Engine(Protocol):
    """A speech engine that speaks one sentence at a time; thread-safe and deterministic."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def voices(self) -> list[Voice]: ...

    def fingerprint(self, voice: str) -> str:
        """Return an identifier of the exact model and voice, for cache keys."""
        ...

    def synthesize(self, words: list[SpokenWord], voice: str, *, speed: float = 1.0, seed: int = 0) -> Speech:
        """Speak a sentence; ``Speech.words`` has one entry for each of ``words``, in order, with its index as ``char``.

        Raises ``VoiceUnavailable``, ``UnknownVoice`` and ``NarrationError``.
        """
        ...
