"""Formatting of subtitle files and web pages is neither spoken nor shown, and words keep their positions."""

from __future__ import annotations

import html

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from narration.markup import without_markup
from narration.script import ParagraphEnd, Pause, ScriptWord, Sentence, parse_script

INLINE = [
    "i",
    "b",
    "u",
    "s",
    "em",
    "strong",
    "font",
    "span",
    "ruby",
    "mark",
    "small",
    "sub",
    "code",
    "del",
    "tt",
    "big",
]
ATTRIBUTES = [
    "",
    ' color="#00ff7f"',
    " color=teal",
    " face='Noto Sans' size=4",
    ' class = "big"',
    ' style="a: b; c: d"',
]
OVERRIDES = [r"{\an2}", r"{\b700\i1}", r"{\move(1,2,300,400)}", r"{\c&H00FFAA&}", r"{\fnDejaVu Sans\fs20}", r"{\k45}"]
WORDS = [
    "fig",
    "Marsh,",
    "“Oh!”",
    "naïve",
    "3",
    "<3",
    "<",
    ">",
    "&",
    "AT&T",
    "{a}",
    "a<b",
    "c>d",
    "😀",
    "*cold*",
    "it’s",
]


@st.composite
def dressed(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Words with formatting before, inside and behind them, and the words."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8))
    written = []
    for word in words:
        cut = draw(st.integers(0, len(word)))
        if word == "*cold*" or not word[:cut].isalnum() or not word[cut:].isalnum():
            cut = 0
        tag, attribute = draw(st.sampled_from(INLINE)), draw(st.sampled_from(ATTRIBUTES))
        opening = draw(st.sampled_from([f"<{tag}{attribute}>", f"<{tag.upper()}{attribute}>", *OVERRIDES]))
        closing = draw(st.sampled_from([f"</{tag}>", f"</{tag.upper()} >", *OVERRIDES]))
        written.append(word[:cut] + opening + word[cut:] + closing)
    return draw(st.sampled_from([" ", "<br>", " <br/>\n", "<BR />"])).join(written), words


def words_of(text: str) -> list[ScriptWord]:
    return [word for part in parse_script(text) if isinstance(part, Sentence) for word in part.words]


@given(dressed())
def test_what_is_dressed_is_read_as_what_is_plain_and_every_word_is_found_where_it_was_written(
    case: tuple[str, list[str]],
) -> None:
    written, words = case
    plain = " ".join(words)
    assume(without_markup(plain).text == plain)  # “a<b” and “>” beside each other are a tag of their own
    read = words_of(written)
    assert [word.text for word in read] == [word.text for word in words_of(plain)]
    last = 0
    for word in read:
        stretch = written[word.char : word.char + word.length]
        assert word.char >= last
        assert word.text in (without_markup(stretch).text, without_markup(stretch).text.strip("*"))
        last = word.char + word.length


@given(st.text(alphabet="ab <>/i=\"'{}\\&;#xlt39N\n", max_size=60))
def test_any_text_is_read_and_its_places_lie_in_it_in_order(text: str) -> None:
    last = 0
    for word in words_of(text):
        assert last <= word.char < word.char + word.length <= len(text)
        last = word.char + word.length


@pytest.mark.parametrize(
    "text",
    [
        "a < b > c", "I <3 you", "5 > 3 < 9", "<unknown words>", "<name>", "x <b and c> y", "if a<b and c>d", "<>",
        "</>", "{curly}", "{ \\an8}", "{}", "C:\\New", "\\N", "AT&T", "AT&T;", "R&D", "&", "& amp;", "&nosuchname;",
        "?a=1&copy=2", "<i", "i>", "<img>", "<html>", "<ibis>", "<bold>", "<v and w>", "&#;", "&#x;", "<|>", "<a@b.c>",
    ],
)  # fmt: skip
def test_what_is_no_formatting_stays(text: str) -> None:
    assert without_markup(text).text == text
    assert [word.text for word in words_of(text)] == text.split()


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("un<b>believ</b>able", "unbelievable"),
        ("<c.yellow.bg_blue>Go</c>", "Go"),
        ("<v Mary Ann>Go</v>", "Go"),
        ("<v.loud Øle>Go", "Go"),
        ("<lang en-GB>Go</lang>", "Go"),
        ("<00:00:04.000>Go <01:00:04.250>on", "Go on"),
        ("<ruby>東京<rp>(</rp><rt>とうきょう</rt><rp>)</rp></ruby>", "東京"),
        (r"{\p1}m 0 0 l 100 0 100 100{\p0}Go", "Go"),
        (r"{\an4}up\Nand\hon", "up\nand\non"),
        ("fish &amp; chips", "fish & chips"),
        ("&quot;Go&quot;&hellip;", '"Go"…'),
        ("it&#39;s it&#x2019;s", "it's it’s"),
        ("caf&eacute;", "café"),
        ("a&nbsp;b", "a\N{NO-BREAK SPACE}b"),
        ("&lt;i&gt;", "<i>"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_formatting_goes_and_references_become_their_characters(written: str, plain: str) -> None:
    assert without_markup(written).text == plain
    assert [word.text for word in words_of(written)] == plain.split()


@given(st.sampled_from(sorted(name for name in html.entities.html5 if name.endswith(";"))))
def test_every_named_character_is_a_character_at_its_place(name: str) -> None:
    written = f"a &{name} b"
    words = words_of(written)
    assert " ".join(word.text for word in words).split() == f"a {html.entities.html5[name]} b".split()
    assert written[words[-1].char : words[-1].char + words[-1].length] == "b"


def test_blocks_are_paragraphs_between_texts_and_nothing_around_them() -> None:
    shapes = [type(part) for part in parse_script("<div><p>One</p>\n<p class=x>Two</p></div>")]
    assert shapes == [Sentence, ParagraphEnd, Sentence]


def test_pauses_are_still_pauses() -> None:
    assert [type(part) for part in parse_script('<i>One</i> <break time="1s"/> <br> [pause 1s] two')] == [
        Sentence, Pause, Pause, Sentence,
    ]  # fmt: skip


def test_formatting_alone_says_nothing() -> None:
    assert parse_script(r"<i></i>{\an8}<br>") == []
