"""Disk usage, and the retention time of the trash: a stored setting, with a default from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F

from api.request_bodies import is_integer
from api.services.rows import write_transaction
from core.errors import InvalidInput
from media_store.models import TrashEntry
from media_store.usage import usage
from preferences.models import SettingValue

MAX_DAYS = 365
_SCOPE, _NAME = "storage", "trash_days"


def trash_days() -> int:
    """Return the retention time in days of a new trash entry.

    Written in SQL, because it runs under the write lock and the ORM takes ten times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(_select_days(), [_SCOPE, _NAME])
        kept = cursor.fetchone()
    return int(settings.TRASH_DAYS if kept is None else kept[0])


@cache
def _select_days() -> str:
    quote = connection.ops.quote_name
    return f"SELECT value FROM {quote(SettingValue._meta.db_table)} WHERE scope = %s AND name = %s"  # noqa: S608 - our own


def storage_payload() -> dict[str, Any]:
    """Return sizes, counts and retention for the storage page. Walks the whole data folder."""
    used = usage()
    waiting = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED)
    database = _database_bytes()
    return {
        "folder": str(settings.DATA_DIR),
        "used_bytes": used.files + used.trash + used.cache + database,
        "files_bytes": used.files,
        "trash_bytes": used.trash,
        "cache_bytes": used.cache,
        "database_bytes": database,
        "free_bytes": used.free,
        "trash_count": waiting.count(),
        "trash_days": trash_days(),
        "trash_days_default": settings.TRASH_DAYS,
    }


def set_trash_days(body: Mapping[str, Any]) -> dict[str, Any]:
    """Set ``trash_days``; null restores the default.

    A shorter time applies to new entries only, so that no entry is deleted earlier than was promised. A longer time
    applies to existing entries too. Raises ``InvalidInput``; then nothing has changed.
    """
    unknown = set(body) - {_NAME}
    if unknown or _NAME not in body:
        raise InvalidInput("Send trash_days: how many days the trash keeps things.")
    days = body[_NAME]
    if days is not None and not (is_integer(days) and 0 <= days <= MAX_DAYS):
        raise InvalidInput(f"trash_days must be a whole number from 0 to {MAX_DAYS}.")
    with write_transaction():
        if days is None:
            SettingValue.objects.filter(scope=_SCOPE, name=_NAME).delete()
        else:
            SettingValue.objects.update_or_create(scope=_SCOPE, name=_NAME, defaults={"value": days})
        _extend_expiry(trash_days())
    return storage_payload()


def _extend_expiry(days: int) -> None:
    longer = F("trashed_at") + timedelta(days=days)
    waiting = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED)
    waiting.filter(expires_at__lt=longer).update(expires_at=longer)


def _database_bytes() -> int:
    name = Path(str(settings.DATABASES["default"]["NAME"]))
    files = (name, name.with_name(f"{name.name}-wal"), name.with_name(f"{name.name}-shm"))
    return sum(file.stat().st_size for file in files if file.is_file())
