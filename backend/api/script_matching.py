"""Which segment of a story each row of its revised script continues: numbers and texts in, numbers out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence

from api.parsers import ParsedSegment

# Two texts are versions of one from this share of common words on.
SIMILAR = 0.4
# A row whose picture is described in the same words is likely the same scene, however its text was rewritten.
SAME_PROMPT = 0.3
# A row is compared with so many free segments on either side of where it stands, in a script of very many rows with
# fewer, so that at most about so many pairs are compared.
NEIGHBOURS = 12
FEWEST_NEIGHBOURS = 3
PAIRS = 600_000
# Of a text so many characters are compared, half of them from its beginning and half from its end; of a script with
# many rows fewer of each, so that it is about so many in all.
COMPARED_CHARACTERS = 4_000
FEWEST_CHARACTERS = 200
COMPARED_IN_ALL = 4_000_000

_WORD = re.compile(r"\w+")


def match_script(old: Sequence[ParsedSegment], new: Sequence[ParsedSegment]) -> list[int | None]:
    """For each row of ``new`` the index of the one of ``old`` that it continues, or None; no index twice.

    A text that is still there is always found, wherever it moved. What is left is paired by likeness, the likest
    first, among neighbours.
    """
    pairs: dict[int, int] = {}
    _match_ends(old, new, pairs)
    _match_equal(old, new, pairs, key=lambda row: row)
    _match_equal(old, new, pairs, key=lambda row: row.text_content)
    _match_similar(old, new, pairs)
    return [pairs.get(position) for position in range(len(new))]


def _match_ends(old: Sequence[ParsedSegment], new: Sequence[ParsedSegment], pairs: dict[int, int]) -> None:
    """What begins and ends alike, so that among equal texts the one in its place is found."""
    shorter = min(len(old), len(new))
    start = 0
    while start < shorter and old[start].text_content == new[start].text_content:
        pairs[start] = start
        start += 1
    for back in range(1, shorter - start + 1):
        if old[-back].text_content != new[-back].text_content:
            break
        pairs[len(new) - back] = len(old) - back


def _match_equal(
    old: Sequence[ParsedSegment],
    new: Sequence[ParsedSegment],
    pairs: dict[int, int],
    *,
    key: Callable[[ParsedSegment], Hashable],
) -> None:
    taken = set(pairs.values())
    free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for position, row in enumerate(old):
        if position not in taken:
            free[key(row)].append(position)
    for position, row in enumerate(new):
        if position not in pairs and (equal := free.get(key(row))):
            pairs[position] = equal.popleft()


def _match_similar(old: Sequence[ParsedSegment], new: Sequence[ParsedSegment], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    free = [position for position in range(len(old)) if position not in taken]
    rows = max(len(free), len(new) - len(pairs), 1)
    reach = _between(FEWEST_NEIGHBOURS, PAIRS // (2 * rows), NEIGHBOURS)
    bags = WordBags(_between(FEWEST_CHARACTERS, COMPARED_IN_ALL // rows, COMPARED_CHARACTERS))
    words = {position: bags.of(old[position].text_content) for position in free}
    found: list[tuple[float, int, int, int]] = []
    for position, expected in _places_of_new(len(new), pairs):
        mine = bags.of(new[position].text_content)
        middle = bisect_left(free, expected)
        for other in free[max(0, middle - reach) : middle + reach]:
            likeness = _likeness(mine, words[other]) + _prompt_likeness(old[other], new[position])
            if likeness >= SIMILAR:
                found.append((-likeness, abs(other - expected), position, other))
    used: set[int] = set()
    for _, _, position, other in sorted(found):
        if position not in pairs and other not in used:
            pairs[position] = other
            used.add(other)


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))


def _places_of_new(count: int, pairs: dict[int, int]) -> Iterator[tuple[int, int]]:
    """(position, where it would stand in the old story) of every row that has no segment yet."""
    expected = 0
    known = dict(pairs)
    for position in range(count):
        if position in known:
            expected = known[position] + 1
        else:
            yield position, expected
            expected += 1


class WordBags:
    """Texts as bags of words: sets of numbers, one for each time that a word occurs, so that two are compared as sets.

    ``characters`` is how much of each text counts.
    """

    def __init__(self, characters: int) -> None:
        self._half = characters // 2
        self._numbers: dict[tuple[str, int], int] = {}

    def of(self, text: str) -> frozenset[int]:
        if len(text) > 2 * self._half:
            text = f"{text[: self._half]} {text[-self._half :]}"
        times: defaultdict[str, int] = defaultdict(int)
        numbers = []
        for word in _WORD.findall(text.casefold()):
            times[word] += 1
            numbers.append(self._numbers.setdefault((word, times[word]), len(self._numbers)))
        return frozenset(numbers)


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Dice's coefficient of two bags of words: 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _prompt_likeness(one: ParsedSegment, other: ParsedSegment) -> float:
    return SAME_PROMPT if one.image_prompt and one.image_prompt == other.image_prompt else 0.0
