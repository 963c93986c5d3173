from __future__ import annotations

import pytest

from api.parsers import ParsedSegment, ParseError, TextParser

TWO = [ParsedSegment("One."), ParsedSegment("Two.")]


@pytest.mark.parametrize(
    "before", ["", "\u00a0", "\u202f", "\u200b", "\ufeff", "\u3000", "\t ", "\u2060\u00a0", "\u00ad"]
)
@pytest.mark.parametrize("behind", ["", "\u00a0", "\u202f", "\u200b", "\ufeff", "\u2003\u200d", " \r"])
def test_what_cannot_be_seen_beside_hyphens_does_not_keep_them_from_dividing(before: str, behind: str) -> None:
    assert TextParser.parse(f"Text: One.\n{before}---{behind}\nText: Two.") == TWO


@pytest.mark.parametrize(
    "divider",
    [
        "———",
        "–––",
        "***",
        "___",
        "===",
        "~~~",
        "— — —",
        "- - -",
        "* * *",
        "―――",
        "−−−",
        "‑‑‑",
        "—–-",
        "───",
        "####",
        "•••",
        "--\u200b-",
        "**********",
        "* \u00a0* *",
    ],
)
def test_other_lines_drawn_between_two_texts_divide_too(divider: str) -> None:
    assert TextParser.parse(f"Text: One.\n{divider}\nText: Two.") == TWO
    first, second = "Text: One.\nPrompt: A.\n", "SEGMENT 2\nPrompt: B.\nText: Two."
    three = f"{first}\n{divider}\n\n{second}\n{divider}\nText: Three.\n---\nText: 4."
    expected = [ParsedSegment("One.", "A."), ParsedSegment("Two.", "B."), ParsedSegment("Three."), ParsedSegment("4.")]
    assert TextParser.parse(three) == expected


@pytest.mark.parametrize("divider", ["———", "***", "- - -", "~~~"])
def test_such_a_line_within_one_text_stays_narration(divider: str) -> None:
    assert TextParser.parse(f"Text: One.\n{divider}\nMore of it.") == [ParsedSegment(f"One. {divider} More of it.")]
    assert TextParser.parse(f"Text: One.\n{divider}") == [ParsedSegment(f"One. {divider}")]
    assert TextParser.parse(f"Text: One.\n{divider}\nPrompt: A.") == [ParsedSegment(f"One. {divider}", "A.")]
    assert TextParser.parse(f"Title\n{divider}\nText: One.") == [ParsedSegment("One.")]


@pytest.mark.parametrize("line", ["--", "**", "—", "—— well", "*-*", "-=-", "well ---", "--- well", "=", "1 2 3"])
def test_what_is_no_line_of_one_mark_never_divides(line: str) -> None:
    assert TextParser.parse(f"Text: One.\n{line}\nText: Two.") == [ParsedSegment(f"One. {line} Two.")]


@pytest.mark.parametrize("colon", [":", "：", " :", " ：", "\u00a0:", "\t:", "﹕"])
@pytest.mark.parametrize("case", [str.title, str.upper, str.lower])
def test_a_colon_may_be_wide_and_stand_apart(colon: str, case: object) -> None:
    text, prompt = case("text"), case("prompt")  # type: ignore[operator]
    assert TextParser.parse(f"{text}{colon} One.\n{prompt}{colon}A.") == [ParsedSegment("One.", "A.")]


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u200e", "\u00a0\u200b "])
def test_a_prefix_may_follow_what_cannot_be_seen(mark: str) -> None:
    assert TextParser.parse(f"Text: One.\n---\n{mark}Text: Two.") == TWO


def test_a_block_without_text_is_named_as_before() -> None:
    with pytest.raises(ParseError) as refusal:
        TextParser.parse("Text: One.\n\u00a0---\nTwo.")
    assert "Block 2 has no Text: line; it begins “Two.”." in refusal.value.details
