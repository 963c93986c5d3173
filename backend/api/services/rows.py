"""Reading projects and segments as plain rows, in the columns that the answers show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Count, Model, QuerySet
from django.utils import timezone

from api.models import Project, Segment
from api.serializers import ProjectSerializer, SegmentSerializer
from core.errors import NotFound

Row = dict[str, Any]

TIMES = frozenset({"created_at", "updated_at"})
# Read at a time: enough to be fast, few enough that a list of any length takes little memory.
BATCH = 500


def _projects() -> QuerySet[Project, Row]:
    return Project.objects.annotate(segment_count=Count("segments")).values(*ProjectSerializer.Meta.fields)


def projects_newest_first() -> QuerySet[Project, Row]:
    return _projects().order_by("-created_at", "-id")


def project_row(project_id: int) -> Row:
    """Raises ``NotFound``."""
    row = _projects().filter(pk=project_id).first()
    if row is None:
        raise NotFound("There is no such project.")
    return row


@cache
def _select_segments() -> str:
    """Every column of an answer; times as text already, parsing them only to write them again is half the cost.

    Databases write UTC as ``2026-11-21 11:45:39.736504``, PostgreSQL with ``+00`` behind; answers are in ISO 8601.
    """
    quote = connection.ops.quote_name
    columns = [quote(str(Segment._meta.get_field(name).column)) for name in SegmentSerializer.Meta.fields]
    shown = [
        f"replace(replace(CAST({column} AS text), ' ', 'T'), '+00', '') || 'Z'" if name in TIMES else column
        for name, column in zip(SegmentSerializer.Meta.fields, columns, strict=True)
    ]
    return f"SELECT {', '.join(shown)} FROM {quote(Segment._meta.db_table)} "  # noqa: S608 - our own names


def _segments(condition: str, values: Sequence[Any]) -> Iterator[Row]:
    """As SQL, a batch at a time: for one segment the ORM takes ten times as long to write the same."""
    names = SegmentSerializer.Meta.fields
    with connection.cursor() as cursor:
        cursor.execute(_select_segments() + condition, values)
        while found := cursor.fetchmany(BATCH):
            for columns in found:
                row = dict(zip(names, columns, strict=True))
                row["is_locked"] = bool(row["is_locked"])
                yield row


def project_with_segments(project_id: int) -> Row:
    """Its ``segments`` are read as they are asked for. Raises ``NotFound``."""
    return {**project_row(project_id), "segments": segments_in_order(project_id)}


def segments_in_order(project_id: int, *, first: int = 0, count: int | None = None) -> Iterator[Row]:
    """Nothing for a project that does not exist; ``count`` of them from position ``first`` on, or all."""
    condition, values = "WHERE project_id = %s", [project_id]
    if count is not None:
        condition += " AND sequence_index >= %s AND sequence_index < %s"
        values += [first, first + count]
    return _segments(f"{condition} ORDER BY sequence_index, id", values)


def segment_row(segment_id: int) -> Row:
    """Raises ``NotFound``."""
    row = next(_segments("WHERE id = %s", [segment_id]), None)
    if row is None:
        raise NotFound("There is no such segment.")
    return row


def segment_to_change(segment_id: int) -> Segment:
    """The segment, held until the caller's transaction ends. Raises ``NotFound``."""
    segment = Segment.objects.select_for_update().filter(pk=segment_id).first()
    if segment is None:
        raise NotFound("There is no such segment.")
    return segment


def change_segment(segment: Segment, **columns: Any) -> None:
    """Write columns of one segment, and note that it and its project changed; part of the caller's transaction."""
    now = timezone.now()
    Segment.objects.filter(pk=segment.pk).update(**columns, updated_at=now)
    touch_project(segment.project_id)


def touch_project(project_id: int) -> None:
    """Note that something of the project changed; part of the caller's transaction."""
    Project.objects.filter(pk=project_id).update(updated_at=timezone.now())


def write_many(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Set ``columns`` of many rows, each given as its values and then its id; part of the caller's transaction.

    One statement executed many times: for ten thousand rows fifty times faster than ``bulk_update``.
    """
    quote, adapt = connection.ops.quote_name, connection.ops.adapt_datetimefield_value
    assignments = ", ".join(f"{quote(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE id = %s",  # noqa: S608 - our own names
            [[adapt(value) if isinstance(value, datetime) else value for value in row] for row in rows],
        )
