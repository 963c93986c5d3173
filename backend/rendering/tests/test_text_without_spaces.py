"""Chinese, Japanese, Thai, links and cries: legible lines, cues of a few seconds, nothing outside the frame."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rendering.cues import Cue
from rendering.film import SUBTITLE_SIZES, Film, Format, SpokenWord, SubtitleStyle
from rendering.lettering import fits, fitted
from rendering.line_breaking import characters, halves, line_units
from rendering.overlays import Overlay
from rendering.planes import empty_planes
from rendering.subtitle_room import is_room_for, measures_of
from rendering.tests.making import a_font, a_scene, a_sound, spoken
from rendering.timeline import lay_out

CHINESE = "很久很久以前，在山脚下住着一位老人，他每天都去森林里砍柴，然后把柴背到镇上去卖，换一点米和盐回来。"
JAPANESE = "むかしむかし、あるところに、おじいさんとおばあさんが住んでいました。ユーザーは、とても喜びました。"
THAI = "กาลครั้งหนึ่งนานมาแล้วมีชายชราคนหนึ่งอาศัยอยู่ในป่าลึกและเขาเดินไปตลาดทุกวันเพื่อขายฟืน"
LINK = f"https://example.com/{'abcdefghij' * 17}"
CRY = "N" + "o" * 200 + "!"


def cues(folder: Path, text: str, seconds: float, fmt: Format) -> tuple[Cue, ...]:
    scene = a_scene(folder, text=text, sound=a_sound(folder, seconds), words=spoken(text, seconds))
    return lay_out(Film("t", (scene,), fmt)).shots[0].cues


def format_of(folder: Path, text: str, size: tuple[int, int] = (640, 360), **style: object) -> Format:
    font = a_font(folder / "own.ttf", text) if any(ord(char) > 0x0E00 for char in text) else None
    return Format(*size, fps=10, subtitles=SubtitleStyle(font=font, **style))


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (1080, 1920), (64, 64)])
@pytest.mark.parametrize(("text", "seconds"), [(CHINESE, 20), (JAPANESE, 18), (THAI, 20), (LINK, 22), (CRY, 25)])
def test_it_stands_in_cues_of_a_few_seconds_that_have_room(
    tmp_path: Path, text: str, seconds: float, size: tuple[int, int]
) -> None:
    fmt = format_of(tmp_path, text, size)
    lines = cues(tmp_path, text, seconds, fmt)
    assert "".join(cue.text for cue in lines) == text
    assert all(cue.end_s - cue.start_s < 6.5 for cue in lines)
    assert all(is_room_for(cue.text, fmt.subtitles, fmt) for cue in lines)
    assert all(before.end_s <= after.start_s for before, after in pairwise(lines))
    assert all(cue.end_s > cue.start_s for cue in lines)


@pytest.mark.parametrize("text", [CHINESE, JAPANESE])
def test_no_cue_begins_with_a_mark_that_belongs_to_the_one_before(tmp_path: Path, text: str) -> None:
    for most in (1, 3, 8, 20):
        lines = cues(tmp_path, text, 20, format_of(tmp_path, text, max_words=most))
        assert not any(cue.text[0] in "，。、ー」" for cue in lines)


def test_thai_breaks_between_words_never_before_a_vowel_sign(tmp_path: Path) -> None:
    units = line_units(THAI)
    assert units[:4] == ["กาล", "ครั้ง", "หนึ่ง", "นาน"]
    assert all(len(unit) < 12 for unit in units)


def test_a_word_in_a_language_with_spaces_stays_whole_where_it_has_room(tmp_path: Path) -> None:
    text = "A well-known Donaudampfschifffahrtsgesellschaft/Kapitän walks in"
    lines = cues(tmp_path, text, 4, format_of(tmp_path, text))
    assert " ".join(cue.text for cue in lines) == text


def test_times_of_the_parts_of_a_word_follow_its_letters(tmp_path: Path) -> None:
    fmt = format_of(tmp_path, CHINESE)
    lines = cues(tmp_path, CHINESE, 20, fmt)
    spoken_s, said = spoken(CHINESE, 20)[0].end_s, 0
    for cue in lines:
        assert cue.start_s == pytest.approx(spoken_s * said / len(CHINESE))
        said += len(cue.text)


@pytest.mark.parametrize("style", ["outline", "box"])
@pytest.mark.parametrize("place", ["top", "middle", "bottom"])
@pytest.mark.parametrize("size", [(64, 64), (128, 72), (64, 128), (256, 144), (64, 4096), (4096, 64)])
def test_the_longest_words_are_drawn_within_the_frame(
    tmp_path: Path, size: tuple[int, int], place: str, style: str
) -> None:
    words = "Internationalization characteristically incomprehensibilities counterrevolutionaries"
    fmt = Format(*size, fps=10, subtitles=SubtitleStyle(style, "large", place, 20))
    text = words * 3
    scene = a_scene(tmp_path, text=text, sound=a_sound(tmp_path, 12.0), words=spoken(text, 12.0))
    scene_cues = lay_out(Film("t", (scene,), fmt)).shots[0].cues
    assert len(scene_cues) > 1 or size[0] == 4096
    for cue in scene_cues:
        out = empty_planes(fmt)
        for plane in out:
            plane[:] = 90
        Overlay(cue.text, fmt.subtitles, fmt).blend(out)
        assert (out[0] != 90).any()
        rim = np.concatenate([out[0][:, 0], out[0][:, -1], out[0][0], out[0][-1]])
        assert not (rim > 150).any()  # no letter runs over an edge


@pytest.mark.parametrize("text", [LINK, CRY, "w" * 60, "one " + "x" * 90, CHINESE[:40]])
def test_fitted_lines_are_never_wider_than_the_line(tmp_path: Path, text: str) -> None:
    font = a_font(tmp_path / "own.ttf", text)
    for size, width in ((40, 300), (20, 100), (12, 50)):
        lines, face = fitted(text, font, size, width, 2, size * 2 // 3)
        assert all(face.getlength(line) <= width for line in lines.split("\n"))
        assert face.size >= size * 2 // 3
        assert (lines.count("\n") < 2) == fits(text, font, face.size, width, 2)
        assert lines.replace("\n", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text", ["👩‍🌾👩‍🌾", "😀 b 😀 c", "𠀀𠀁𠀂", "a\ud800b", "e\u0301" * 5, "Noooo", "ab cd", CHINESE]
)
def test_halves_keep_characters_whole(text: str) -> None:
    first, second = halves(text)
    assert first + second == text
    assert [*characters(first), *characters(second)] == characters(text)


def test_letters_keep_two_thirds_of_their_size(tmp_path: Path) -> None:
    for size in SUBTITLE_SIZES:
        fmt = Format(1920, 1080, subtitles=SubtitleStyle(size=size))
        measures = measures_of(fmt.subtitles, fmt)
        assert measures.smallest >= measures.size * 2 // 3 >= 28


def test_a_word_that_takes_long_is_not_broken_when_it_is_short(tmp_path: Path) -> None:
    fmt = format_of(tmp_path, "Wait")
    scene = a_scene(tmp_path, sound=a_sound(tmp_path, 9.0), words=(SpokenWord("Wait", 0.0, 9.0),))
    assert [cue.text for cue in lay_out(Film("t", (scene,), fmt)).shots[0].cues] == ["Wait"]
