"""The newest video of a project, for project responses. The package that renders videos registers the lookup."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from api.services.rows import Row

Lookup = Callable[[list[Row]], dict[int, dict[str, Any]]]

_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """Set the function that returns project id → newest video for the given project rows."""
    _lookups[:] = [lookup]


def with_videos(projects: Iterable[Row]) -> list[Row]:
    """Return the rows with ``video`` added, which is None for a project without a video."""
    rows = list(projects)
    found = _lookups[0](rows) if _lookups and rows else {}
    return [{**row, "video": found.get(row["id"])} for row in rows]
