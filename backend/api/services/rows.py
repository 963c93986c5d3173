"""Reading and writing projects and segments as plain rows with the columns of the responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Count, F, Field, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from api.models import Project, Segment
from api.serializers import ProjectSerializer, SegmentSerializer
from core.errors import NotFound
from media_store.locks import write_slot

Row = dict[str, Any]

# The end of a query that locks the rows it reads. SQLite has no row locks: a writer there locks the whole database.
_HOLD = {True: " FOR UPDATE", False: ""}
_CONVERTED = frozenset({"is_locked", "created_at", "updated_at"})
# Rows per fetch: enough to be fast, few enough that a list of any length takes little memory. With long texts a fetch
# has fewer rows, about BATCH_CHARACTERS in total.
BATCH, FIRST_BATCH = 500, 16
BATCH_CHARACTERS = 512 * 1024
_TEXT = SegmentSerializer.Meta.fields.index("text_content")
REMEMBERED_TIMES = 1024
# ``video`` is not a column; ``services.videos`` adds it.
_PROJECT_COLUMNS = tuple(name for name in ProjectSerializer.Meta.fields if name != "video")


def _projects() -> QuerySet[Project, Row]:
    """Return a query of all projects with the columns that a project card shows."""
    pictured = Segment.objects.filter(project=OuterRef("pk"), image_file__gt="").order_by("sequence_index", "id")
    rows: QuerySet[Project, Row] = Project.objects.annotate(
        segment_count=Count("segments"),
        picture_count=Count("segments", filter=Q(segments__image_file__gt="")),
        narration_s=Coalesce(Sum("segments__audio_duration"), 0.0),
        cover=Subquery(pictured.values("pk")[:1]),
    ).values(*_PROJECT_COLUMNS)
    return rows


def projects_newest_first() -> QuerySet[Project, Row]:
    return _projects().order_by("-created_at", "-id")


def project_row(project_id: int) -> Row:
    """Return the project. Raises ``NotFound``."""
    row = _projects().filter(pk=project_id).first()
    if row is None:
        raise NotFound("There is no such project.")
    return row


@cache
def _select_segments() -> str:
    """Return the SELECT of the columns of ``_row``, as stored.

    The unary plus removes the declared type of a column, by which Django would call a converter for each value.
    """
    quote = connection.ops.quote_name
    fields = [cast("Field[Any, Any]", Segment._meta.get_field(name)) for name in SegmentSerializer.Meta.fields]
    columns = [quote(str(field.column)) for field in fields]
    stored = [
        f"+{column}" if name in _CONVERTED else column
        for name, column in zip(SegmentSerializer.Meta.fields, columns, strict=True)
    ]
    return f"SELECT {', '.join(stored)} FROM {quote(Segment._meta.db_table)} "  # noqa: S608 - our own names


class _ISOTimes(dict[str, str]):
    """A cache from stored times to times in responses.

    SQLite stores UTC as ``2026-11-21 11:45:39.736504``, responses have ISO 8601. Parsing and formatting each time would
    take half of the time of a list, and most segments of a list changed at the same time.
    """

    def __missing__(self, stored: str) -> str:
        if len(self) >= REMEMBERED_TIMES:
            self.clear()
        # SQLite does not enforce column types: a hand-edited row can have a number here.
        text = str(stored)
        self[stored] = formatted = f"{text[:10]}T{text[11:]}Z"
        return formatted


_iso_times = _ISOTimes()


def _segments(condition: str, values: Sequence[Any]) -> Iterator[Row]:
    """Yield the matching segments, fetched in batches. The ORM takes ten times as long to build the same query."""

    def batches() -> Iterator[Iterator[Row]]:
        with connection.cursor() as cursor:
            cursor.execute(_select_segments() + condition, values)
            size = FIRST_BATCH
            while found := cursor.fetchmany(size):
                characters = sum(len(row[_TEXT]) for row in found if isinstance(row[_TEXT], str))
                yield map(_row, found)
                size = max(1, min(BATCH, BATCH_CHARACTERS * len(found) // (characters + 1)))

    return chain.from_iterable(batches())


def _row(columns: tuple[Any, ...]) -> Row:
    """Return the row as a dictionary. The keys are written out because ``dict(zip(…))`` takes twice as long."""
    pk, project, position, text, prompt, image, audio, duration, is_locked, created, updated = columns
    return {
        "id": pk,
        "project": project,
        "sequence_index": position,
        "text_content": text,
        "image_prompt": prompt,
        "image_file": image,
        "audio_file": audio,
        "audio_duration": duration,
        "is_locked": bool(is_locked),
        "created_at": _iso_times[created],
        "updated_at": _iso_times[updated],
    }


def project_with_segments(project_id: int) -> Row:
    """Return the project with its ``segments``, an iterator that reads from the database. Raises ``NotFound``."""
    return {**project_row(project_id), "segments": segments_in_order(project_id)}


def segments_in_order(project_id: int, *, first: int = 0, count: int | None = None) -> Iterator[Row]:
    """Return the project's segments in order, or those with a position from ``first`` to ``first + count - 1``.

    Empty for a project that does not exist.
    """
    condition, values = "WHERE project_id = %s", [project_id]
    if count is not None:
        condition += " AND sequence_index >= %s AND sequence_index < %s"
        values += [first, first + count]
    return _segments(f"{condition} ORDER BY sequence_index, id", values)


def positions(project_id: int) -> dict[int, int]:
    """Return segment id → position for the project."""
    table = connection.ops.quote_name(Segment._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, sequence_index FROM {table} WHERE project_id = %s",  # noqa: S608 - our own names
            [project_id],
        )
        return dict(cursor.fetchall())


def ids_in_order(project_id: int) -> list[int]:
    """Return the ids of the project's segments in order."""
    found = Segment.objects.filter(project_id=project_id).order_by("sequence_index", "pk")
    return list(found.values_list("pk", flat=True))


