"""Convert English words to phoneme ids, and durations to word times, by hibari's rules; shared by two engines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from narration.matching import match_words
from narration.speech import SpokenWord, Word

SAMPLE_RATE = 24_000
# Kokoro and hibari: one duration frame is 600 samples.
SAMPLES_PER_FRAME = 600
MAX_PHONEMES = 400
# kokoro.KPipeline.join_timestamps shifts words three frames earlier; for their ends, half of that measured best.
_LEAD_S = 0.075
_BREAKS = ";:,—…"
# Phonemes that take time but do not belong to the sound of a word.
_SOUNDLESS = ' ;:,.!?—…"“”()'


@dataclass(frozen=True)
class Utterance:
    """Phoneme ids with pads at both ends, and for each id the index of its word (-1: none)."""

    ids: list[int]
    owners: list[int]


class Phonemizer:
    """A grapheme-to-phoneme converter; thread-safe. Loading takes a third of a second for each accent."""

    def __init__(self, *, is_british: bool) -> None:
        from hibari.g2p import G2P

        self._g2p = G2P(british=is_british)
        self._lock = threading.Lock()
        self.vocabulary: dict[str, int] = json.loads((files("hibari") / "assets" / "vocab.json").read_text("utf-8"))

    def utterances(self, words: list[SpokenWord]) -> list[Utterance]:
        """Split the sentence into pieces of at most ``MAX_PHONEMES``, after punctuation or between words."""
        with self._lock:
            sounds = list(self._sounds(words))
        pieces: list[Utterance] = []
        while sounds:
            cut = _cut(sounds)
            head, sounds = sounds[:cut], sounds[cut:]
            ids = [self.vocabulary[char] for char, _ in head]
            pieces.append(Utterance([0, *ids, 0], [-1, *(owner for _, owner in head), -1]))
        return pieces

    def _sounds(self, words: list[SpokenWord]) -> Iterator[tuple[str, int]]:
        """Yield each phoneme with the index of its word."""
        for first, run in _runs(words):
            if run[0].phonemes is not None:
                yield from self._known(run[0].phonemes, first)
                yield from self._known("".join(char for char in run[0].text if char in ".,;:!?…"), first)
            else:
                yield from self._read(run, first)
            yield from self._known(" ", first + len(run) - 1)

    def _read(self, run: list[SpokenWord], first: int) -> Iterator[tuple[str, int]]:
        from hibari.g2p.normalize import normalize

        pieces = [(number, piece) for number, word in enumerate(run) for piece in word.text.split()]
        said = normalize(" ".join(piece for _, piece in pieces))
        owners = [-1] * len(said.split())
        for (number, _), indexes in zip(pieces, match_words([piece for _, piece in pieces], said.split()), strict=True):
            for index in indexes:
                owners[index] = first + number
        place = 0
        for token in self._g2p.phonemize_tokens(self._g2p.tokenize(said)):
            owner = owners[min(place, len(owners) - 1)] if owners else -1
            yield from self._known(token.phonemes or "", owner)
            if token.whitespace:
                yield from self._known(" ", owner)
                place += 1 + token.text.count(" ")

    def _known(self, phonemes: str, owner: int) -> Iterator[tuple[str, int]]:
        return ((char, -1 if char in _SOUNDLESS else owner) for char in phonemes if char in self.vocabulary)


def _runs(words: list[SpokenWord]) -> Iterator[tuple[int, list[SpokenWord]]]:
    """Yield runs of plain words, to which rules for several words apply; a word with its own phonemes is alone."""
    run: list[SpokenWord] = []
    for index, word in enumerate(words):
        if word.phonemes is None:
            run.append(word)
            continue
        if run:
            yield index - len(run), run
            run = []
        yield index, [word]
    if run:
        yield len(words) - len(run), run


def _cut(sounds: list[tuple[str, int]]) -> int:
    if len(sounds) <= MAX_PHONEMES:
        return len(sounds)
    for marks in (_BREAKS, " "):
        for place in range(MAX_PHONEMES, MAX_PHONEMES // 3, -1):
            if sounds[place - 1][0] in marks:
                return place
    return MAX_PHONEMES


@lru_cache(maxsize=2)
def phonemizer(*, is_british: bool) -> Phonemizer:
    return Phonemizer(is_british=is_british)


def timed_words(words: list[SpokenWord], utterances: list[Utterance], durations: list[np.ndarray]) -> tuple[Word, ...]:
    """Return the words with their times. ``durations`` has, for each utterance, the lengths of its ids in frames."""
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    behind = 0
    for utterance, frames in zip(utterances, durations, strict=True):
        edges = (behind + np.concatenate([[0], np.cumsum(frames)])) * SAMPLES_PER_FRAME / SAMPLE_RATE
        for place, owner in enumerate(utterance.owners):
            if owner >= 0:
                starts.setdefault(owner, float(edges[place]))
                ends[owner] = float(edges[place + 1])
        behind += int(frames.sum())
    return tuple(_placed(words, starts, ends))


def _placed(words: list[SpokenWord], starts: dict[int, float], ends: dict[int, float]) -> Iterator[Word]:
    """Yield the words in order; a word that is not spoken has no length and is at the end of the one before."""
    before_start = before_end = 0.0
    for index, word in enumerate(words):
        if index in starts:
            before_start = max(before_start, starts[index] - _LEAD_S)
            before_end = max(before_start, ends[index] - _LEAD_S / 2)
            yield Word(word.text, before_start, before_end, index, 0)
        else:
            yield Word(word.text, before_end, before_end, index, 0)
