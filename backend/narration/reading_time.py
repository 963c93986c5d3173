"""About how long a voice takes to read a text, told from its letters: what a timeline shows before it is narrated.

The length is a sum over what is counted in the text, each with a time that was measured for the voice::

    seconds = (letters · l + digits · d + words · w + marks · m + sentences · s) · stretch + pauses

The web client has the same formula (frontend/lib/reading-time.ts); film-numbers/readings.json holds the two together.
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
_ROUND = re.compile(r"(?<=[0-9]),000(?![0-9])")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_CLOSERS = "\"'”’)]»」』）》】〉*_"
_ENDS = ".!?…。！？｡"
_MARKS = ",;:—–"
MAX_PAUSE_S = 10.0
# A full stop behind these ends no sentence.
_SHORTENED = frozenset({"mr", "mrs", "ms", "dr", "st", "prof", "e.g", "i.e", "vs", "no"})


@dataclass(frozen=True)
class Pace:
    """Seconds that a voice takes for each thing that is counted, at its own speed.

    Asked to be ``speed`` times as fast, it needs 1 / ``speed`` of the time when it is to be slower, and
    ``speed`` ** -``hurry`` when it is to be faster: a model cannot shorten every sound alike.
    """

    letter: float
    digit: float
    word: float
    mark: float
    sentence: float
    hurry: float = 1.0


@dataclass(frozen=True)
class Counts:
    """``gaps`` are ends of sentences with more behind them, ``breaks`` ends of paragraphs; ``silence_s`` is written."""

    letters: int
    digits: int
    words: int
    marks: int
    sentences: int
    gaps: int
    breaks: int
    silence_s: float


def counts_of(text: str) -> Counts:
    return _remembered(text) if len(text) <= _REMEMBERED_CHARACTERS else _count(text)


def _count(text: str) -> Counts:
    plain, silence_s = _without_pauses(text)
    plain = _TAG.sub("", _LINK.sub(r"\1", plain))
    words = [word for word in plain.split() if any(map(_is_said, word))]
    paragraphs = [part for part in _PARAGRAPH.split(plain) if any(map(_is_said, part))]
    sentences = sum(_sentences_of(part) for part in paragraphs)
    return Counts(
        letters=sum(map(str.isalpha, plain)),
        digits=sum(map(str.isdecimal, _ROUND.sub("0", plain))),
        words=len(words),
        marks=sum(_has_mark(word) for word in words),
        sentences=sentences,
        gaps=max(0, sentences - len(paragraphs)),
        breaks=max(0, len(paragraphs) - 1),
        silence_s=silence_s,
    )


# A long story is asked for again and again while a few of its texts change.
_REMEMBERED, _REMEMBERED_CHARACTERS = 4096, 2000
_remembered = lru_cache(_REMEMBERED)(_count)


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
    """Those that end within it, and the one that it ends with."""
    ended, is_open = 0, False
    for word in paragraph.split():
        is_open = is_open or any(map(_is_said, word))
        bare = word.rstrip(_CLOSERS)
        if is_open and bare[-1:] in tuple(_ENDS) and bare.rstrip(_ENDS).lower() not in _SHORTENED:
            ended, is_open = ended + 1, False
    return ended + is_open


def reading_time_s(text: str, pace: Pace, *, speed: float, sentence_pause_s: float, paragraph_pause_s: float) -> float:
    """0 for a text in which nothing is said."""
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
