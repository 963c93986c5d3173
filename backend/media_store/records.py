"""How the store learns which rows own files, without knowing any door: each door registers its file columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from django.db import connection
from django.db.models import Field, Model


@dataclass(frozen=True)
class FileColumn:
    """A column whose value, below the folder of ``area``, is a file of its row."""

    model: type[Model]
    field: str
    area: str

    def places(self) -> Iterator[str]:
        rows = self.model._default_manager.exclude(**{self.field: ""}).exclude(**{f"{self.field}__isnull": True})
        for name in rows.values_list(self.field, flat=True).iterator(chunk_size=5000):
            yield f"{self.area}/{name}"


_columns: list[FileColumn] = []


def register(column: FileColumn) -> None:
    """Tell the store of a column; called once a column, from a door's ``AppConfig.ready``."""
    if column not in _columns:
        _columns.append(column)
        _count_owners.cache_clear()


def referenced_places() -> set[str]:
    """Every place that a row owns."""
    return {place for column in _columns for place in column.places()}


def owners_of(place: str) -> int:
    """How many rows own this place; more than one after a row was copied by hand."""
    area, _, name = place.partition("/")
    statement, columns = _count_owners(area)
    if not columns or (not place.isprintable() and any("\ud800" <= char <= "\udfff" for char in place)):
        return 0  # a name that is not text; no column can hold it
    with connection.cursor() as cursor:
        cursor.execute(statement, [name] * columns)
        return int(cursor.fetchone()[0])


@cache
def _count_owners(area: str) -> tuple[str, int]:
    """The statement that counts the rows that own a name, and how often it takes the name.

    Asked at every removal under the write lock: one statement, as SQL, for the ORM takes ten times as long to write it.
    """
    quote, counts = connection.ops.quote_name, []
    for column in (column for column in _columns if column.area == area):
        field = cast("Field[Any, Any]", column.model._meta.get_field(column.field))
        table, name = quote(column.model._meta.db_table), quote(str(field.column))
        counts.append(f"(SELECT count(*) FROM {table} WHERE {name} = %s)")  # noqa: S608 - our own names
    return f"SELECT {' + '.join(counts)}", len(counts)


def is_owned(place: str, referenced: set[str] | None = None) -> bool:
    """Whether a row owns this file, or something below this folder. ``referenced`` saves asking the database."""
    places = referenced_places() if referenced is None else referenced
    return place in places or any(other.startswith(place + "/") for other in places)
