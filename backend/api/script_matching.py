"""Matching of the rows of a revised script to the segments of a story, by text alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence

from api.parsers import ParsedSegment

# The least similarity (0 to 1) of two texts that counts as a revision.
SIMILAR = 0.4
# Added to the similarity if both have the same prompt: the scene is then likely the same, even if the text changed.
SAME_PROMPT = 0.3
# A row is compared with up to MAX_NEIGHBOURS free segments on either side of its expected position. A script with very
# many rows uses fewer, at least MIN_NEIGHBOURS, so that about MAX_PAIRS pairs are compared in total.
MAX_NEIGHBOURS = 12
MIN_NEIGHBOURS = 3
MAX_PAIRS = 600_000
# Up to MAX_CHARACTERS of a text are compared, half of them from its beginning and half from its end. A script with very
# many rows uses fewer, at least MIN_CHARACTERS, so that about MAX_CHARACTERS_IN_ALL are compared in total.
MAX_CHARACTERS = 4_000
MIN_CHARACTERS = 200
MAX_CHARACTERS_IN_ALL = 4_000_000

_WORD = re.compile(r"\w+")


def match_script(old: Sequence[ParsedSegment], new: Sequence[ParsedSegment]) -> list[int | None]:
    """Return for each row of ``new`` the index of the row of ``old`` that it continues, or None. No index occurs twice.

    Equal texts are always matched, wherever they moved. The remaining rows are matched to similar rows near their
    expected position, the most similar pair first.
    """
    pairs: dict[int, int] = {}
    _match_ends(old, new, pairs)
    _match_equal(old, new, pairs, key=lambda row: row)
    _match_equal(old, new, pairs, key=lambda row: row.text_content)
    _match_similar(old, new, pairs)
    return [pairs.get(position) for position in range(len(new))]


def _match_ends(old: Sequence[ParsedSegment], new: Sequence[ParsedSegment], pairs: dict[int, int]) -> None:
    """Match the equal rows at the beginning and at the end, so that repeated texts are matched in place."""
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
    reach = _between(MIN_NEIGHBOURS, MAX_PAIRS // (2 * rows), MAX_NEIGHBOURS)
    bags = WordBags(_between(MIN_CHARACTERS, MAX_CHARACTERS_IN_ALL // rows, MAX_CHARACTERS))
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
    """Yield (position, expected position in the old story) of every row that is not matched yet."""
    expected = 0
    known = dict(pairs)
    for position in range(count):
        if position in known:
            expected = known[position] + 1
        else:
            yield position, expected
            expected += 1


class WordBags:
    """Texts as multisets of words, each encoded as a set of numbers, so that sets can be compared.

    The n-th occurrence of a word has one number. ``characters`` is how many characters of each text are used.
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
    """Return Dice's coefficient of two word bags, 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0


def _prompt_likeness(one: ParsedSegment, other: ParsedSegment) -> float:
    return SAME_PROMPT if one.image_prompt and one.image_prompt == other.image_prompt else 0.0
