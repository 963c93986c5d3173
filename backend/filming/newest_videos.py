"""Find the newest video of each project in a list, and whether it is up to date; results are cached."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from django.db.models import Q

from api.services.projects import project_group
from api.services.rows import Row
from filming.fingerprints import CurrentProject, Difference, difference
from filming.models import Render
from preferences.models import SettingValue

# Cached differences in each process; one for each project with a video.
_MAX_CACHED = 4096


class _DifferenceCache:
    """A least-recently-used cache of differences by render, valid while the state of the project is unchanged."""

    def __init__(self) -> None:
        self._found: OrderedDict[int, tuple[Hashable, Difference | None]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, render_id: int, state: Hashable) -> tuple[bool, Difference | None]:
        with self._lock:
            known = self._found.get(render_id)
            if known is None or known[0] != state:
                return False, None
            self._found.move_to_end(render_id)
            return True, known[1]

    def keep(self, render_id: int, state: Hashable, found: Difference | None) -> None:
        with self._lock:
            self._found[render_id] = (state, found)
            while len(self._found) > _MAX_CACHED:
                self._found.popitem(last=False)


_differences = _DifferenceCache()


def newest_videos(projects: list[Row]) -> dict[int, dict[str, Any]]:
    """Return the newest video that is no draft, by project id.

    Two queries, and a few more for each project that changed.
    """
    newest = _newest_renders([row["id"] for row in projects])
    settings = _settings_states(list(newest)) if newest else {}
    videos = {}
    for row in projects:
        if (render := newest.get(row["id"])) is None:
            continue
        state = (render["batch"], row["updated_at"], row["segment_count"], settings[row["id"]])
        found = _difference(render["pk"], row["id"], state)
        videos[row["id"]] = {
            "render": render["pk"],
            "is_current": None if found is None else not found.words,
            "differs": found.words if found else [],
            "duration_s": render["duration_s"],
        }
    return videos


def _newest_renders(project_ids: list[int]) -> dict[int, dict[str, Any]]:
    renders = Render.all_objects.filter(is_draft=False).order_by("pk")
    if len(project_ids) <= 500:
        renders = renders.filter(project_id__in=project_ids)
    return {row["project_id"]: {**row} for row in renders.values("pk", "project_id", "batch", "duration_s")}


def _settings_states(project_ids: list[int]) -> dict[int, Hashable]:
    """Return the global and the project's setting values in a comparable form, by project id."""
    scopes: dict[str, list[tuple[str, str]]] = {}
    for scope, name, value in SettingValue.objects.filter(Q(scope="") | Q(scope__startswith="projects/")).values_list(
        "scope", "name", "value"
    ):
        scopes.setdefault(scope, []).append((name, repr(value)))
    global_values = tuple(sorted(scopes.get("", ())))
    return {key: (global_values, tuple(sorted(scopes.get(project_group(key), ())))) for key in project_ids}


def _difference(render_id: int, project_id: int, state: Hashable) -> Difference | None:
    is_known, found = _differences.of(render_id, state)
    if is_known:
        return found
    kept = Render.all_objects.filter(pk=render_id).values("fingerprint", "facts").first()
    found = (
        difference(kept["fingerprint"], kept["facts"], CurrentProject(project_id))
        if kept and kept["fingerprint"]
        else None
    )
    _differences.keep(render_id, state, found)
    return found
