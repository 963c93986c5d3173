"""Choose the text of a title card: the first words of its segment, as many as can be read at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rendering.cues import CLAUSE_END, SENTENCE_END

# A sentence of so few words is followed by the next if both together have no more than this.
_SHORT = 8
_MOST = 18
# Where a longer sentence is cut, a card has about so many words.
_CUT = 12
# Fewer are no sentence: "Dr." ends in a full stop too.
_FEWEST = 3
_ELLIPSIS = "…"
_WEAK_ENDS = ",;:—–-，、；：､"


def openings(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """List the possible texts of a card, best and longest first, each with its number of words."""
    if not words:
        return
    best = _best(words)
    before = best + 1
    for count in [best, *(end for end in reversed(_clause_ends(words)) if end < best), *range(best - 1, 0, -1)]:
        if count < before:
            before = count
            yield count, _text(words, count)


def _best(words: Sequence[str]) -> int:
    ends = [
        number
        for number, word in enumerate(words, 1)
        if number == len(words) or (number >= _FEWEST and SENTENCE_END.search(word))
    ]
    if ends[0] <= _MOST:
        return max(end for end in ends if end <= max(_SHORT, ends[0]))
    return next((end for end in reversed(_clause_ends(words)) if end <= _MOST), _CUT)


def _clause_ends(words: Sequence[str]) -> list[int]:
    return [number for number, word in enumerate(words[:_MOST], 1) if number >= _FEWEST and CLAUSE_END.search(word)]


def _text(words: Sequence[str], count: int) -> str:
    text = " ".join(words[:count])
    if count == len(words) or SENTENCE_END.search(words[count - 1]):
        return text
    return text.rstrip(_WEAK_ENDS) + _ELLIPSIS
