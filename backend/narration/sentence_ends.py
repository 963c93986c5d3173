"""Where a sentence ends, and where a full stop only shortens a word."""

from __future__ import annotations

import re

from narration.word_lists import word_set

_OPENERS = "\"'“‘(["
CLOSERS = "\"'”’)]»」』）》】〉"
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "rev", "st", "sr", "jr", "gen", "col", "capt", "lt", "sgt", "maj", "hon"}
    | {"pres", "gov", "sen", "rep", "vs", "etc"}
)
# Of a month or day only the short form with its mark; "may" and "sun" end sentences as other words do.
_MONTHS_AND_DAYS = frozenset(
    {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri"}
)
_BEFORE_A_NUMBER = frozenset({"no", "nos", "vol", "fig", "figs", "pp", "ed", "p", "ch", "sec", "art", "eq", "op", "nr"})
_BEFORE_A_NUMBER |= {"ext", "tel", "ver", "v"} | _MONTHS_AND_DAYS
# These are always followed by more: a name, a number, a thing.
_GOES_ON = word_set(
    "mt mts approx ca cf viz messrs mme mlle fr cmdr cpl pvt adm supt atty msgr brig e.g i.e eg ie esp maj"
)
# Here a sentence ends only before a word that starts one: "Acme Inc. The end", "6 ft. He".
_MAY_END = word_set("co corp inc ltd plc llc bros dept univ incl ft")
_INITIALS = re.compile(r"^(?:[a-z]\.)+[a-z]$")
_STARTERS = word_set(
    "the a an he she it they we you i his her its their our my this that these those there here then when while "
    "after before if but and so yet for in on at by with from as once now later meanwhile however soon nobody "
    "nothing everyone everybody someone who what where why how no not yes let do did was were is are can could "
    "would all some many most each every one two three both another"
)


def ends_sentence(word: str, following: str | None) -> bool:
    """False after a title, an initial or an abbreviation that goes on: "Dr. Smith", "J. K. Rowling", "No. 5", "“Is
    it?” he".

    ``following`` is the next word, None at the end and before a pause.
    """
    bare = word.rstrip(CLOSERS)
    if not bare or bare[-1] not in ".!?…。！？｡":
        return False
    if following is None:
        return True
    if following.lstrip(_OPENERS)[:1].islower():
        return False
    if bare[-1] != ".":
        return True
    stem = bare.rstrip(".").lstrip(_OPENERS).lower()
    return not _is_shortened(stem, following.lstrip(_OPENERS))


def _is_shortened(stem: str, next_word: str) -> bool:
    """Whether the full stop behind ``stem`` ends no sentence, by the word that follows."""
    if stem in _BEFORE_A_NUMBER:
        return next_word[:1].isdigit() or (stem in _MONTHS_AND_DAYS and next_word[:1] in "-–—")
    if stem in _MAY_END or (_INITIALS.match(stem) and stem not in _GOES_ON):
        return not _starts_a_sentence(next_word)
    return stem in _TITLES or stem in _GOES_ON or (len(stem) == 1 and stem.isalpha())


def _starts_a_sentence(word: str) -> bool:
    """True for a word in capitals that is none of a name: "The", "He". A name goes on: "U.S. Army", "5 p.m. Monday"."""
    return word.rstrip(".,;:!?…\"'”’)").lower().replace("’", "'").partition("'")[0] in _STARTERS
