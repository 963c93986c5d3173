"""The colour behind the transparent parts of a picture: one rule for videos and thumbnails."""

from __future__ import annotations

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# A share of white, gamma-coded. A drawing of this lightness has a contrast of about 2.8:1 with white and of 7:1 with
# black (WCAG 2.2, relative luminance). A lighter drawing could not be seen on white.
_LIGHT = 0.6


def backdrop_of(lightness: float | None) -> tuple[int, int, int]:
    """Return the backdrop as (red, green, blue), 0 to 255: white, or black behind a light drawing.

    ``lightness`` is the mean luma of the picture, 0 to 1, weighted by opacity; None if the picture is wholly
    transparent.
    """
    return _BLACK if lightness is None or lightness > _LIGHT else _WHITE
