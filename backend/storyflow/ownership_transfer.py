"""Transferring projects and items to a user, which concerns the objects of both APIs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from accounts import ownership
from accounts.users import user_named
from api.models import Project
from api.permissions import PROJECTS
from core.errors import NotFound
from items.models import Item
from items.services.items import KIND as ITEMS
from media_store.models import TrashEntry


def transfer_ownership(
    name: str, *, projects: Iterable[int] = (), items: Iterable[object] = (), is_unowned: bool = False
) -> int:
    """Make the user ``name`` the owner of these projects and items, replacing any current owner.

    With ``is_unowned``, also of all projects and items without an owner. Returns the number of objects. Raises
    ``NotFound`` for an unknown user or id; then nothing has changed.
    """
    with transaction.atomic():
        user = user_named(name)
        wanted = {PROJECTS: {str(record) for record in projects}, ITEMS: {str(record) for record in items}}
        known = {PROJECTS: _known(Project, PROJECTS), ITEMS: _known(Item, ITEMS)}
        for kind, records in wanted.items():
            if missing := sorted(records - known[kind]):
                raise NotFound(f"There are no {kind} with these ids: {', '.join(missing)}.")
        if is_unowned:
            for kind, records in wanted.items():
                records.update(known[kind] - ownership.owned_records(kind))
        return sum(ownership.transfer(user, kind, sorted(records)) for kind, records in wanted.items())


def _known(model: type[Project] | type[Item], kind: str) -> set[str]:
    """Return the ids of all objects that exist, or that are in the trash as a whole or in parts."""
    waiting = TrashEntry.objects.filter(state=TrashEntry.State.TRASHED, group__startswith=f"{kind}/")
    groups = waiting.values_list("group", flat=True).distinct()
    live = {str(pk) for pk in model._default_manager.values_list("pk", flat=True)}
    return live | {group.partition("/")[2] for group in groups}
