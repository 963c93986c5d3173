"""SQL for what every change of a file writes, under the write lock: the ORM takes longer to put such a statement
together than the database to execute it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, CharField, Field, ForeignKey, Model

# Of these Django would only make sure that a value has the type that it has here.
_AS_THEY_ARE = frozenset({BigIntegerField, BooleanField, CharField, ForeignKey})


def insert(record: Model) -> None:
    """As ``record.save(force_insert=True)``, its id included when the database gives one; part of a transaction."""
    fields, statement, is_numbered = _insertion(type(record))
    values = [
        getattr(record, field.attname)
        if type(field) in _AS_THEY_ARE
        else field.get_db_prep_save(field.pre_save(record, add=True), connection)
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        if is_numbered:
            record.pk = cursor.fetchone()[0]


@cache
def _insertion(model: type[Model]) -> tuple[list[Field[Any, Any]], str, bool]:
    quote, key = connection.ops.quote_name, model._meta.pk
    is_numbered = model._meta.auto_field is not None
    fields = [field for field in model._meta.concrete_fields if not (is_numbered and field is key)]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our own names
    if is_numbered:
        statement += f" RETURNING {quote(str(key.column))}"
    return fields, statement, is_numbered
