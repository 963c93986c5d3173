"""What a project's newest video is, for answers that show projects; told by the package that makes videos."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from api.services.rows import Row

Lookup = Callable[[list[Row]], dict[int, dict[str, Any]]]

_lookups: list[Lookup] = []


def register(lookup: Lookup) -> None:
    """``lookup`` finds for some projects' rows, by id, what is said of their newest video."""
    _lookups[:] = [lookup]


def with_videos(projects: Iterable[Row]) -> list[Row]:
    """The rows with their ``video``, None for a project without."""
    rows = list(projects)
    found = _lookups[0](rows) if _lookups and rows else {}
    return [{**row, "video": found.get(row["id"])} for row in rows]
