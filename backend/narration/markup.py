"""Remove the formatting of subtitle files and web pages, and map the remaining characters to the written text.

Removed are formatting tags of HTML, SRT and WebVTT, and the override blocks of ASS (``{\\an8}``). Character references
(``&amp;``) become their characters. Anything else in angle brackets or braces is text.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_INLINE = (
    "abbr|acronym|a|bdi|bdo|big|b|cite|code|c|del|dfn|em|font|ins|i|kbd|lang|mark|rb|rp|rtc|rt|ruby|samp|small|span|"
    "strike|strong|sub|sup|s|tt|u|v"
)
_BLOCKS = "blockquote|center|div|h[1-6]|li|ol|p|ul"
# An attribute needs a value: "<b and c>" in "a <b and c> d" is no tag.
_ATTRIBUTE = r"""\s{1,9}[\w:-]{1,40}\s{0,9}=\s{0,9}(?:"[^"<>]{0,300}"|'[^'<>]{0,300}'|[^\s"'<>=]{1,300})"""
_REST_OF_TAG = rf"(?:\.[\w-]{{1,40}}){{0,9}}(?:{_ATTRIBUTE}){{0,12}}\s{{0,9}}/?>"

_PATTERN = rf"""
    (?P<gone>
        <(?P<gloss>rt|rp){_REST_OF_TAG}[^<>]{{0,200}}</(?P=gloss)\s{{0,9}}>      # how the word before it is read
        | </?(?:{_INLINE}){_REST_OF_TAG}
        | <v(?:\.[\w-]{{1,40}}){{0,9}}\s{{1,9}}(?-i:[^\W\d_a-z])[^<>\n]{{0,80}}>    # WebVTT: who speaks
        | <lang\s{{1,9}}[a-z]{{2,3}}(?:-\w{{1,8}}){{0,3}}>
        | <(?:\d{{2,4}}:)?\d\d:\d\d\.\d{{3}}>                                   # WebVTT: when a word is sung
        | \{{\\(?:[^{{}}\n]{{0,300}}\\)?p[1-9][^{{}}\n]{{0,300}}\}}[^{{}}]*   # a drawing of ASS, in numbers
        | \{{\\[^{{}}\n]{{1,300}}\}}
    )
    | (?P<line></?br{_REST_OF_TAG})
    | (?P<block></?(?:{_BLOCKS}){_REST_OF_TAG})
    | (?P<reference>&(?:\#\d{{1,7}}|\#x[0-9a-f]{{1,6}}|[a-z]{{2,31}}\d{{0,2}});)
"""
_MARKUP = re.compile(_PATTERN, re.VERBOSE | re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^{}\n]{1,300}\}")
# Without override blocks, a backslash can be part of a path; with them, it starts a line break.
_MARKUP_OF_ASS = re.compile(rf"{_PATTERN} | (?P<ass_line>\\(?-i:[Nnh]))", re.VERBOSE | re.IGNORECASE)


@dataclass(frozen=True)
class PlainText:
    """A text without markup; ``places`` are the start and end of each character in the written text."""

    text: str
    places: tuple[tuple[int, int], ...]

    def as_written(self, char: int, length: int) -> tuple[int, int]:
        """Return the start and length of the same range in the written text, including markup inside it."""
        if not self.places or not length:
            return char, length
        start = self.places[char][0]
        return start, self.places[char + length - 1][1] - start


def without_markup(written: str) -> PlainText:
    """Remove the markup. ``places`` of the result is empty if there was none."""
    found = _found(written)
    if not found:
        return PlainText(written, ())
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    is_new_paragraph, behind = False, 0
    for start, end, said in [*found, (len(written), len(written), "")]:
        for at in range(behind, start):
            if is_new_paragraph and not written[at].isspace():
                # Tags before and after the whole text must not add a pause at its start or end.
                chars += "\n\n"
                places += [(at, at)] * 2
                is_new_paragraph = False
            chars.append(written[at])
            places.append((at, at + 1))
        if said == "\n\n":
            is_new_paragraph = is_new_paragraph or any(not char.isspace() for char in chars)
        else:
            chars += said
            places += [(start, end)] * len(said)
        behind = end
    return PlainText("".join(chars), tuple(places))


def _found(written: str) -> list[tuple[int, int, str]]:
    """Return (start, end, replacement) for each piece of markup; a blank line replaces the edge of a block."""
    pattern = _MARKUP_OF_ASS if _OVERRIDE.search(written) else _MARKUP
    found = [(*match.span(), _instead(match)) for match in pattern.finditer(written)]
    return [(start, end, said) for start, end, said in found if said != written[start:end]]


def _instead(match: re.Match[str]) -> str:
    if match["line"] or match.groupdict().get("ass_line"):
        return "\n"
    if match["block"]:
        return "\n\n"
    # An unknown reference stays as it is.
    return html.unescape(match[0]) if match["reference"] else ""
