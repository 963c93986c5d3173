"""SQL inserts for the rows that every change of a file adds under the write lock.

The ORM takes longer to build such a statement than the database takes to execute it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, CharField, DateTimeField, Field, ForeignKey, Model

# For these field types Django would only check the type of the value, which is right here.
_AS_THEY_ARE = frozenset({BigIntegerField, BooleanField, CharField, ForeignKey})


def insert(record: Model) -> None:
    """Insert a record as ``record.save(force_insert=True)`` does, and set its id if the database generates it.

    The caller begins the transaction.
    """
    fields, statement, is_numbered = _insertion(type(record))
    with connection.cursor() as cursor:
        if not is_numbered:
            cursor.execute(statement, _values(record, fields))
            return
        cursor.execute(
            f"{statement} RETURNING {connection.ops.quote_name(str(record._meta.pk.column))}", _values(record, fields)
        )
        record.pk = cursor.fetchone()[0]


def insert_many(records: Iterable[Model]) -> None:
    """Insert records of one model; their ids are not set."""
    rows = list(records)
    if rows:
        fields, statement, _ = _insertion(type(rows[0]))
        with connection.cursor() as cursor:
            times: dict[datetime, Any] = {}
            cursor.executemany(statement, [_values(record, fields, times) for record in rows])


def _values(record: Model, fields: list[Field[Any, Any]], times: dict[datetime, Any] | None = None) -> list[Any]:
    return [
        getattr(record, field.attname)
        if type(field) in _AS_THEY_ARE
        else _prepared(field, field.pre_save(record, add=True), times)
        for field in fields
    ]


def _prepared(field: Field[Any, Any], value: Any, times: dict[datetime, Any] | None) -> Any:
    """Return the database value; ``times`` caches those of times, which are mostly equal in records of one insert."""
    if times is None or type(field) is not DateTimeField:
        return field.get_db_prep_save(value, connection)
    if value not in times:
        times[value] = field.get_db_prep_save(value, connection)
    return times[value]


@cache
def _insertion(model: type[Model]) -> tuple[list[Field[Any, Any]], str, bool]:
    quote, key = connection.ops.quote_name, model._meta.pk
    is_numbered = model._meta.auto_field is not None
    fields = [field for field in model._meta.concrete_fields if not (is_numbered and field is key)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    return fields, statement, is_numbered
