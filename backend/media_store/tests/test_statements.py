"""Rows inserted without the ORM are what the ORM would have inserted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Model

from media_store.models import AuditEntry, MediaOperation, TrashEntry
from media_store.statements import insert

NOW = datetime(2026, 11, 21, 12, 30, 15, 250, tzinfo=UTC)
ABOUT = {"op_id": "a" * 32, "by": "cli", "kind": "image", "record": "7", "group": "projects/1"}
RECORDS = {
    "with its own key": lambda: MediaOperation(op_id="b" * 32, act="remove"),
    "with JSON and times": lambda: TrashEntry(
        **ABOUT, title="Dämmerung", reason="removed", snapshot={"rows": [1, None, "ä"]}, trashed_at=NOW, expires_at=NOW
    ),
    "with an empty column": lambda: AuditEntry(**ABOUT, act="trash", place="media/projects/1/images/1_a.jpg"),
}


@pytest.mark.parametrize("make", RECORDS.values(), ids=RECORDS)
def test_a_row_reads_back_as_the_one_that_was_saved(make: Any, db: None) -> None:
    ours, saved = make(), make()
    insert(ours)
    found = columns(type(ours).objects.get(pk=ours.pk))
    ours.delete()
    saved.save(force_insert=True)
    assert found == columns(type(saved).objects.get(pk=saved.pk))


def columns(record: Model) -> dict[str, Any]:
    """All but the automatic id, and the time of the insert, of which only the type can be compared."""
    found = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    return {name: type(value) if name == "at" else value for name, value in found.items() if name != "id"}