def segment_row(segment_id: int) -> Row:
    """Return the segment. Raises ``NotFound``."""
    row = next(_segments("WHERE id = %s", [segment_id]), None)
    if row is None:
        raise NotFound("There is no such segment.")
    return row


def segment_to_change(segment_id: int) -> Row:
    """Return the segment and lock its row until the caller's transaction ends. Raises ``NotFound``."""
    row = next(_segments("WHERE id = %s" + _HOLD[connection.features.has_select_for_update], [segment_id]), None)
    if row is None:
        raise NotFound("There is no such segment.")
    return row


def segment_before(segment: Row) -> Row | None:
    """Return the previous segment of the project, locked as in ``segment_to_change``; None for the first segment."""
    position = segment["sequence_index"]
    condition = "WHERE project_id = %s AND (sequence_index < %s OR (sequence_index = %s AND id < %s)) "
    condition += "ORDER BY sequence_index DESC, id DESC LIMIT 1" + _HOLD[connection.features.has_select_for_update]
    return next(_segments(condition, [segment["project"], position, position, segment["id"]]), None)


def segments_named(project_id: int, ids: Sequence[int]) -> dict[int, Row]:
    """Return id → segment for those of ``ids`` that are segments of the project."""
    found: dict[int, Row] = {}
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        condition = f"WHERE project_id = %s AND id IN ({', '.join(['%s'] * len(some))})"
        found |= {row["id"]: row for row in _segments(condition, [project_id, *some])}
    return found


def free_position_after(segment: Row) -> int:
    """Return a free position after ``segment``. Later segments move up by one if that position is taken.

    Part of the caller's transaction.
    """
    position: int = segment["sequence_index"]
    others = Segment.objects.filter(project_id=segment["project"])
    # A hand-edited database can have two segments at one position; they are in the order of their ids.
    has_twin = others.filter(sequence_index=position, pk__gt=segment["id"]).exists()
    if has_twin or others.filter(sequence_index=position + 1).exists():
        later = others.filter(Q(sequence_index__gt=position) | Q(sequence_index=position, pk__gt=segment["id"]))
        later.update(sequence_index=F("sequence_index") + 1 + has_twin)
    return position + 1


def change_segment(segment: Row, **columns: Any) -> None:
    """Update columns of one segment and the change times of segment and project, in the caller's transaction."""
    write_many(Segment, (*columns, "updated_at"), [(*columns.values(), stored_time(timezone.now()), segment["id"])])
    touch_project(segment["project"])


def touch_project(project_id: int) -> None:
    """Set the change time of the project to now, in the caller's transaction."""
    write_many(Project, ("updated_at",), [(stored_time(timezone.now()), project_id)])


def stored_time(moment: datetime) -> Any:
    """Return the time in the form in which this database stores it."""
    return connection.ops.adapt_datetimefield_value(moment)


@contextmanager
def write_transaction() -> Iterator[None]:
    """Run a write transaction, after waiting for the other writers of this machine."""
    with write_slot(), transaction.atomic():
        yield


def write_many(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Update ``columns`` of many rows, in the caller's transaction. Each row is its stored values and then its id.

    One statement is executed many times. This is 50 times faster than ``bulk_update`` for 10,000 rows. It is faster for
    one row too: the ORM needs longer to build the statement than SQLite to execute it.
    """
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(column)} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE id = %s",  # noqa: S608 - our own names
            cast("Sequence[tuple[Any, ...]]", rows),
        )


def insert_many(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows of stored values, in the caller's transaction. Columns that are not named become null."""
    quote = connection.ops.quote_name
    names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})",  # noqa: S608 - our own names
            cast("Sequence[tuple[Any, ...]]", rows),
        )
