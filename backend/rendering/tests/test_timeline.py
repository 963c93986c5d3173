from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rendering.errors import InvalidFormat
from rendering.film import FRAME_RATES, Film, Format
from rendering.tests.making import SMALL, a_film, a_scene, with_scene
from rendering.timeline import MAX_CHUNK_FRAMES, lay_out


def test_every_frame_of_the_film_is_in_exactly_one_chunk(tmp_path: Path) -> None:
    timeline = lay_out(a_film(tmp_path, scenes=5))
    frames = [chunk.start + step for chunk in timeline.chunks for step in range(chunk.frames)]
    assert frames == list(range(timeline.frames))


def test_no_chunk_is_a_single_frame_or_longer_than_two_seconds_of_thirty(tmp_path: Path) -> None:
    scene = a_scene(tmp_path)
    for seconds in (0.1, 0.5, 1.0, 5.9, 6.0, 6.1, 60.0):
        for transition in (0.0, 0.01, 0.4, 2.0):
            long = replace(scene, sound=replace(scene.sound, duration_s=seconds))
            timeline = lay_out(Film("t", (long, long, long), replace(SMALL, transition_s=transition)))
            assert all(2 <= chunk.frames <= MAX_CHUNK_FRAMES for chunk in timeline.chunks)


def test_neighbours_share_a_crossfade(tmp_path: Path) -> None:
    first, second, _ = lay_out(a_film(tmp_path)).shots
    assert first.start + first.frames - second.start == 4


def test_two_narrations_are_never_closer_than_the_pause(tmp_path: Path) -> None:
    film = a_film(tmp_path, transition_s=2.0, pause_s=0.3)
    timeline = lay_out(film)
    ends = [timeline.sound_sample(shot) / 48_000 + 2.0 for shot in timeline.shots]
    starts = [timeline.sound_sample(shot) / 48_000 for shot in timeline.shots]
    assert all(start - end >= 0.3 - 1e-9 for end, start in zip(ends, starts[1:], strict=False))


def test_a_longer_scene_moves_later_ones_but_leaves_their_chunks_alike(tmp_path: Path) -> None:
    film = a_film(tmp_path)
    scene = film.scenes[0]
    longer = with_scene(film, 0, sound=replace(scene.sound, duration_s=3.3))
    before, after = lay_out(film).shots[2], lay_out(longer).shots[2]
    assert after.start > before.start
    assert (after.frames, after.cue_frames) == (before.frames, before.cue_frames)


def test_words_are_shown_while_they_are_spoken(tmp_path: Path) -> None:
    shot = lay_out(a_film(tmp_path)).shots[0]
    for word in shot.scene.words:
        middle = shot.sound_start_s + (word.start_s + word.end_s) / 2
        assert word.text in (shot.cue_at(int(middle * shot.fps)) or "").split()


def test_a_scene_without_sound_stands_for_the_chosen_time(tmp_path: Path) -> None:
    film = with_scene(a_film(tmp_path, transition_s=0.0, silent_scene_s=2.5), 1, sound=None)
    assert lay_out(film).shots[1].frames == 25


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_sound_and_picture_are_equally_long_at_every_frame_rate(tmp_path: Path, fps: int) -> None:
    timeline = lay_out(a_film(tmp_path, fps=fps))
    assert timeline.samples * fps == timeline.frames * 48_000


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"width": 1921}, "width"),
        ({"height": 0}, "height"),
        ({"width": 8192}, "width"),
        ({"fps": 29}, "frame rate"),
        ({"fit": "stretch"}, "fit"),
        ({"motion": "spin"}, "motion"),
        ({"transition_s": -1}, "transition"),
        ({"zoom": 9}, "zoom"),
        ({"pause_s": 0}, "pause"),
        ({"crf": 99}, "quality"),
    ],
)
def test_a_format_no_video_can_have_is_refused_by_name(changes: dict[str, object], word: str) -> None:
    with pytest.raises(InvalidFormat, match=word):
        replace(Format(), **changes)


def test_a_story_without_segments_is_refused() -> None:
    with pytest.raises(InvalidFormat, match="no segments"):
        Film("t", (), Format())
