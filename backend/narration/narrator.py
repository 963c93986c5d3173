"""Narrate a whole text: sentences from the cache or the engine, joined with pauses at a constant loudness."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from pathlib import Path

import numpy as np

from narration.catalogue import engine_of
from narration.errors import NarrationCancelled, NothingToSay, TextTooLong
from narration.loudness import levelled
from narration.normaliser import NORMALISER_VERSION, is_speakable, spoken_words
from narration.script import ParagraphEnd, Part, Pause, Sentence, parse_script
from narration.sentence_cache import SentenceCache, key_of
from narration.speech import DEFAULT_VOICE, MAX_SPEED, MIN_SPEED, Engine, Speech, Timing, Word

# About twenty minutes of speech, under one picture.
MAX_CHARACTERS = 20_000
MAX_CACHE_BYTES = 2 * 1024**3
# Incremented when the same sentences would be joined in another way.
_NARRATOR_VERSION = 1
_TIMINGS: tuple[Timing, ...] = ("exact", "aligned", "estimated")


@dataclass(frozen=True)
class VoiceSettings:
    """The voice, speed and pauses of a narration; a pause is silence in seconds after a sentence or paragraph."""

    voice: str = DEFAULT_VOICE
    speed: float = 1.0
    sentence_pause_s: float = 0.25
    paragraph_pause_s: float = 0.6
    seed: int = 0

    def __post_init__(self) -> None:
        if not MIN_SPEED <= self.speed <= MAX_SPEED:
            raise ValueError(f"speed must be from {MIN_SPEED} to {MAX_SPEED}")


def narration_digest(text: str, settings: VoiceSettings) -> str:
    """Return the digest of the narration that ``text`` would get; a narration with another digest is stale."""
    before, behind = _around_text(settings)
    return hashlib.sha256(f"{before}{encode_basestring(text)}{behind}".encode()).hexdigest()


@lru_cache(maxsize=64)
def _around_text(settings: VoiceSettings) -> tuple[str, str]:
    """Return the parts of the hashed JSON list around the text; cached, because a project has thousands of texts."""
    return f"[{_NARRATOR_VERSION}, {json.dumps(NORMALISER_VERSION)}, ", f", {json.dumps(astuple(settings))}]"


def narrate(
    text: str,
    settings: VoiceSettings,
    cache_folder: Path,
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Speech:
    """Narrate ``text``; ``report`` gets the number of finished sentences and of all sentences.

    ``char`` and ``length`` of each word refer to ``text``. Raises ``NothingToSay``, ``TextTooLong``, ``UnknownVoice``,
    ``VoiceUnavailable``, ``NarrationError``, and ``NarrationCancelled`` if ``is_cancelled`` returns true before a
    sentence.
    """
    if len(text) > MAX_CHARACTERS:
        raise TextTooLong(
            f"The text has {len(text):,} characters; one segment can have {MAX_CHARACTERS:,}. Split it into several."
        )
    parts = parse_script(text)
    sentences = [part for part in parts if isinstance(part, Sentence)]
    if not any(is_speakable(word.text) for sentence in sentences for word in sentence.words):
        raise NothingToSay
    engine = engine_of(settings.voice)
    cache = SentenceCache(cache_folder)
    spoken: list[Speech | None] = []
    for sentence in sentences:
        if is_cancelled():
            raise NarrationCancelled
        spoken.append(_speak(sentence, settings, engine, cache))
        report(len(spoken), len(sentences))
    cache.keep_within(MAX_CACHE_BYTES)
    return _joined(parts, spoken, settings)


def _speak(sentence: Sentence, settings: VoiceSettings, engine: Engine, cache: SentenceCache) -> Speech | None:
    """Return the spoken sentence, or None if nothing in it is speakable."""
    words = spoken_words(sentence, is_english=_is_english(engine, settings.voice))
    if not any(is_speakable(word.text) or word.phonemes for word in words):
        return None
    key = key_of(
        engine.name,
        engine.version,
        engine.fingerprint(settings.voice),
        settings.speed,
        settings.seed,
        NORMALISER_VERSION,
        [astuple(word) for word in words],
    )
    return cache.get(key) or cache.put(
        key, engine.synthesize(words, settings.voice, speed=settings.speed, seed=settings.seed)
    )


def _is_english(engine: Engine, voice: str) -> bool:
    return next(known.language for known in engine.voices() if known.id == voice).startswith("en")


def _joined(parts: list[Part], spoken: list[Speech | None], settings: VoiceSettings) -> Speech:
    rate = next(speech.sample_rate for speech in spoken if speech)
    sentences = iter(spoken)
    pieces: list[np.ndarray] = []
    words: list[Word] = []
    timing: Timing = "exact"
    length, owed_s = 0, 0.0  # samples so far, and the silence that is due before the next sentence
    for part in parts:
        if isinstance(part, Pause):
            owed_s += part.seconds
            continue
        if isinstance(part, ParagraphEnd):
            owed_s = max(owed_s, settings.paragraph_pause_s)
            continue
        speech = next(sentences)
        if length and speech is not None and not owed_s:
            owed_s = settings.sentence_pause_s
        if speech is not None:
            silence = np.zeros(round(owed_s * rate), np.float32)
            pieces += [silence, speech.samples[:]]
            length += len(silence)
            owed_s = 0.0
        words += _in_text(part, speech, length / rate)
        if speech is not None:
            length += len(speech.samples)
            timing = max(timing, speech.timing, key=_TIMINGS.index)
    pieces.append(np.zeros(round(owed_s * rate), np.float32))
    return Speech(levelled(np.concatenate(pieces), rate), rate, tuple(words), timing)


def _in_text(sentence: Sentence, speech: Speech | None, offset_s: float) -> list[Word]:
    """Return the written words with their spoken times; words that are not spoken have no length."""
    if speech is None:
        return [Word(word.text, offset_s, offset_s, word.char, word.length) for word in sentence.words]
    return [
        Word(word.text, round(offset_s + said.start_s, 4), round(offset_s + said.end_s, 4), word.char, word.length)
        for word, said in zip(sentence.words, speech.words, strict=True)
    ]
