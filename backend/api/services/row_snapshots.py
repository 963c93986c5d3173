"""Rows as JSON and back: what the trash keeps so that a deleted record can be made again exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from api.models import Project, Segment
from api.services.rows import stored_time, write_many

Record = TypeVar("Record", Project, Segment)


def snapshot_of(record: Model) -> dict[str, Any]:
    """Column → value; times as ISO 8601 with all their microseconds, files as their names."""
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
    """Insert rows as they were, ids and times included; part of the caller's transaction."""
    records = [model(**snapshot) for snapshot in snapshots]
    model._default_manager.bulk_create(records)  # type: ignore[arg-type]
    # Inserting stamps the automatic times; a restored record has its own.
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
