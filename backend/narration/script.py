"""Parse a segment's text into sentences of words, pauses and paragraphs.

``[pause 0.8s]`` and ``<break time="800ms"/>`` are silence; ``[word](/phonemes/)`` sets the pronunciation of a word;
the stars of ``*emphasis*`` and formatting (``narration.markup``) are removed. Every word keeps its position in the
written text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import zip_longest

from narration.markup import without_markup
from narration.sentence_ends import CLOSERS, ends_sentence

MAX_PAUSE_S = 10.0
MAX_SENTENCE_WORDS = 60

_ITEM = re.compile(
    r"""
    (?P<pause>\[pause\s+(?P<seconds>\d{1,3}(?:\.\d{1,3})?)\s*s?\])
    | (?P<break><break\s+time=["']?(?P<amount>\d{1,6}(?:\.\d{1,3})?)(?P<unit>ms|s)["']?\s*/?>)
    | (?P<link>\[(?P<linked>[^\[\]\n]{1,80})\]\(/(?P<phonemes>[^/\n]{1,160})/\)(?P<after>[^\w\s]*))
    | (?P<paragraph>\n[^\S\n]*\n\s*)
    | (?P<word>(?:(?!\[pause\s|<break\s|\[[^\[\]\n]{1,80}\]\(/)\S)+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EMPHASIS = re.compile(r"^([\"'“‘(\[]*)(\*{1,3}|_{1,3})|(\*{1,3}|_{1,3})([\"'”’)\].,;:!?…]*)$")
# Chinese and Japanese have no space after a sentence.
_SENTENCE_WITHOUT_SPACE = re.compile(rf"[^。！？｡]*[。！？｡]+[{re.escape(CLOSERS)}*_]*(?![a-z])|.+", re.DOTALL)


@dataclass(frozen=True)
class ScriptWord:
    """A word; ``char`` and ``length`` are its position in the written text, without markup around it."""

    text: str
    char: int
    length: int
    phonemes: str | None = None


@dataclass(frozen=True)
class Sentence:
    words: tuple[ScriptWord, ...]


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class ParagraphEnd:
    pass


Part = Sentence | Pause | ParagraphEnd


def parse_script(text: str) -> list[Part]:
    """Parse ``text`` into its parts, in order."""
    parts: list[Part] = []
    words: list[ScriptWord] = []

    def end_sentence() -> None:
        if words:
            parts.extend(Sentence(tuple(piece)) for piece in _speakable_lengths(words))
            words.clear()

    plain = without_markup(text)
    items = list(_ITEM.finditer(plain.text))
    for item, following in zip_longest(items, items[1:]):
        if item["pause"] or item["break"]:
            end_sentence()
            parts.append(Pause(min(MAX_PAUSE_S, _seconds(item))))
        elif item["paragraph"]:
            end_sentence()
            parts.append(ParagraphEnd())
        else:
            after = following["word"] if following else None
            read = _words(item)
            for word, next_word in zip_longest(read, read[1:]):
                char, length = plain.as_written(word.char, word.length)
                words.append(replace(word, char=char, length=length))
                if ends_sentence(word.text, next_word.text if next_word else after):
                    end_sentence()
    end_sentence()
    return parts


def _seconds(item: re.Match[str]) -> float:
    if item["pause"]:
        return float(item["seconds"])
    return float(item["amount"]) / (1000 if item["unit"].lower() == "ms" else 1)


def _words(item: re.Match[str]) -> list[ScriptWord]:
    """Return one word, or several if sentences follow each other without a space."""
    if item["link"]:
        whole = item["linked"] + item["after"]
        return [ScriptWord(whole, item.start("linked"), len(item["linked"]), item["phonemes"])]
    pieces = _SENTENCE_WITHOUT_SPACE.finditer(item["word"])
    return [_word(piece[0], item.start() + piece.start()) for piece in pieces]


def _word(written: str, char: int) -> ScriptWord:
    plain = _EMPHASIS.sub(lambda found: (found[1] or "") + (found[4] or ""), written)
    if not plain or plain == written:
        return ScriptWord(written, char, len(written))
    stars = len(written) - len(written.lstrip("*_"))
    return ScriptWord(plain, char + stars, len(written) - stars)


def _speakable_lengths(words: list[ScriptWord]) -> list[list[ScriptWord]]:
    """Split a sentence of hundreds of words, after punctuation if there is any."""
    pieces, left = [], list(words)
    while len(left) > MAX_SENTENCE_WORDS:
        cut = next(
            (n for n in range(MAX_SENTENCE_WORDS, MAX_SENTENCE_WORDS // 2, -1) if left[n - 1].text[-1:] in ",;:—"),
            MAX_SENTENCE_WORDS,
        )
        pieces.append(left[:cut])
        left = left[cut:]
    return [*pieces, left]
