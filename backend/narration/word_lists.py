"""Sets of words, from plain text or from the voice's lexicon."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib.resources import files


def word_set(text: str) -> frozenset[str]:
    """Return the words of ``text``, separated by spaces."""
    return frozenset(text.split())


@lru_cache(maxsize=1)
def words_in_small_letters() -> frozenset[str]:
    """Return the lower-case words of the voice's lexicon."""
    return frozenset(word for word in _lexicon() if word.islower())


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the capitalized words of the voice's lexicon: names of people, days and months."""
    return frozenset(word for word in _lexicon() if word.istitle())


def _lexicon() -> set[str]:
    words: set[str] = set()
    for name in ("lexicon_us_gold.json.gz", "lexicon_us_silver.json.gz"):
        words |= set(json.loads(gzip.decompress((files("hibari") / "assets" / name).read_bytes())))
    return words
