"""Title cards: their text, its legibility in every shape and look, and no repetition in subtitles."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rendering.card_words import openings
from rendering.cards import CARD_FONT, card_of, title_card
from rendering.film import CARD_LOOKS, SUBTITLE_PLACES, Film, Format, Scene, Sound, SpokenWord, SubtitleStyle
from rendering.lettering import DEFAULT_FONT, font_of
from rendering.renderer import render
from rendering.subtitle_room import band_of
from rendering.tests.making import a_film, frames_of, spoken, with_scene, without_subtitles
from rendering.timeline import lay_out

SHAPES = ((1920, 1080), (1080, 1920), (1080, 1080), (1080, 1350), (160, 90), (90, 160))
NARROW = ((64, 64), (64, 4096), (4096, 64))
LONG = (
    "The lamp at Orrin Point had been out for eleven nights when the boy first climbed the stairs, carrying a tin of "
    "oil and his grandmother's matches. Nobody had asked him to."
)


def card(text: str, fmt: Format | None = None, number: int = 3) -> Any:
    return card_of(Scene("1", text), number, fmt or Format())


def said(text: str) -> str:
    return next(openings(text.split()))[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nobody came.", "Nobody came."),
        ("Nobody came. Then the door moved.", "Nobody came. Then the door moved."),
        ("The old house stood empty. Nobody came. Then it rained.", "The old house stood empty. Nobody came."),
        ("Dr. Smith walked home. It was late, and the streets were dark.", "Dr. Smith walked home."),
        ("“Wait!” he said. Nobody waited, not even the dog at his feet.", "“Wait!” he said."),
        (LONG, "The lamp at Orrin Point had been out for eleven nights when the boy first climbed the stairs…"),
        ("word " * 40, "word " * 11 + "word…"),
        ("Hello", "Hello"),
    ],
)
def test_a_card_says_the_first_sentence_or_as_much_of_it_as_is_read_at_a_glance(text: str, words: str) -> None:
    assert said(text) == words


def test_each_opening_is_shorter_than_the_one_before() -> None:
    counts = [count for count, _ in openings(LONG.split())]
    assert counts == sorted(set(counts), reverse=True)
    assert counts[-1] == 1
    assert list(openings([])) == []


@pytest.mark.parametrize("size", SHAPES + NARROW)
@pytest.mark.parametrize("place", [*SUBTITLE_PLACES, None])
def test_lines_fit_the_frame_and_stand_where_subtitles_do_not(size: tuple[int, int], place: str | None) -> None:
    style = SubtitleStyle(place=place) if place else None
    fmt = Format(width=size[0], height=size[1], subtitles=style)
    laid = card(LONG, fmt)
    face = font_of(laid.font, laid.letters * 4)
    assert 1 <= len(laid.lines) <= 5
    assert laid.letters >= 8
    assert max(face.getlength(line) for line in laid.lines) <= 4 * size[0]
    plain = title_card(card("", fmt), size)
    drawn = np.abs(title_card(laid, size).astype(int) - title_card(replace(laid, lines=()), size)).max(axis=2) > 60
    rows = np.flatnonzero(drawn.any(axis=1))
    assert plain.shape == (size[1], size[0], 3)
    assert len(rows)
    first, last = band_of(style, fmt) if style and min(size) > 100 else (0, 0)
    assert not set(rows) & set(range(first, last))


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (160, 90), (64, 64)])
@pytest.mark.parametrize("look", CARD_LOOKS)
@pytest.mark.parametrize("text", [LONG, "Nobody came.", "Rain.", "A quiet street at noon, and not one dog in it."])
def test_letters_stand_out_from_their_ground(size: tuple[int, int], look: str, text: str) -> None:
    laid = card(text, Format(width=size[0], height=size[1], card_look=look))
    ground = [luminance(colour) for colour in (laid.palette.middle, laid.palette.edge)]
    letters = luminance(laid.palette.letters)
    # WCAG 2.2, success criterion 1.4.6.
    assert min((max(letters, it) + 0.05) / (min(letters, it) + 0.05) for it in ground) >= 6
    pixels = title_card(laid, size).astype(int)
    assert (np.abs(pixels - laid.palette.letters).max(axis=2) < 60).sum() > 8


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG 2.2: relative luminance of sRGB."""
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_same_words_look_the_same_wherever_they_stand() -> None:
    fmt = Format(card_look="colour")
    assert card("Nobody came.", fmt, 1) == card("Nobody came.", fmt, 9)
    assert len({card(f"Sentence {number}.", fmt).palette for number in range(40)}) > 3


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا بالعالم"])
def test_words_that_the_cards_font_lacks_are_drawn_in_the_subtitles_font(text: str) -> None:
    assert (card(text).font, card(text).words) == (DEFAULT_FONT, 2)
    assert card("Ποτέ δεν ήρθε. Доброе утро.").font == CARD_FONT


