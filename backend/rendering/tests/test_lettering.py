from __future__ import annotations

from pathlib import Path

import pytest
from PIL import features

from rendering import lettering
from rendering.errors import SubtitleUndrawable
from rendering.film import Format, SubtitleStyle
from rendering.lettering import check_drawable, fitted, legible
from rendering.overlays import Overlay
from rendering.planes import empty_planes


@pytest.mark.parametrize(
    "text",
    [
        "“Quiet,” she said… — naïve Łódź",
        "Ελληνικά",
        "Смешанный текст",
        "שלום עולם",
        "مرحبا بالعالم",
        "She said שלום, then left.",
        "½ °C €5",
    ],
)
def test_the_shipped_font_has_the_letters_of_these_scripts(text: str) -> None:
    check_drawable(text, None)


@pytest.mark.parametrize(("text", "letter"), [("北京", "京"), ("नमस्ते", "न"), ("ข้าว", "ข")])
def test_letters_it_lacks_are_named(text: str, letter: str) -> None:
    with pytest.raises(SubtitleUndrawable, match=letter):
        check_drawable(text, None)


def test_right_to_left_without_the_library_that_orders_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: False)
    check_drawable("Left to right", None)
    with pytest.raises(SubtitleUndrawable, match="libfribidi0"):
        check_drawable("שלום", None)


def weight_of_halves(text: str) -> tuple[int, int]:
    """How many lit pixels the left and the right half of a drawn line have."""
    fmt = Format(width=640, height=360)
    out = empty_planes(fmt)
    out[0][:] = 16
    Overlay(text, SubtitleStyle(), fmt).blend(out)
    lit = (out[0] > 150).sum(axis=0)
    columns = lit.nonzero()[0]
    middle = (columns[0] + columns[-1]) // 2
    return int(lit[:middle].sum()), int(lit[middle:].sum())


def test_right_to_left_words_stand_in_their_reading_order() -> None:
    """The word that comes first in the text, here the dense one, has to stand at the right end."""
    left, right = weight_of_halves("שששששששש י י י")
    assert right > 1.3 * left
    left, right = weight_of_halves("י י י שששששששש")
    assert left > 1.3 * right


def test_emoji_and_control_characters_are_left_out() -> None:
    assert legible("👩‍🌾 figs\u0007 🍇\n\tgrow 5°") == "figs grow 5°"


def test_a_long_line_is_broken_evenly_and_a_long_word_made_smaller() -> None:
    lines, face = fitted("one two three four five six seven eight nine ten", None, 40, 500, 2)
    first, second = lines.split("\n")
    assert abs(len(first) - len(second)) <= 6
    _, smaller = fitted("w" * 60, None, 40, 500, 2)
    assert smaller.size < face.size
    assert smaller.getlength("w" * 60) <= 500


def test_a_font_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(b"no font")
    with pytest.raises(SubtitleUndrawable, match=r"font\.ttf"):
        check_drawable("a", path)


def test_a_font_of_ones_own_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copy = tmp_path / "own.ttf"
    copy.write_bytes(lettering.DEFAULT_FONT.read_bytes())
    check_drawable("שלום", copy)
    monkeypatch.setattr(lettering, "DEFAULT_FONT", tmp_path / "gone.ttf")
    assert fitted("a", copy, 20, 100, 1)[1].size == 20
