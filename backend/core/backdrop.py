"""What lies behind the transparent parts of a picture: one rule, so that a film shows what its thumbnail shows."""

from __future__ import annotations

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)
# Of white, gamma-coded. At this lightness a drawing has a contrast of about 2.8 to 1 with white and of 7 with black
# (WCAG 2.2, relative luminance); above it, it would be lost on white.
_LIGHT = 0.6


def backdrop_of(lightness: float | None) -> tuple[int, int, int]:
    """RGB: white as paper is, black behind a light drawing.

    ``lightness`` is the mean luma, 0 to 1, of what can be seen, weighted by its opacity; None when nothing can be seen.
    """
    return _BLACK if lightness is None or lightness > _LIGHT else _WHITE
