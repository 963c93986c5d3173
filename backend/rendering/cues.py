"""Make subtitle lines from word times: line breaks, display times, and SRT and WebVTT files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from rendering.film import Scene, SpokenWord, SubtitleStyle
from rendering.line_breaking import halves, has_words_without_spaces, line_units

# A line stays this long after its last word unless the next one comes sooner, and no gap shorter than this flickers.
_LINGER_S = 0.35
_CLOSERS = r"['\"”’)\]」』）》】〉]*$"
SENTENCE_END = re.compile(r"[.!?…。！？｡]" + _CLOSERS)
CLAUSE_END = re.compile(r"[,;:—–，、；：､]" + _CLOSERS)
# Parts of words are read slowly: of them a line has no more than is said in this time (7 s are usual as the most).
_MOST_S = 6.0
# A word of more letters is not a word that people read at a glance; if it also takes long to say, it is broken.
_LONG_WORD = 30


@dataclass(frozen=True)
class Cue:
    """One line of subtitle; seconds from the start of its narration."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class _Unit:
    """A word, or a part of a word after which a line may end; ``is_glued`` means without a space before it."""

    text: str
    start_s: float
    end_s: float
    is_part: bool = False
    is_glued: bool = False


Fits = Callable[[str], bool]


def cues_of(scene: Scene, style: SubtitleStyle, fits: Fits = lambda text: True) -> tuple[Cue, ...]:
    """Break the scene's words into lines of at most ``style.max_words`` that ``fits``, after sentences and clauses.

    In scripts without spaces, a word is a phrase of ICU; a word that does not fit is broken.
    """
    units = [unit for word in scene.words for unit in _units(word)]
    lines = [line for sentence in _sentences(units) for line in _lines(sentence, style.max_words, fits)]
    cues = []
    for index, line in enumerate(lines):
        following = lines[index + 1][0].start_s if index + 1 < len(lines) else float("inf")
        end = max(line[-1].end_s + _LINGER_S, line[0].start_s)
        if following - end < _LINGER_S:
            end = following
        cues.append(Cue(line[0].start_s, min(end, following), _text_of(line)))
    return tuple(cues)


def _units(word: SpokenWord) -> list[_Unit]:
    whole = _Unit(word.text, word.start_s, word.end_s)
    return _parts(whole, line_units(word.text)) if has_words_without_spaces(word.text) else [whole]


def _parts(unit: _Unit, texts: Sequence[str]) -> list[_Unit]:
    """Split ``unit`` into ``texts``, with its time distributed over the letters."""
    if len(texts) < 2:
        return [unit]
    ends = list(accumulate(map(len, texts), initial=0))
    times = [unit.start_s + (unit.end_s - unit.start_s) * end / ends[-1] for end in ends]
    return [
        _Unit(text, start, end, True, unit.is_glued or number > 0)
        for number, (text, (start, end)) in enumerate(zip(texts, pairwise(times), strict=True))
    ]


def _text_of(line: Sequence[_Unit]) -> str:
    return "".join(unit.text if unit.is_glued else f" {unit.text}" for unit in line).strip()


def _lines(sentence: list[_Unit], most: int, fits: Fits) -> list[list[_Unit]]:
    lines: list[list[_Unit]] = []
    left = sentence
    while left:
        count = next((count for count in range(min(most, len(left)), 0, -1) if _is_line(left[:count], fits)), 0)
        if count == 0:
            left = [*_halved(left[0]), *left[1:]]
            continue
        cut = len(left) if count == len(left) else _best_cut(left, count)
        lines.append(left[:cut])
        left = left[cut:]
    return lines


def _is_line(line: Sequence[_Unit], fits: Fits) -> bool:
    is_slow = line[-1].end_s - line[0].start_s > _MOST_S
    if len(line) == 1 and is_slow and len(line[0].text) > _LONG_WORD:
        return False
    if len(line) > 1 and is_slow and any(unit.is_part for unit in line):
        return False
    return fits(_text_of(line)) or (len(line) == 1 and halves(line[0].text) is None)


def _halved(unit: _Unit) -> list[_Unit]:
    return _parts(unit, halves(unit.text) or ())


def _sentences(units: list[_Unit]) -> list[list[_Unit]]:
    sentences: list[list[_Unit]] = [[]]
    for unit in units:
        sentences[-1].append(unit)
        if SENTENCE_END.search(unit.text):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _best_cut(sentence: list[_Unit], most: int) -> int:
    """Return where to break: after a clause in the second half of the line, else so that no single word remains."""
    for count in range(most, most // 2, -1):
        if CLAUSE_END.search(sentence[count - 1].text):
            return count
    pieces = -(-len(sentence) // most)
    return -(-len(sentence) // pieces)


def srt(cues: list[Cue]) -> str:
    """Write SubRip; times of ``cues`` are in seconds of the film."""
    blocks = [
        f"{number}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def webvtt(cues: list[Cue]) -> str:
    """Write WebVTT (W3C), with markup characters escaped."""
    blocks = [f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n{_escaped(cue.text)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{mark}{rest % 1000:03}"
