"""Match written words with spoken words: engines rewrite "1893" or "Dr." and time the spoken words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_PLAIN = re.compile(r"[\W_]+")


def match_words(written: list[str], said: list[str]) -> list[list[int]]:
    """Return for each written word the indexes of its spoken words, in order; empty if it was not spoken.

    Equal words are matched one to one; rewritten words between them are distributed by length.
    """
    matches: list[list[int]] = [[] for _ in written]
    matcher = SequenceMatcher(None, [_plain(word) for word in written], [_plain(word) for word in said], autojunk=False)
    for kind, a0, a1, b0, b1 in matcher.get_opcodes():
        if kind == "equal":
            for offset in range(a1 - a0):
                matches[a0 + offset].append(b0 + offset)
        elif kind == "replace":
            _distribute(matches, written, (a0, a1), said, (b0, b1))
        elif kind == "insert" and written:
            matches[min(max(a0 - 1, 0), len(written) - 1)] += range(b0, b1)
    return matches


def _distribute(
    matches: list[list[int]], written: list[str], some: tuple[int, int], said: list[str], others: tuple[int, int]
) -> None:
    """Distribute spoken words by the share of letters; a digit counts as several letters, as it is spoken."""
    weights = [_weight(word) for word in written[slice(*some)]]
    total, total_said = sum(weights), sum(len(word) + 1 for word in said[slice(*others)])
    edges, behind = [], 0.0
    for weight in weights:
        behind += weight
        edges.append(behind / total)
    behind = 0.0
    for index in range(*others):
        middle = (behind + (len(said[index]) + 1) / 2) / total_said
        behind += len(said[index]) + 1
        place = next((number for number, edge in enumerate(edges) if middle <= edge + 1e-9), len(edges) - 1)
        matches[some[0] + place].append(index)


def _weight(word: str) -> float:
    return 1 + sum(5 if char.isdigit() else 1 if char.isalpha() else 0.2 for char in word)


def _plain(word: str) -> str:
    return _PLAIN.sub("", word).lower()
