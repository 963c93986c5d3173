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
    records = [model(**snapshot) for snapshot in snapshots]
    model._default_manager.bulk_create(records)  # type: ignore[arg-type]
    # An insert sets the automatic times to now; restore the old ones.
    write_many(
        model,
        ("created_at", "updated_at"),
        [
            (
                *(stored_time(datetime.fromisoformat(snapshot[column])) for column in ("created_at", "updated_at")),
                snapshot["id"],
            )
            for snapshot in snapshots
        ],
    )
