"""How the store learns which rows own files, without knowing any door: each door registers its file columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

    def owners(self, place: str) -> int:
        """Asked once a column at every removal under the write lock; building it with the ORM costs ten times more."""
        area, _, name = place.partition("/")
        if area != self.area:
            return 0
        quote, field = connection.ops.quote_name, cast("Field[Any, Any]", self.model._meta.get_field(self.field))
        table, column = quote(self.model._meta.db_table), quote(str(field.column))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [name])  # noqa: S608 - our own names
            return int(cursor.fetchone()[0])


_columns: list[FileColumn] = []


def register(column: FileColumn) -> None:
    """Tell the store of a column; called once a column, from a door's ``AppConfig.ready``."""
    if column not in _columns:
        _columns.append(column)


def referenced_places() -> set[str]:
    """Every place that a row owns."""
    return {place for column in _columns for place in column.places()}


def owners_of(place: str) -> int:
    """How many rows own this place; more than one after a row was copied by hand."""
    if not place.isprintable() and any("\ud800" <= char <= "\udfff" for char in place):
        return 0  # a name that is not text; no column can hold it
    return sum(column.owners(place) for column in _columns)


def is_owned(place: str, referenced: set[str] | None = None) -> bool:
    """Whether a row owns this file, or something below this folder. ``referenced`` saves asking the database."""
    places = referenced_places() if referenced is None else referenced
    return place in places or any(other.startswith(place + "/") for other in places)