@pytest.mark.parametrize("text", ["", " ", "🍇", "東の家", "…", "む" * 300])
def test_where_nothing_can_be_drawn_the_card_has_the_segment_s_number(text: str) -> None:
    laid = card(text, number=7)
    assert (laid.lines, laid.words) == (("7",), 0)
    assert title_card(laid, (320, 180)).max() > 150


@pytest.mark.parametrize("text", ["x" * 300, "A" * 40 + " b", "Donaudampfschifffahrtsgesellschaftskapitän " * 3])
@pytest.mark.parametrize("size", [(1920, 1080), (90, 160)])
def test_a_word_wider_than_the_frame_is_cut(text: str, size: tuple[int, int]) -> None:
    laid = card(text, Format(width=size[0], height=size[1]))
    assert font_of(laid.font, laid.letters * 4).getlength(max(laid.lines, key=len)) <= 4 * size[0]


def test_a_small_picture_of_a_card_has_the_same_lines() -> None:
    laid = card(LONG)
    large, small = title_card(laid, (1920, 1080)), title_card(laid, (480, 270))
    shrunk = large.reshape(270, 4, 480, 4, 3).mean(axis=(1, 3))
    assert np.abs(shrunk - small).mean() < 3


def test_the_card_s_words_are_not_written_below_it_once_more(tmp_path: Path) -> None:
    text = "A fig tree stood in the yard. Nobody came to see it for years and years."
    film = with_scene(a_film(tmp_path, scenes=1), 0, picture=None, text=text, words=spoken(text, 4.0))
    (shot,) = lay_out(film).shots
    assert shot.card is not None
    assert shot.card.words == 7
    assert shot.cues[0].text == "A fig tree stood in the yard."
    assert " ".join(cue.text for cue in shot.cue_frames) == "Nobody came to see it for years and years."
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert "A fig tree stood in the yard." in (tmp_path / "out.srt").read_text()
    pictured = lay_out(a_film(tmp_path, scenes=1)).shots[0]
    assert len(pictured.cue_frames) == len(pictured.cues)


def test_no_spoken_word_is_missing_from_card_and_subtitles_together() -> None:
    for most in range(1, 9):
        for text in (LONG, "One two three four five six seven. Eight nine, ten eleven twelve thirteen!", "Rain."):
            words = tuple(SpokenWord(word, at * 0.4, at * 0.4 + 0.4) for at, word in enumerate(text.split()))
            style = SubtitleStyle(max_words=most)
            shot = lay_out_of(Scene("1", text, words=words), Format(subtitles=style))
            assert shot.card
            rest = " ".join(cue.text for cue in shot.cue_frames).split()
            assert len(rest) >= len(words) - shot.card.words
            assert rest == [word.text for word in words][len(words) - len(rest) :]


def lay_out_of(scene: Scene, fmt: Format) -> Any:
    sound = Sound(Path("x"), "x", scene.words[-1].end_s)
    return lay_out(Film("", (replace(scene, sound=sound),), fmt)).shots[0]


def test_a_card_holds_still_and_another_look_is_another_film(tmp_path: Path) -> None:
    film = without_subtitles(with_scene(a_film(tmp_path, scenes=1, width=320, height=180), 0, picture=None))
    frames = frames_of(render(film, tmp_path / "out.mp4", tmp_path / "cache").path)
    assert np.abs(frames[2].astype(int) - frames[-2]).mean() < 2
    assert (frames[5].max(axis=2) > 200).sum() > 50
    assert np.median(frames[5]) < 70
    paper = replace(film, format=replace(film.format, card_look="paper"))
    rendered = render(paper, tmp_path / "paper.mp4", tmp_path / "cache")
    assert rendered.drawn == rendered.chunks
    assert np.median(frames_of(rendered.path)[5]) > 200


def test_a_renamed_film_keeps_its_cards(tmp_path: Path) -> None:
    film = with_scene(a_film(tmp_path), 1, picture=None)
    render(film, tmp_path / "out.mp4", tmp_path / "cache")
    assert render(replace(film, title="Another"), tmp_path / "out.mp4", tmp_path / "cache").drawn == 0
