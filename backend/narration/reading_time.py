"""Estimate how long a voice takes to read a text, for timelines of stories that are not narrated yet.

The length is a sum of counts, each multiplied by a time that was measured for the voice::

    seconds = (letters · l + digits · d + words · w + marks · m + sentences · s) · stretch + pauses

The web client has the same formula (frontend/lib/reading-time.ts); tests compare both with
film-numbers/reading-times.json.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_PAUSE = re.compile(
    r"\[pause\s+([0-9]{1,3}(?:\.[0-9]{1,3})?)\s*s?\]"
    r"|<break\s+time=[\"']?([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s)[\"']?\s*/?>",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]\n]{1,80})\]\(/[^/\n]{1,160}/\)")
_TAG = re.compile(r"</?[a-z][^<>\n]{0,80}>", re.IGNORECASE)
# "Thousand", "million": as long as one digit, not three.
_ROUND_THOUSANDS = re.compile(r"(?<=[0-9]),000(?![0-9])")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSERS = "\"'”’)]»」』）》】〉*_"
_ENDS = ".!?…。！？｡"
_MARKS = ",;:—–"
MAX_PAUSE_S = 10.0
# A full stop after these does not end a sentence.
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "st", "prof", "e.g", "i.e", "vs", "no"})


@dataclass(frozen=True)
class Pace:
    """The seconds that a voice takes for each counted thing, at normal speed.

    At another ``speed``, it takes 1 / ``speed`` of the time if it is below 1, and ``speed`` ** -``hurry`` of the time
    if it is above 1, because a model cannot shorten every sound alike.
    """

    letter: float
    digit: float
    word: float
    mark: float
    sentence: float
    hurry: float = 1.0


@dataclass(frozen=True)
class Counts:
    """The counts of a text.

    ``gaps`` are the pauses between sentences, ``breaks`` those between paragraphs; ``silence_s`` are written pauses, in
    seconds.
    """

    letters: int
    digits: int
    words: int
    marks: int
    sentences: int
    gaps: int
    breaks: int
    silence_s: float


def counts_of(text: str) -> Counts:
    return _cached_count(text) if len(text) <= _CACHED_CHARACTERS else _count(text)


def _count(text: str) -> Counts:
    plain, silence_s = _without_pauses(text)
    plain = _TAG.sub("", _LINK.sub(r"\1", plain))
    words = [word for word in plain.split() if any(map(_is_said, word))]
    paragraphs = [part for part in _PARAGRAPH.split(plain) if any(map(_is_said, part))]
    sentences = sum(_sentences_of(part) for part in paragraphs)
    return Counts(
        letters=sum(map(str.isalpha, plain)),
        digits=sum(map(str.isdecimal, _ROUND_THOUSANDS.sub("0", plain))),
        words=len(words),
        marks=sum(_has_mark(word) for word in words),
        sentences=sentences,
        gaps=max(0, sentences - len(paragraphs)),
        breaks=max(0, len(paragraphs) - 1),
        silence_s=silence_s,
    )


# A client requests a long story again and again while only a few of its texts change.
_CACHED_TEXTS, _CACHED_CHARACTERS = 4096, 2000
_cached_count = lru_cache(_CACHED_TEXTS)(_count)


def _without_pauses(text: str) -> tuple[str, float]:
    seconds = 0.0
    for amount, time, unit in _PAUSE.findall(text):
        long = float(amount or time) / (1000 if unit.lower() == "ms" else 1)
        seconds += min(MAX_PAUSE_S, long)
    return _PAUSE.sub(" ", text), seconds


def _is_said(char: str) -> bool:
    return char.isalpha() or char.isdecimal()


def _has_mark(word: str) -> bool:
    return word.rstrip(_CLOSERS)[-1:] in tuple(_MARKS)


def _sentences_of(paragraph: str) -> int:
    """Count the sentences of a paragraph, including an unfinished last one."""
    ended, is_open = 0, False
    for word in paragraph.split():
        is_open = is_open or any(map(_is_said, word))
        bare = word.rstrip(_CLOSERS)
        if is_open and bare[-1:] in tuple(_ENDS) and bare.rstrip(_ENDS).lower() not in _ABBREVIATIONS:
            ended, is_open = ended + 1, False
    return ended + is_open


def reading_time_s(text: str, pace: Pace, *, speed: float, sentence_pause_s: float, paragraph_pause_s: float) -> float:
    """Return the estimated seconds; 0 for a text without words."""
    found = counts_of(text)
    if not found.words:
        return 0.0
    spoken_s = (
        found.letters * pace.letter
        + found.digits * pace.digit
        + found.words * pace.word
        + found.marks * pace.mark
        + found.sentences * pace.sentence
    )
    stretch = speed**-pace.hurry if speed > 1 else 1 / speed
    return spoken_s * stretch + found.gaps * sentence_pause_s + found.breaks * paragraph_pause_s + found.silence_s
