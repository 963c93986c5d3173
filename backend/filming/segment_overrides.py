"""Store the settings that one segment overrides, as rows of `SettingValue` in the scope of the segment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from preferences.models import SettingValue

# Scopes in one query: few enough for any database.
BATCH = 500


def scope_of(segment_id: int) -> str:
    return f"segments/{segment_id}"


def overrides_of(segment_ids: list[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
    """Return the overrides of ``names`` for each segment; one query for ``BATCH`` segments."""
    found: dict[int, dict[str, Any]] = {segment_id: {} for segment_id in segment_ids}
    for start in range(0, len(segment_ids), BATCH):
        scopes = [scope_of(segment_id) for segment_id in segment_ids[start : start + BATCH]]
        rows = SettingValue.objects.filter(scope__in=scopes, name__in=names).values_list("scope", "name", "value")
        for scope, name, value in rows:
            found[int(scope.partition("/")[2])][name] = value
    return found


def update_overrides(segment_id: int, changes: Mapping[str, Any]) -> None:
    """Store checked values in the caller's transaction; None removes an override."""
    update_many_overrides((segment_id, name, value) for name, value in changes.items())


def update_many_overrides(changes: Iterable[tuple[int, str, Any]]) -> None:
    """Do the same as ``update_overrides`` for triples of segment id, name and value."""
    kept: list[SettingValue] = []
    gone: dict[str, list[str]] = {}
    for segment_id, name, value in changes:
        if value is None:
            gone.setdefault(name, []).append(scope_of(segment_id))
        else:
            kept.append(SettingValue(scope=scope_of(segment_id), name=name, value=value))
    for name, scopes in gone.items():
        for start in range(0, len(scopes), BATCH):
            SettingValue.objects.filter(name=name, scope__in=scopes[start : start + BATCH]).delete()
    SettingValue.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["scope", "name"], update_fields=["value"], batch_size=BATCH
    )
