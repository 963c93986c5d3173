from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narration.script import MAX_SENTENCE_WORDS, ParagraphEnd, Pause, ScriptWord, Sentence, parse_script


def sentences(text: str) -> list[str]:
    return [" ".join(word.text for word in part.words) for part in parse_script(text) if isinstance(part, Sentence)]


def test_titles_initials_and_numbers_do_not_end_a_sentence() -> None:
    text = "Dr. Marsh met J. K. Rowling in No. 5. “Is it so?” he asked. It was. Mr. Fig laughed!"
    assert sentences(text) == [
        "Dr. Marsh met J. K. Rowling in No. 5.",
        "“Is it so?” he asked.",
        "It was.",
        "Mr. Fig laughed!",
    ]


def test_no_at_the_end_is_an_answer() -> None:
    assert sentences("He said no. Nobody came.") == ["He said no.", "Nobody came."]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("[pause 0.8s]", 0.8),
        ("[Pause 2]", 2),
        ('<break time="800ms"/>', 0.8),
        ("<break time='1.5s' />", 1.5),
        ("[pause 99s]", 10),
    ],
)
def test_pauses_are_silence_of_their_length_and_at_most_ten_seconds(text: str, seconds: float) -> None:
    assert parse_script(f"One {text} two") == [
        Sentence((ScriptWord("One", 0, 3),)),
        Pause(seconds),
        Sentence((ScriptWord("two", 5 + len(text), 3),)),
    ]


def test_a_blank_line_ends_a_paragraph() -> None:
    assert [type(part) for part in parse_script("One\n \nTwo\nthree")] == [Sentence, ParagraphEnd, Sentence]


def test_phonemes_belong_to_their_word_and_keep_what_follows_it() -> None:
    (sentence,) = parse_script("A [tomato](/təmˈɑːtO/), yes")
    assert isinstance(sentence, Sentence)
    assert sentence.words[1] == ScriptWord("tomato,", 3, 6, "təmˈɑːtO")


@pytest.mark.parametrize(
    ("written", "said"),
    [("*cold*", "cold"), ("**cold**,", "cold,"), ("“_cold_”", "“cold”"), ("a*b", "a*b"), ("snake_case", "snake_case")],
)
def test_emphasis_loses_its_stars_and_nothing_else_does(written: str, said: str) -> None:
    assert sentences(written) == [said]


def test_a_sentence_of_hundreds_of_words_is_cut_without_losing_one() -> None:
    text = " ".join(f"word{n}{',' if n % 50 == 0 else ''}" for n in range(500))
    cut = sentences(text)
    assert " ".join(cut) == text
    assert all(len(piece.split()) <= MAX_SENTENCE_WORDS for piece in cut)


@given(st.text(max_size=200))
def test_every_word_is_found_again_where_it_says_it_stands(text: str) -> None:
    for part in parse_script(text):
        if isinstance(part, Sentence):
            for word in part.words:
                assert 0 <= word.char <= word.char + word.length <= len(text)
                assert word.text[:1] in text[word.char : word.char + word.length] or not word.text


@given(st.text(alphabet="ab .,!\n🍇é", max_size=200))
def test_nothing_written_is_left_out(text: str) -> None:
    said = [word.text for part in parse_script(text) if isinstance(part, Sentence) for word in part.words]
    assert said == text.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他来了。他走了！「真的？」她问。", ["他来了。", "他走了！", "「真的？」", "她问。"]),
        ("むかし、山に。川へ｡", ["むかし、山に。", "川へ｡"]),
        ("He said 你好。Then he left.", ["He said 你好。", "Then he left."]),
        ("*很好。*再见", ["很好。", "再见"]),
        ("Yahoo！japan is here. Ok.", ["Yahoo！japan is here.", "Ok."]),
        ("等等。。。好！？", ["等等。。。", "好！？"]),
        ("a.b c!d", ["a.b c!d"]),
    ],
)
def test_sentences_that_follow_without_a_space_are_told_apart(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
