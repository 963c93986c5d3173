from __future__ import annotations

import pytest

from core.backdrop import backdrop_of


@pytest.mark.parametrize("lightness", [0.0, 0.3, 0.5, 0.59])
def test_what_is_dark_or_of_middle_lightness_stands_on_white(lightness: float) -> None:
    assert backdrop_of(lightness) == (255, 255, 255)


@pytest.mark.parametrize("lightness", [0.61, 0.9, 1.0, None])
def test_what_is_light_or_cannot_be_seen_stands_on_black(lightness: float | None) -> None:
    assert backdrop_of(lightness) == (0, 0, 0)
