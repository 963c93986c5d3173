"""Find the word times of a sound that has none: by forced alignment if possible, else by an estimate."""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from importlib.util import find_spec

import numpy as np

from narration.compact_sound import Samples
from narration.phonemes import phonemizer
from narration.speech import SpokenWord, Timing, Word

_LISTENING_RATE = 16_000
_WINDOW_S = 0.02
_AT_ONCE = 1 << 18  # samples
_SILENCE_BELOW = 0.06  # of the loudest window
# The aligner compares every word with every moment, in about 20 s for this product; 7 minutes of speech are below.
_MOST_WORD_SECONDS = 500_000
_SHORTEST_PAUSE_S = 0.15
_PLAIN = re.compile(r"[^a-z' ]+")


def word_times(words: list[SpokenWord], samples: Samples, rate: int, *, is_english: bool) -> tuple[list[Word], Timing]:
    """Return each of ``words`` with its index as ``char``, and "aligned" if all were found, else "estimated"."""
    if is_english and find_spec("pocketsphinx") and (aligned := _aligned(words, samples, rate)):
        return aligned, "aligned"
    return _estimated(words, samples, rate), "estimated"


def _aligned(words: list[SpokenWord], samples: Samples, rate: int) -> list[Word] | None:
    """Align the words by CMU PocketSphinx; None if the sound does not match the text, or it would take minutes."""
    from pocketsphinx import Decoder

    if len(words) * len(samples) / rate > _MOST_WORD_SECONDS:
        return None

    with contextlib.suppress(RuntimeError, ValueError):
        decoder = Decoder(lm=None, loglevel="FATAL", samprate=float(_LISTENING_RATE))
        said = [(index, piece) for index, word in enumerate(words) for piece in _plain_words(word.text)]
        for piece in {piece for _, piece in said}:
            if decoder.lookup_word(piece) is None and not _teach(decoder, piece):
                return None
        decoder.set_align_text(" ".join(piece for _, piece in said))
        decoder.start_utt()
        decoder.process_raw(_for_listening(samples, rate), full_utt=True)
        decoder.end_utt()
        heard = [found for found in decoder.seg() or [] if not found.word.startswith(("<", "["))]
        if len(heard) != len(said):
            return None
        frames_per_s = 100
        times: dict[int, tuple[float, float]] = {}
        for (index, _), found in zip(said, heard, strict=True):
            start = times.get(index, (found.start_frame / frames_per_s, 0.0))[0]
            times[index] = (start, (found.end_frame + 1) / frames_per_s)
        return _complete(words, times)
    return None


def _plain_words(text: str) -> list[str]:
    return [piece for piece in _PLAIN.sub(" ", text.lower().replace("’", "'")).split() if piece.strip("'")]


def _teach(decoder: object, word: str) -> bool:
    """Add a word to the dictionary by its phonemes in ARPAbet. Returns False if it has none."""
    phones = [
        _ARPABET[char]
        for utterance in phonemizer(is_british=False).utterances([SpokenWord(word)])
        for char in (_letters().get(number, "") for number in utterance.ids)
        if char in _ARPABET
    ]
    if not phones:
        return False
    decoder.add_word(word, " ".join(" ".join(phones).split()), True)  # type: ignore[attr-defined]
    return True


@lru_cache(maxsize=1)
def _letters() -> dict[int, str]:
    """Return the phonemes by id."""
    return {number: char for char, number in phonemizer(is_british=False).vocabulary.items()}


