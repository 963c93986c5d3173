from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from rendering.cues import Cue, cues_of, srt, webvtt
from rendering.film import SubtitleStyle
from rendering.tests.making import a_scene, spoken


def lines(tmp_path: Path, text: str, most: int = 8) -> list[str]:
    scene = a_scene(tmp_path, text=text, words=spoken(text, 20))
    return [cue.text for cue in cues_of(scene, SubtitleStyle(max_words=most))]


def test_a_line_never_crosses_the_end_of_a_sentence(tmp_path: Path) -> None:
    assert lines(tmp_path, "It rained. “Come in,” she said. He did!") == [
        "It rained.",
        "“Come in,” she said.",
        "He did!",
    ]


def test_a_long_sentence_breaks_at_its_comma(tmp_path: Path) -> None:
    assert lines(tmp_path, "When the rain had stopped, they went out to look at the tree", 7) == [
        "When the rain had stopped,",
        "they went out to",
        "look at the tree",
    ]


def test_no_word_is_left_alone_on_the_last_line(tmp_path: Path) -> None:
    assert [len(line.split()) for line in lines(tmp_path, " ".join("abcdefghi"), 8)] == [5, 4]


def test_no_word_is_lost_or_said_twice(tmp_path: Path) -> None:
    text = "One, two; three: four. Five — six seven eight nine ten eleven twelve thirteen? Fourteen"
    for most in range(1, 21):
        assert " ".join(lines(tmp_path, text, most)) == text


def test_lines_never_overlap_and_follow_without_a_flicker(tmp_path: Path) -> None:
    cues = cues_of(a_scene(tmp_path), SubtitleStyle(max_words=3))
    gaps = [after.start_s - before.end_s for before, after in pairwise(cues)]
    assert all(gap == 0 or gap >= 0.35 for gap in gaps)
    assert all(cue.end_s > cue.start_s for cue in cues)


def test_subrip_numbers_its_lines_and_separates_milliseconds_by_a_comma() -> None:
    assert srt([Cue(3661.5, 3662.25, "Late.")]) == "1\n01:01:01,500 --> 01:01:02,250\nLate.\n"


def test_webvtt_escapes_what_it_would_read_as_markup() -> None:
    assert webvtt([Cue(0, 1, "a < b & c")]) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\na &lt; b &amp; c\n"
