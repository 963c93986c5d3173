"""Sets of words, written as a person would list them."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``, which spaces part."""
    return frozenset(text.split())
