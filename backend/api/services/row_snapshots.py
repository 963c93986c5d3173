"""Conversion of rows to JSON and back. The trash stores this JSON, so that a deleted row can be restored exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from api.models import Project, Segment
from api.services.rows import stored_time, write_many

Record = TypeVar("Record", Project, Segment)


def snapshot_of(record: Model) -> dict[str, Any]:
    """Return column → value. Times are in ISO 8601 with microseconds, files are their names."""
    columns: dict[str, Any] = {}
    for column in record._meta.concrete_fields:
        value = column.value_from_object(record)
        if hasattr(value, "isoformat"):
            value = value.isoformat()
        elif hasattr(value, "name"):
            value = value.name
        columns[column.attname] = value
    return columns


def insert_snapshots(model: type[Record], snapshots: list[dict[str, Any]]) -> None:
    """Insert rows with their old ids and times, inside the caller's transaction."""
    records: list[Any] = [model(**snapshot) for snapshot in snapshots]
    model._default_manager.bulk_create(records)
    # An insert sets the automatic times to now; restore the old ones.
    times = ("created_at", "updated_at")
    rows: list[tuple[Any, ...]] = []
    for snapshot in snapshots:
        moments: list[Any] = [stored_time(datetime.fromisoformat(snapshot[column])) for column in times]
        rows.append((*moments, snapshot["id"]))
    write_many(model, times, rows)
