"""Reading the audit log."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from media_store.models import AuditEntry

MAX_ROWS = 1000


def audit_rows(
    *, limit: int, before: int | None = None, record: str | None = None, within: Q | None = None
) -> list[dict[str, Any]]:
    """Return at most ``limit`` audit rows as dictionaries of columns, newest first.

    ``before`` is the id of the last row of the previous page. ``record`` is the id of the record whose rows are
    wanted. ``within`` is the filter for rows that the viewer may see.
    """
    rows = AuditEntry.objects.filter(within or Q()).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if record is not None:
        rows = rows.filter(record=record)
    columns = ("id", "at", "act", "by", "kind", "record", "file_name", "place", "size_bytes", "sha256", "note")
    return list(rows.values(*columns)[:limit])
