"""Object ownership. Only administrators may use an object that has no owner.

An object is named by its kind and its record, which together are its group in the media store: ``projects/7``,
``items/550e8400-…``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.db.models import F, Model, QuerySet, Value
from django.db.models.functions import Cast, Concat, Replace

from accounts.models import Ownership
from accounts.viewers import Viewer

Rows = TypeVar("Rows", bound="QuerySet[Any, Any]")


def claim(viewer: Viewer, kind: str, record: object) -> None:
    """Record the viewer as the owner of a new object, in the transaction that creates the object.

    Does nothing while accounts are off.
    """
    if viewer.user_id is not None:
        Ownership.objects.create(kind=kind, record=str(record), user_id=viewer.user_id)


def may_use(viewer: Viewer, kind: str, record: object) -> bool:
    """Return whether the viewer owns the object or may see all objects."""
    if viewer.sees_all:
        return True
    return _owned_objects(viewer, kind).filter(record=str(record)).exists()


def visible(rows: Rows, viewer: Viewer, kind: str, *, column: str = "pk") -> Rows:
    """Filter ``rows`` to those whose ``column`` is the id of an object that the viewer may use.

    Adds one subquery, which works on every database.
    """
    if viewer.sees_all:
        return rows
    # A database compares ids of one type only, and each database writes a UUID in its own way.
    ids = Cast(Replace(F("record"), Value("-"), Value("")), output_field=_type_of(rows.model, column))
    return rows.filter(**{f"{column}__in": _owned_objects(viewer, kind).annotate(key=ids).values("key")})


def owned_groups(viewer: Viewer) -> QuerySet[Ownership, str]:
    """Return the media store's groups of all objects that the viewer owns, for use as a subquery."""
    return _owned_by(viewer).annotate(group=Concat("kind", Value("/"), "record")).values_list("group", flat=True)


def transfer(user: User, kind: str, records: Iterable[object]) -> int:
    """Transfer these records to ``user``, replacing any current owner. Returns the number of records."""
    rows = [Ownership(kind=kind, record=str(record), user=user) for record in records]
    Ownership.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "record"],
        update_fields=["user"],
        batch_size=500,
    )
    return len(rows)


def owned_records(kind: str) -> set[str]:
    """Return the records of this kind that have an owner."""
    return set(Ownership.objects.filter(kind=kind).values_list("record", flat=True))


def _owned_objects(viewer: Viewer, kind: str) -> QuerySet[Ownership]:
    return _owned_by(viewer).filter(kind=kind)


def _owned_by(viewer: Viewer) -> QuerySet[Ownership]:
    return Ownership.objects.none() if viewer.user_id is None else Ownership.objects.filter(user_id=viewer.user_id)


def _type_of(model: type[Model], column: str) -> Any:
    field: Any = model._meta.pk if column == "pk" else model._meta.get_field(column)
    return getattr(field, "target_field", field)
