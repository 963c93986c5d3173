"""Checks that this release can use the database: it is not newer, not changed by other programs, not damaged.

SQLite reads an unknown quoted name as text, so a missing column causes wrong results and no error
(https://sqlite.org/quirks.html#dblquote). The tables are therefore compared with the models before anything is read.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from core.errors import ConfigurationError

_BACKUP = "Nothing was changed. Put back a copy of the whole data folder, or ask for help before you go on."


def _database() -> str:
    return f"The database {settings.DATABASES['default']['NAME']}"


def check_history(executor: MigrationExecutor) -> None:
    """Raises ``ConfigurationError`` if a newer release upgraded the database or the migrations are inconsistent."""
    unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations or ()))
    if unknown:
        newest = ", ".join(f"{app}.{name}" for app, name in unknown[:3])
        raise ConfigurationError(
            f"{_database()} was made by a newer StoryFlow (it has {newest}). Nothing was changed. "
            "Start that release, or use a copy of the data folder from before the upgrade."
        )
    try:
        executor.loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as exc:
        raise ConfigurationError(f"{_database()} lacks a step of an earlier upgrade. {_BACKUP}") from exc


def check_tables() -> None:
    """Raises ``ConfigurationError`` if a table differs from this release's models."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                found = _columns(cursor, model._meta.db_table) if model._meta.db_table in tables else None
                if wrong := _difference(model, found):
                    raise ConfigurationError(
                        f"{_database()} is not as this release left it: {wrong}. Was it changed by another program? "
                        f"{_BACKUP}"
                    )


# Column name → (type, whether it refuses NULL, whether it has a default).
_Columns = dict[str, tuple[str, bool, bool]]


def _columns(cursor: Any, table: str) -> _Columns:
    cursor.execute(f"PRAGMA table_xinfo({connection.ops.quote_name(table)})")
    return {
        name: (kind.lower(), bool(not_null), default is not None)
        for _, name, kind, not_null, default, *_ in cursor.fetchall()
    }


def _difference(model: type[Model], found: _Columns | None) -> str:
    """Return a description of the first difference between table and model; "" if there is none."""
    table = model._meta.db_table
    if found is None:
        return f"it has no table {table}"
    columns = {str(field.column): field for field in model._meta.local_concrete_fields}
    for name, field in columns.items():
        if name not in found:
            return f"the table {table} has no column {name}"
        kind, refuses_null, _ = found[name]
        expected = (field.db_parameters(connection)["type"] or "").lower()
        if kind != expected or refuses_null == field.null:
            return f"the column {name} of the table {table} has changed"
    for name, (_, refuses_null, has_default) in found.items():
        if name not in columns and refuses_null and not has_default:
            return f"the table {table} has a column {name} that nothing here fills"
    return ""


def check_integrity() -> None:
    """Raises ``ConfigurationError`` if the database is damaged. Takes about a second for 500 MB."""
    try:
        with connection.cursor() as cursor:
            found = [row[0] for row in cursor.execute("PRAGMA quick_check(1)").fetchall()]
    except DatabaseError as exc:
        raise ConfigurationError(f"{_database()} is damaged. {_BACKUP}") from exc
    if found != ["ok"]:
        raise ConfigurationError(f"{_database()} is damaged ({found[0].splitlines()[-1]}). {_BACKUP}")
