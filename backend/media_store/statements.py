"""SQL for what every change of a file writes, under the write lock: the ORM takes longer to put such a statement
together than the database to execute it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, CharField, DateTimeField, Field, ForeignKey, Model

# Of these Django would only make sure that a value has the type that it has here.
_AS_THEY_ARE = frozenset({BigIntegerField, BooleanField, CharField, ForeignKey})


def insert(record: Model) -> None:
    """As ``record.save(force_insert=True)``, its id included when the database gives one; part of a transaction."""
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
    """As ``insert`` for records of one model, which do not learn their ids."""
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
    """``times`` remembers those that were prepared: records that are written together have mostly the same."""
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
