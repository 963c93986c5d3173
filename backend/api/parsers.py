"""Parsers for the body of an import: text blocks or a list of JSON objects become segments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from core.errors import InvalidInput

SENTENCES_SHOWN = 20
QUOTED_CHARACTERS = 40

_MIN_HYPHENS = 3
# Chinese and Japanese keyboards type a full-width colon, and some people put a space before the colon.
_PREFIX = re.compile(r"(text|prompt)\s*[:：﹕︓]", re.IGNORECASE)
# The dashes that word processors put in place of "---", and the other characters that people draw lines with.
_DASHES = "-‐‑‒–—―−─━－﹣﹘"
_DRAWN = "*_=~#·•"
# Zero-width characters that are often copied with a text.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"
# A lone surrogate is half a character, which cannot be encoded as UTF-8. PostgreSQL refuses NUL.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class ParseError(InvalidInput):
    """At least one block of the text has no narration. ``details`` is one string that names every such block."""

    code = "PARSE_ERROR"
    message = "Text parsing failed"


@dataclass(frozen=True)
class ParsedSegment:
    """The text and the prompt of one imported segment, ready to be stored."""

    text_content: str
    image_prompt: str = ""


class TextParser:
    """A parser for blocks of ``Text:`` and ``Prompt:`` lines that are separated by lines of hyphens."""

    @staticmethod
    def parse(raw_text: str) -> list[ParsedSegment]:
        """Return the segments in order; ``[]`` if there is none.

        A line without a prefix continues the line above it, so that a line break loses no narration. Lines before the
        first prefix of a block, such as a heading, are not narration. A line of other dashes, stars or similar
        characters separates two blocks if there is a ``Text:`` line on both sides of it. Blocks are numbered from 1,
        and empty blocks are not counted. Raises ``ParseError``, and ``InvalidInput`` for characters that cannot be
        stored.
        """
        _check_storable(raw_text)
        segments: list[ParsedSegment] = []
        problems = _Problems()
        for number, block in enumerate(_blocks(raw_text), start=1):
            fields = _fields(block)
            narration = " ".join(fields.get("text", []))
            if narration:
                segments.append(ParsedSegment(narration, " ".join(fields.get("prompt", []))))
            else:
                lacks = "has nothing after its Text: line" if "text" in fields else "has no Text: line"
                problems.add(f"Block {number} {lacks}{_beginning(block)}.")
        if problems:
            raise ParseError(details=" ".join(problems.sentences()))
        return segments


class JSONParser:
    """A parser for the ``segments`` value of a JSON import."""

    @staticmethod
    def parse(segments: object) -> list[ParsedSegment]:
        """Return the segments in order. Raises ``InvalidInput``, which lists every problem.

        Each segment is an object with ``text_content`` (a string, not blank) and an optional ``image_prompt`` (a
        string or null). Other keys are ignored.
        """
        if not isinstance(segments, list):
            raise InvalidInput(details={"segments": ["Expected a list of segments."]})
        parsed: list[ParsedSegment] = []
        problems = _Problems()
        for number, segment in enumerate(segments, start=1):
            if not isinstance(segment, dict):
                problems.add(f"Segment {number} is not an object.")
                continue
            wrong = [*_narration_problems(segment), *_prompt_problems(segment)]
            for problem in wrong:
                problems.add(f"Segment {number}: {problem}.")
            if not wrong:
                prompt = segment.get("image_prompt") or ""
                parsed.append(ParsedSegment(segment["text_content"].strip(), prompt.strip()))
        if problems:
            raise InvalidInput(details={"segments": problems.sentences()})
        return parsed


class _Problems:
    """The first ``SENTENCES_SHOWN`` problems and the number of the others: an import can have a million problems."""

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._count = 0

    def add(self, sentence: str) -> None:
        self._count += 1
        if len(self._kept) < SENTENCES_SHOWN:
            self._kept.append(sentence)

    def __bool__(self) -> bool:
        return self._count > 0

    def sentences(self) -> list[str]:
        unsaid = self._count - len(self._kept)
        return [*self._kept, f"… and {unsaid} more."] if unsaid else self._kept


def _lines(text: str) -> Iterable[str]:
    # Not str.splitlines, which also splits at form feeds and at U+2028, and these occur inside sentences.
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _blocks(raw_text: str) -> Iterator[list[str]]:
    """Yield each block as a list of its stripped, non-blank lines. Blocks without such lines are left out."""
    block: list[str] = []
    for line in _lines(raw_text):
        if _is_separator(line):
            yield from _parts(block)
            block = []
        elif words := line.strip().strip(_INVISIBLE).strip():
            block.append(words)
    yield from _parts(block)


def _parts(block: list[str]) -> Iterator[list[str]]:
    """Split a block at lines of other dashes or stars that have a ``Text:`` line on both sides.

    Other lines of this kind are narration: such a line can be a break within one segment, and a split would make a
    block without narration.
    """
    part: list[str] = []
    divider: list[str] = []
    has_text = False
    for is_divider, lines in groupby(block, key=_looks_like_a_separator):
        piece = list(lines)
        if is_divider:
            divider = piece
            continue
        piece_has_text = _has_text(piece)
        if divider and has_text and piece_has_text:
            yield part
            part, has_text = piece, True
        else:
            part += [*divider, *piece]
            has_text = has_text or piece_has_text
        divider = []
    if part or divider:
        yield [*part, *divider]


def _has_text(lines: list[str]) -> bool:
    return any((prefix := _PREFIX.match(line)) and prefix[1].lower() == "text" for line in lines)


def _is_separator(line: str) -> bool:
    """Return whether the line is three or more hyphens, with any spaces or invisible characters around them."""
    hyphens = line.strip().strip(_INVISIBLE).strip()
    return len(hyphens) >= _MIN_HYPHENS and not hyphens.strip("-" + _INVISIBLE)


def _looks_like_a_separator(line: str) -> bool:
    marks = "".join(line.split())
    if len(marks) < _MIN_HYPHENS:
        return False
    return not marks.strip(_DASHES) or (marks[0] in _DRAWN and not marks.strip(marks[0]))


def _fields(block: list[str]) -> dict[str, list[str]]:
    """Return the pieces under ``text`` and ``prompt``. A key is missing if the block has no line with that prefix."""
    fields: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in block:
        words = line
        if prefix := _PREFIX.match(line):
            current = fields.setdefault(prefix[1].lower(), [])
            words = line[prefix.end() :].strip()
        if current is not None and words:
            current.append(words)
    return fields


def _beginning(block: list[str]) -> str:
    """Return the beginning of the block for an error sentence; empty if it has no printable characters."""
    first = block[0]
    quoted = "".join(filter(str.isprintable, first[:QUOTED_CHARACTERS])).strip()
    if not quoted:
        return ""
    return f"; it begins “{quoted}{'…' if len(first) > QUOTED_CHARACTERS else ''}”"


def _narration_problems(segment: dict[str, object]) -> Iterator[str]:
    text = segment.get("text_content")
    if "text_content" not in segment:
        yield "text_content is missing"
    elif not isinstance(text, str):
        yield "text_content must be text"
    elif unstorable := _unstorable(text):
        yield f"text_content contains {unstorable}"
    elif not text.strip():
        yield "text_content must not be blank"


def _prompt_problems(segment: dict[str, object]) -> Iterator[str]:
    prompt = segment.get("image_prompt")
    if prompt is None:
        return
    if not isinstance(prompt, str):
        yield "image_prompt must be text or null"
    elif unstorable := _unstorable(prompt):
        yield f"image_prompt contains {unstorable}"


def _check_storable(raw_text: str) -> None:
    if found := _UNSTORABLE.search(raw_text):
        line = sum(1 for _ in _lines(raw_text[: found.start()]))
        raise InvalidInput(details={"raw_text": [f"Line {line} contains {_unstorable(found[0])}."]})


def _unstorable(text: str) -> str:
    """Return a description of the first character that cannot be stored; empty if there is none."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return ""
    return "a NUL character" if found[0] == "\x00" else f"half a character (a lone surrogate, U+{ord(found[0]):04X})"
