"""Detect the ends of sentences; a full stop after an abbreviation is none."""

from __future__ import annotations

import re

from narration.word_lists import names, word_set, words_in_small_letters

_OPENERS = "\"'“‘(["
CLOSERS = "\"'”’)]»」』）》】〉"
_TITLES = frozenset(
    {"mr", "mrs", "ms", "dr", "prof", "rev", "st", "sr", "jr", "gen", "col", "capt", "lt", "sgt", "maj", "hon"}
    | {"pres", "gov", "sen", "rep", "vs", "etc"}
)
# Only abbreviations that are no words: "may" and "sun" end sentences as other words do.
_MONTHS_AND_DAYS = frozenset(
    {"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"}
    | {"mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri"}
)
_BEFORE_A_NUMBER = frozenset({"no", "nos", "vol", "fig", "figs", "pp", "ed", "p", "ch", "sec", "art", "eq", "op", "nr"})
_BEFORE_A_NUMBER |= {"ext", "tel", "ver", "v", "est"} | _MONTHS_AND_DAYS
# A name, a number or a thing always follows these.
_GOES_ON = word_set(
    "mt mts approx ca cf viz messrs mme mlle fr cmdr cpl pvt adm supt atty msgr brig e.g i.e eg ie esp maj"
)
# After these, a sentence ends only before a word that starts one: "Acme Inc. The end", "6 ft. He".
_MAY_END = word_set("co corp inc ltd plc llc bros dept univ incl ft")
_MAY_END |= {"etc", "jr", "sr", "st", "al"}
_TIME_OF_DAY = frozenset({"a.m", "p.m"})
_PLACES = frozenset({"u.s", "u.k", "u.s.a", "d.c", "e.u", "u.n"})
# These continue the name of a country, "the U.S. Navy"; any other known capitalized word starts a sentence.
_OF_A_COUNTRY = word_set(
    "army navy air marine marines senate senator congress congressman congresswoman president vice government supreme "
    "department house treasury embassy constitution dollar open bank census capitol coast geological postal secret "
    "secretary state states steel representative ambassador attorney marshal marshals forces route highway patent "
    "federal national foreign military justice olympic men women soccer special district court courts circuit code "
    "customs border immigration forest fish food fleet cavalry infantry general central trade virgin space naval "
    "prime minister parliament high royal home office council police metro national security human world children "
    "environmental agency citizen citizens citizenship grand masters championship chamber public health surgeon"
)
_INITIALS = re.compile(r"^(?:[a-z]\.)+[a-z]$")
_STARTERS = word_set(
    "the a an he she it they we you i his her its their our my this that these those there here then when while "
    "after before if but and so yet for in on at by with from as once now later meanwhile however soon nobody "
    "nothing everyone everybody someone who what where why how no not yes let do did was were is are can could "
    "would all some many most each every one two three both another"
)


def ends_sentence(word: str, following: str | None) -> bool:
    """Return whether a sentence ends after ``word``; not in "Dr. Smith", "J. K. Rowling", "No. 5" and "“Is it?” he".

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
    """Return whether the full stop after ``stem`` belongs to an abbreviation, judged by the next word."""
    if stem in _BEFORE_A_NUMBER:
        return next_word[:1].isdigit() or (stem in _MONTHS_AND_DAYS and next_word[:1] in "-–—")
    if (stem in _TIME_OF_DAY or stem in _PLACES) and _is_ordinary(next_word):
        return stem in _PLACES and _bare(next_word) in _OF_A_COUNTRY
    if stem in _MAY_END or (_INITIALS.match(stem) and stem not in _GOES_ON):
        return not _starts_a_sentence(next_word)
    return stem in _TITLES or stem in _GOES_ON or (len(stem) == 1 and stem.isalpha())


def _starts_a_sentence(word: str) -> bool:
    """Return whether the word starts sentences, such as "The" and "He", unlike names such as "Army" and "Monday"."""
    return _bare(word) in _STARTERS


def _bare(word: str) -> str:
    return word.rstrip(".,;:!?…\"'”’)").lower().replace("’", "'").partition("'")[0]


def _is_ordinary(word: str) -> bool:
    """Return whether a capitalized word is known in lower case and not as a name: "Rain", not "Peter" or "Monday"."""
    bare = _bare(word)
    return word[:1].isupper() and bare in words_in_small_letters() and bare.capitalize() not in names()
