"""Rewrite words that the engines would mispronounce: addresses, emoji, foreign letters, very long words."""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from narration.capitals import lowered
from narration.script import ScriptWord, Sentence
from narration.speech import SpokenWord
from narration.spoken_forms import spoken_form_of

# Part of every cache key; incremented whenever a spoken form changes.
NORMALISER_VERSION = 3

MAX_LETTERS = 40
# The engines fail for numbers of more than a few dozen digits, and listeners cannot follow far shorter ones.
_ENDLESS_NUMBER = re.compile(r"\d{19,}")
_LINK = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_DOMAIN = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|dev|info|uk|de|fr|eu)(?:/\S*)?$", re.IGNORECASE)
_EMAIL = re.compile(r"^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$")
_TRAILING = re.compile(r"[.,;:!?…\"'”’)\]]+$")
_SYMBOLS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", "+": "plus", "?": "question mark"}
_SYMBOLS |= {"=": "equals", "&": "and", "#": "hash", ":": "colon", "%": "percent", "~": "tilde"}
_SPOKEN_FORMS = {
    "24/7": "twenty-four seven",
    "wwi": "World War One",
    "wwii": "World War Two",
    "w/": "with",
    "w/o": "without",
}
_NUMBERED = {
    "no": "Number",
    "nos": "Numbers",
    "vol": "Volume",
    "fig": "Figure",
    "pp": "pages",
    "p": "page",
    "ch": "Chapter",
}
_ABBREVIATED = {"ca": "circa", "Ft": "Fort", "Mt": "Mount", "Approx": "Approximately", "approx": "approximately"}
_KEPT_MARKS = "’‘“”–—…°€£¥₹₩¢´`"


def spoken_words(sentence: Sentence, *, is_english: bool = True) -> list[SpokenWord]:
    """Return one spoken word for each word of the sentence; its text is empty if the word is not spoken."""
    if not is_english:
        return [
            SpokenWord(word.text, word.phonemes) if word.phonemes else SpokenWord(_foreign(word))
            for word in sentence.words
        ]
    texts = [_composed(word.text) for word in sentence.words]
    texts = [word.text if word.phonemes else text for word, text in zip(sentence.words, lowered(texts), strict=True)]
    around = zip(["", *texts[:-1]], texts, [*texts[1:], ""], strict=True)
    return [
        SpokenWord(word.text, word.phonemes) if word.phonemes else SpokenWord(_spoken_text(text, before, behind))
        for word, (before, text, behind) in zip(sentence.words, around, strict=True)
    ]


_VARIANTS = ("<wide>", "<narrow>", "<font>", "<noBreak>", "<square>", "<circle>")


def _foreign(word: ScriptWord) -> str:
    return _in_short_pieces(_without_pictographs(unicodedata.normalize("NFC", word.text)))


def _composed(text: str) -> str:
    """Replace letter variants (full width, mathematical) by plain letters; superscript digits stay."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(unicodedata.normalize("NFKC", char) if _is_variant(char) else char for char in composed)


def _is_variant(char: str) -> bool:
    if char in "°№℃℉™®©" or char.isascii():
        return False
    decomposition = unicodedata.decomposition(char)
    return decomposition.startswith(_VARIANTS) or (decomposition.startswith("<compat>") and char.isalnum())


def _spoken_text(text: str, before: str, behind: str) -> str:
    if not text:
        return ""
    ending = match[0] if (match := _TRAILING.search(text)) else ""
    bare = text[: len(text) - len(ending)]
    if _EMAIL.match(bare) or _LINK.match(bare) or _DOMAIN.match(bare):
        return _address(bare) + ending
    if bare.lower() in _SPOKEN_FORMS:
        return _SPOKEN_FORMS[bare.lower()] + ending
    if bare.lower() in _NUMBERED and ending == "." and behind[:1].isdigit():
        return _NUMBERED[bare.lower()]
    if bare in _ABBREVIATED and ending.startswith(".") and behind:
        return _ABBREVIATED[bare] + ending[1:]
    said = spoken_form_of(text, before, behind)
    return _in_short_pieces(_in_latin(_without_pictographs(text if said is None else said)))


def _without_pictographs(text: str) -> str:
    return "".join(
        char for char in text if unicodedata.category(char) not in ("So", "Cs", "Co", "Cn", "Cf", "Cc", "Sk")
    )


def _address(text: str) -> str:
    """Return the spoken form of an address: without "https://" and a final slash, its marks as words."""
    text = re.sub(r"^https?://", "", text, flags=re.IGNORECASE).rstrip("/")
    text = re.sub(r"^www\.", "double-u double-u double-u dot ", text, flags=re.IGNORECASE)
    said = re.sub(r"[^\w\s-]|_|(?<=\w)-(?=\w)", lambda mark: f" {_SYMBOLS.get(mark[0], ' ')} ", text)
    said = said.replace("double dash u", "double-u")
    return " ".join(_in_short_pieces(_in_latin(piece)) for piece in said.split())


def _in_latin(text: str) -> str:
    """Romanize letters of other scripts (AnyAscii), because an English voice cannot read them."""
    if text.isascii():
        return text
    return "".join(char if _is_readable(char) else anyascii(char) for char in text)


def _is_readable(char: str) -> bool:
    if char in _KEPT_MARKS or not char.isalpha():
        return True
    return unicodedata.name(char, "").startswith("LATIN")


def _in_short_pieces(text: str) -> str:
    """Split a very long word, which would take minutes and gigabytes to synthesize as a whole."""
    text = _ENDLESS_NUMBER.sub(lambda number: " ".join(number[0]), text)
    if len(text) <= MAX_LETTERS:
        return text
    pieces = re.split(r"(?<=[-–—/_.,;:])", text)
    return " ".join(
        piece[start : start + MAX_LETTERS] for piece in pieces for start in range(0, len(piece), MAX_LETTERS)
    )


def is_speakable(text: str) -> bool:
    return any(char.isalnum() for char in text)
