"""Subtitle lines from measured word times: where to break, how long to stand, and SRT and WebVTT of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rendering.film import Scene, SpokenWord, SubtitleStyle

# A line stays this long after its last word unless the next one comes sooner, and no gap shorter than this flickers.
_LINGER_S = 0.35
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’)\]]*$")
_CLAUSE_END = re.compile(r"[,;:—–]['\"”’)\]]*$")


@dataclass(frozen=True)
class Cue:
    """One line of subtitle; seconds from the start of its narration."""

    start_s: float
    end_s: float
    text: str


def cues_of(scene: Scene, style: SubtitleStyle) -> tuple[Cue, ...]:
    """The scene's words in lines of at most ``style.max_words``, broken after sentences and clauses."""
    lines = _lines(scene.words, style.max_words)
    cues = []
    for index, line in enumerate(lines):
        following = lines[index + 1][0].start_s if index + 1 < len(lines) else float("inf")
        end = max(line[-1].end_s + _LINGER_S, line[0].start_s)
        if following - end < _LINGER_S:
            end = following
        cues.append(Cue(line[0].start_s, min(end, following), " ".join(word.text for word in line)))
    return tuple(cues)


def _lines(words: tuple[SpokenWord, ...], most: int) -> list[list[SpokenWord]]:
    lines: list[list[SpokenWord]] = []
    for sentence in _sentences(words):
        left = sentence
        while len(left) > most:
            cut = _best_cut(left, most)
            lines.append(left[:cut])
            left = left[cut:]
        lines.append(left)
    return lines


def _sentences(words: tuple[SpokenWord, ...]) -> list[list[SpokenWord]]:
    sentences: list[list[SpokenWord]] = [[]]
    for word in words:
        sentences[-1].append(word)
        if _SENTENCE_END.search(word.text):
            sentences.append([])
    return [sentence for sentence in sentences if sentence]


def _best_cut(sentence: list[SpokenWord], most: int) -> int:
    """After a clause if one ends in the second half of the line, else so that no single word is left over."""
    for count in range(most, most // 2, -1):
        if _CLAUSE_END.search(sentence[count - 1].text):
            return count
    pieces = -(-len(sentence) // most)
    return -(-len(sentence) // pieces)


def srt(cues: list[Cue]) -> str:
    """SubRip; ``cues`` in seconds of the film."""
    blocks = [
        f"{number}\n{_clock(cue.start_s, ',')} --> {_clock(cue.end_s, ',')}\n{cue.text}\n"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n".join(blocks)


def webvtt(cues: list[Cue]) -> str:
    """WebVTT (W3C); what it would read as markup is escaped."""
    blocks = [f"{_clock(cue.start_s, '.')} --> {_clock(cue.end_s, '.')}\n{_escaped(cue.text)}\n" for cue in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{mark}{rest % 1000:03}"
