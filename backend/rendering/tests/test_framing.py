from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rendering.film import MOTIONS
from rendering.framing import motions_of, view_at
from rendering.tests.making import a_film, a_picture, with_scene

SOURCE, FRAME = (240, 160), (160, 90)


@pytest.mark.parametrize("name", MOTIONS)
@pytest.mark.parametrize("focus", [(0.0, 0.0), (0.5, 0.5), (1.0, 0.3)])
def test_no_motion_ever_looks_past_the_edge(tmp_path: Path, name: str, focus: tuple[float, float]) -> None:
    film = with_scene(a_film(tmp_path), 0, motion=name, picture=a_picture(tmp_path, focus=focus))
    motion = motions_of(film)[0]
    for progress in np.linspace(0, 1, 21):
        view = view_at(motion, float(progress), SOURCE, FRAME)
        assert view.left >= -1e-9
        assert view.top >= -1e-9
        assert view.left + view.step * FRAME[0] <= SOURCE[0] + 1e-9
        assert view.top + view.step * FRAME[1] <= SOURCE[1] + 1e-9


@pytest.mark.parametrize("name", ["still", "zoom-in", "zoom-out"])
def test_the_focus_stays_at_its_place_in_the_frame(tmp_path: Path, name: str) -> None:
    film = with_scene(a_film(tmp_path), 0, motion=name, picture=a_picture(tmp_path, focus=(0.8, 0.25)))
    motion = motions_of(film)[0]
    for progress in (0.0, 0.3, 1.0):
        view = view_at(motion, progress, SOURCE, FRAME)
        assert (0.8 * SOURCE[0] - view.left) / (view.step * FRAME[0]) == pytest.approx(0.8)
        assert (0.25 * SOURCE[1] - view.top) / (view.step * FRAME[1]) == pytest.approx(0.25)


def test_steps_between_frames_are_even_and_finer_than_a_pixel(tmp_path: Path) -> None:
    motion = motions_of(with_scene(a_film(tmp_path), 0, motion="pan-right"))[0]
    lefts = [view_at(motion, frame / 149, SOURCE, FRAME).left for frame in range(150)]
    steps = np.diff(lefts)
    assert np.allclose(steps, steps[0])
    assert 0 < steps[0] < 0.5


def test_neighbours_move_differently_even_with_the_same_picture(tmp_path: Path) -> None:
    film = a_film(tmp_path, scenes=4)
    same = replace(film, scenes=tuple(replace(s, picture=film.scenes[0].picture) for s in film.scenes))
    motions = motions_of(same)
    assert all(one != other for one, other in pairwise(motions))


def test_a_scene_keeps_its_motion_when_the_story_is_cut_or_grows_elsewhere(tmp_path: Path) -> None:
    film = a_film(tmp_path, scenes=6)
    shorter = replace(film, scenes=film.scenes[3:])
    assert motions_of(film)[4:] == motions_of(shorter)[1:]


def test_the_films_motion_is_every_scenes_that_has_none_of_its_own(tmp_path: Path) -> None:
    film = with_scene(a_film(tmp_path, motion="still"), 1, motion="zoom-in")
    zooms = [motion.zoom for motion in motions_of(film)]
    assert zooms == [(1.0, 1.0), (1.0, 1.25), (1.0, 1.0)]


@pytest.mark.parametrize("name", ["still", "pan-left", "pan-down"])
def test_a_picture_sized_for_a_camera_that_comes_no_closer_is_drawn_pixel_for_pixel(tmp_path: Path, name: str) -> None:
    motion = motions_of(with_scene(a_film(tmp_path), 0, motion=name))[0]
    closest = max(motion.zoom)
    for frame in ((1920, 1080), (1080, 1920), (1080, 1080), (854, 480), (426, 240)):
        sized = (math.ceil(frame[0] * closest), math.ceil(frame[1] * closest))
        for rounded in (sized, (sized[0] + 1, sized[1] + 1), (sized[0] * 2, sized[1])):
            assert view_at(motion, 0.5, rounded, frame).step == 1.0
    assert view_at(motion, 0.5, (4000, 3000), (1920, 1080)).step > 1.5


def test_a_zoom_never_snaps_to_whole_pixels_on_its_way(tmp_path: Path) -> None:
    motion = motions_of(with_scene(a_film(tmp_path), 0, motion="zoom-in"))[0]
    steps = [view_at(motion, at / 149, (2400, 1350), (1920, 1080)).step for at in range(150)]
    assert all(one > other for one, other in pairwise(steps))
