"""Characters that the subtitle font lacks: marks are replaced and named, letters of other scripts are an error."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from rendering.errors import SubtitleUndrawable
from rendering.lettering import DEFAULT_FONT, check_drawable
from rendering.renderer import render
from rendering.substitutes import drawable, lacking, letters_of, substitutions
from rendering.tests.making import a_film, a_font, spoken, with_scene, with_subtitles, without_subtitles


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("fell to −4", "fell to -4"),
        ("A → B ⇒ C ← D", "A -> B => C <- D"),
        ("x ≠ y, x ≤ 3 ≥ 2, ≈ 5", "x != y, x <= 3 >= 2, ~ 5"),
        ("to ∞ and √2", "to infinity and root 2"),
        ("Chapter Ⅳ, ＡＢＣ １２", "Chapter IV, ABC 12"),
        ("𝗯𝗼𝗹𝗱 𝓈𝒸𝓇𝒾𝓅𝓉 𝕕𝕠𝕦𝕓𝕝𝕖", "bold script double"),
        ("① ❷ ⓒ ㎏", "1 2 c kg"),
        ("१२ ٣", "12 ٣"),
        ("♪ la ★ ∴", "la"),
        ("ok 👩‍🌾 ❤️", "ok"),
    ],
)
def test_a_mark_is_drawn_in_a_plain_form_or_left_out(text: str, drawn: str) -> None:
    assert drawable(text, DEFAULT_FONT) == drawn
    check_drawable(text, None)


def test_what_the_font_has_is_never_replaced(tmp_path: Path) -> None:
    font = a_font(tmp_path / "own.ttf", "→♪★Ⅳ−𝗯")
    assert drawable("→♪★Ⅳ−𝗯", font) == "→♪★Ⅳ−𝗯"
    everything = "".join(map(chr, sorted(letters_of(DEFAULT_FONT))))
    kept = [char for char in everything if not char.isspace() and unicodedata.category(char)[0] not in "CZ"]
    assert drawable("".join(kept), DEFAULT_FONT) == "".join(kept)


@pytest.mark.parametrize("text", ["她", "नमस्ते", "ข้าว", "ꦲ", "カ", "한글", "ა" * 3 + "Ⴀ" + "ⴀ"])
def test_letters_of_another_script_are_lacking(text: str) -> None:
    letters = {char for char in text if unicodedata.category(char) == "Lo"}
    assert letters - letters_of_font() <= set(lacking(text, DEFAULT_FONT))
    assert lacking(text, DEFAULT_FONT)


def letters_of_font() -> set[str]:
    return {chr(code) for code in letters_of(DEFAULT_FONT)}


@pytest.mark.parametrize(
    "category", ["Sm", "So", "Sc", "Sk", "Po", "Ps", "Pe", "Pd", "Pi", "Pf", "Pc", "No", "Nl", "Lm"]
)
def test_no_mark_number_or_symbol_of_unicode_stops_a_film(category: str) -> None:
    marks = [char for char in map(chr, range(0x30000)) if unicodedata.category(char) == category]
    for char in marks:
        check_drawable(char, None)
        assert {ord(letter) for letter in drawable(char, DEFAULT_FONT)} <= letters_of(DEFAULT_FONT) | {32}


def test_replaced_marks_are_named_once_and_emoji_are_not() -> None:
    assert substitutions("a → b → ♪ 👩‍🌾\u200b\n", DEFAULT_FONT) == {"→": "->", "♪": ""}


def test_a_film_says_which_marks_its_subtitles_show_otherwise(tmp_path: Path) -> None:
    text = "It fell to −4 ♪ so stop."
    film = with_scene(a_film(tmp_path), 1, text=text, words=spoken(text))
    rendered = render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert rendered.notes == (
        "Segment 2: the subtitle font has no −; “-” is drawn instead.",
        "Segment 2: the subtitle font has no ♪; it is left out.",
    )
    assert "−4 ♪" in (tmp_path / "out.srt").read_text()
    assert render(without_subtitles(film), tmp_path / "out.mp4", tmp_path / "cache").notes == ()


def test_a_script_that_the_font_lacks_is_refused_with_the_segment_s_number(tmp_path: Path) -> None:
    text = "She said 你好"
    film = with_scene(a_film(tmp_path), 2, text=text, words=spoken(text))
    with pytest.raises(SubtitleUndrawable, match=r"Segment 3: .*你"):
        render(film, tmp_path / "out.mp4", tmp_path / "cache")
    font = a_font(tmp_path / "own.ttf", "你好" + "".join(map(chr, range(33, 127))))
    assert render(with_subtitles(film, font=font), tmp_path / "out.mp4", tmp_path / "cache").notes == ()
