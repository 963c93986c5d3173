"""Lowercase words that are shouted in capitals, so that a voice speaks them instead of spelling them."""

from __future__ import annotations

import re

from narration.word_lists import word_set, words_in_small_letters

_WORD = re.compile(r"^([^\w]*)([A-Z]+(?:['’\-][A-Z]+)*)([^\w]*)$")
# Always lowercased, even alone in a sentence that is not in capitals: none of them is an initialism.
_ALWAYS = word_set(
    "had has have was were why her him his she them they that this its the and but not you your all any are can "
    "did do does for from get got how let may me my no nor now off on one or our out own see so than then there "
    "these those through too two until up very what when where which while will with would yes never always only "
    "must what's"
)
# In the lexicon as words too, but also in a run of capitals they are initialisms.
_INITIALS = word_set("usa uk un eu nasa fbi cia nato bbc cnn irs dna rna hiv ussr gps ceo cfo tv pc id ok ai")


def lowered(words: list[str]) -> list[str]:
    """Return the words of a sentence with the shouted ones in lower case."""
    found = [_WORD.match(word) for word in words]
    result = list(words)
    for start, stop in _runs([bool(match) for match in found]):
        in_run = [found[number] for number in range(start, stop)]
        letters = [match[2] for match in in_run if match]
        is_shouted = sum(len(word) > 1 for word in letters) > 1 and any(
            len(word) > 2 and _is_word(word.lower()) for word in letters
        )
        for number, word in enumerate(letters, start):
            small = word.lower().replace("’", "'")
            if small == "us" and number > start and letters[number - start - 1] == "THE":
                continue  # the country
            if len(word) > 1 and (small in _ALWAYS or (is_shouted and _is_word(small))):
                match = found[number]
                assert match is not None
                if small == "no" and match[3].startswith("."):
                    continue  # in small letters this is "number"
                result[number] = match[1] + (word.capitalize() if word[:2] in ("I'", "I’") else word.lower()) + match[3]
    return result


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    runs, start = [], None
    for number, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = number
        elif not flag and start is not None:
            runs.append((start, number))
            start = None
    return runs


def _is_word(small: str) -> bool:
    if small in _INITIALS:
        return False
    plain = re.split(r"['\-]", small)
    return all(piece in words_in_small_letters() or (len(piece) < 3 and len(plain) > 1) for piece in plain)