# Maps the phonemes of misaki (American) to those of CMU.
_ARPABET = {
    "A": "EY", "I": "AY", "O": "OW", "W": "AW", "Y": "OY", "a": "AA", "b": "B", "d": "D", "e": "EH", "f": "F",
    "h": "HH", "i": "IY", "j": "Y", "k": "K", "l": "L", "m": "M", "n": "N", "p": "P", "s": "S", "t": "T", "u": "UW",
    "v": "V", "w": "W", "z": "Z", "æ": "AE", "ð": "DH", "ŋ": "NG", "ɑ": "AA", "ɔ": "AO", "ə": "AH", "ɛ": "EH",
    "ɜ": "ER", "ɡ": "G", "ɪ": "IH", "ɹ": "R", "ʃ": "SH", "ʊ": "UH", "ʌ": "AH", "ʒ": "ZH", "ʤ": "JH", "ʧ": "CH",
    "θ": "TH", "T": "T", "ᵊ": "AH", "ᵻ": "IH",
}  # fmt: skip


def _for_listening(samples: Samples, rate: int) -> bytes:
    """Resample to 16 bits at ``_LISTENING_RATE``, by linear interpolation."""
    count, ratio = int(len(samples) * _LISTENING_RATE / rate), rate / _LISTENING_RATE
    coarse = np.empty(count, "<i2")
    for start in range(0, count, _AT_ONCE):
        places = np.arange(start, min(start + _AT_ONCE, count)) * ratio
        first = int(places[0])
        stretch = samples[first : int(places[-1]) + 2]
        between = np.interp(places - first, np.arange(len(stretch)), stretch)
        coarse[start : start + len(places)] = (np.clip(between, -1, 1) * 32767).astype("<i2")
    return coarse.tobytes()


def _estimated(words: list[SpokenWord], samples: Samples, rate: int) -> list[Word]:
    """Distribute the words over the voiced parts, by their letters."""
    spans = _voiced(samples, rate)
    voiced_s = sum(end - start for start, end in spans)
    weights = [len(word.text) + 1 if any(char.isalnum() for char in word.text) else 0 for word in words]
    total = sum(weights) or 1
    times, behind = {}, 0
    for index, weight in enumerate(weights):
        if weight:
            times[index] = (
                _at(spans, voiced_s * behind / total),
                _at(spans, voiced_s * (behind + weight) / total, is_end=True),
            )
        behind += weight
    return _complete(words, times)


def _complete(words: list[SpokenWord], times: dict[int, tuple[float, float]]) -> list[Word]:
    """Place words without times at the end of the word before."""
    placed, last = [], 0.0
    for index, word in enumerate(words):
        start, end = times.get(index, (last, last))
        start = max(start, last if index not in times else 0.0)
        placed.append(Word(word.text, start, max(start, end), index, 0))
        last = max(start, end)
    return placed


def _at(spans: list[tuple[float, float]], voiced_s: float, *, is_end: bool = False) -> float:
    """Return the time at which ``voiced_s`` seconds of speech are over."""
    left = voiced_s
    for start, end in spans:
        length = end - start
        if left < length - 1e-9 or (is_end and left <= length + 1e-9):
            return start + left
        left -= length
    return spans[-1][1] if spans else 0.0


def _voiced(samples: Samples, rate: int) -> list[tuple[float, float]]:
    """Return the voiced parts as (start, end) in seconds; gaps shorter than a pause are included."""
    window = max(1, round(_WINDOW_S * rate))
    levels = _levels(samples, window)
    if not len(levels):
        return [(0.0, len(samples) / rate)]
    is_loud = levels > levels.max() * _SILENCE_BELOW
    spans: list[tuple[float, float]] = []
    for number in np.flatnonzero(is_loud):
        start, end = number * window / rate, (number + 1) * window / rate
        if spans and start - spans[-1][1] < _SHORTEST_PAUSE_S:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans or [(0.0, len(samples) / rate)]


def _levels(samples: Samples, window: int) -> np.ndarray:
    """Return the root mean square of each whole window."""
    levels = [np.zeros(0, np.float32)]
    step = max(1, _AT_ONCE // window) * window
    for start in range(0, len(samples) // window * window, step):
        stretch = samples[start : start + step]
        whole = stretch[: len(stretch) // window * window].reshape(-1, window)
        levels.append(np.sqrt((whole**2).mean(axis=1)))
    return np.concatenate(levels)
