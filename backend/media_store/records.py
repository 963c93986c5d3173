"""The rows that own files; each app registers its file columns, so that the store imports no app."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model


@dataclass(frozen=True)
class FileColumn:
    """A column that holds the path of a file of its row, relative to the folder of ``area``."""

    model: type[Model]
    field: str
    area: str

    def places(self) -> Iterator[str]:
        rows = self.model._default_manager.exclude(**{self.field: ""}).exclude(**{f"{self.field}__isnull": True})
        for name in rows.values_list(self.field, flat=True).iterator(chunk_size=5000):
            yield f"{self.area}/{name}"


_columns: list[FileColumn] = []


def register(column: FileColumn) -> None:
    """Register a file column; called from the ``AppConfig.ready`` of its app."""
    if column not in _columns:
        _columns.append(column)
        _count_owners.cache_clear()


def referenced_places() -> set[str]:
    """Return every place that a row owns."""
    return {place for column in _columns for place in column.places()}


def owners_of(place: str) -> int:
    """Return the number of rows that own this place; it can be above 1 if a person copied a row in the database."""
    area, _, name = place.partition("/")
    statement, columns = _count_owners(area)
    if not columns or (not place.isprintable() and any("\ud800" <= char <= "\udfff" for char in place)):
        return 0  # The name is not valid text, so no column can hold it.
    with connection.cursor() as cursor:
        cursor.execute(statement, [name] * columns)
        return int(cursor.fetchone()[0])


@cache
def _count_owners(area: str) -> tuple[str, int]:
    """Return the statement that counts the owners of a name, and the number of its parameters.

    It runs at every removal under the write lock. It is one statement, and SQL, because the ORM takes ten times as
    long to build it.
    """
    quote, counts = connection.ops.quote_name, []
    for column in (column for column in _columns if column.area == area):
        field = cast("Field[Any, Any]", column.model._meta.get_field(column.field))
        table, name = quote(column.model._meta.db_table), quote(str(field.column))
        counts.append(f"(SELECT count(*) FROM {table} WHERE {name} = %s)")  # noqa: S608 - our own names
    return f"SELECT {' + '.join(counts)}", len(counts)


def is_owned(place: str, referenced: set[str] | None = None) -> bool:
    """Return whether a row owns this file, or a file below this folder.

    ``referenced`` is the result of ``referenced_places``, if the caller has it already.
    """
    places = referenced_places() if referenced is None else referenced
    return place in places or any(other.startswith(place + "/") for other in places)
