"""Positions of subtitles: within the frame, and in upright films outside the controls of players."""

from __future__ import annotations

import numpy as np
import pytest

from rendering.film import SUBTITLE_PLACES, SUBTITLE_SIZES, Format, SubtitleStyle
from rendering.overlays import Overlay
from rendering.planes import empty_planes

TEXT = "The lamp at Orrin Point had been out for eleven nights"


def seen(size: tuple[int, int], style: SubtitleStyle, text: str = TEXT) -> tuple[float, float, float, float]:
    """(top, bottom, left, right) of the drawn letters, as shares of the frame."""
    fmt = Format(width=size[0], height=size[1], subtitles=style)
    planes = empty_planes(fmt)
    for plane, grey in zip(planes, (90, 128, 128), strict=True):
        plane[:] = grey
    Overlay(text, style, fmt).blend(planes)
    rows, columns = (np.flatnonzero((planes[0] != 90).any(axis=axis)) for axis in (1, 0))
    return rows[0] / size[1], (rows[-1] + 1) / size[1], columns[0] / size[0], (columns[-1] + 1) / size[0]


@pytest.mark.parametrize("letters", SUBTITLE_SIZES)
@pytest.mark.parametrize("style", ["outline", "box"])
@pytest.mark.parametrize("place", SUBTITLE_PLACES)
@pytest.mark.parametrize("size", [(1080, 1920), (720, 1280), (360, 640), (1080, 2340), (1080, 1620), (90, 160)])
def test_an_upright_film_s_subtitles_stay_clear_of_a_player_s_buttons(
    size: tuple[int, int], place: str, style: str, letters: str
) -> None:
    top, bottom, left, right = seen(size, SubtitleStyle(style=style, size=letters, place=place))
    pixel = 2 / min(size)
    assert top >= 0.15 - pixel
    assert bottom <= 0.75 + pixel
    assert left >= 0.12 - pixel
    assert right <= 0.88 + pixel


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1080), (1080, 1350), (160, 90)])
def test_other_shapes_use_their_whole_frame_but_a_margin(size: tuple[int, int]) -> None:
    _, bottom, left, right = seen(size, SubtitleStyle(), text=TEXT * 2)
    assert 0.88 < bottom <= 0.95
    assert left >= 0.05
    assert right <= 0.95


@pytest.mark.parametrize("size", [(64, 4096), (64, 96)])
def test_the_narrowest_upright_film_still_has_room_for_a_word(size: tuple[int, int]) -> None:
    top, bottom, _, _ = seen(size, SubtitleStyle(size="large", style="box"), text="lamp")
    assert 0 <= top < bottom <= 1
