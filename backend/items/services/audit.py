"""Which acts somebody may read of."""

from __future__ import annotations

from django.db.models import Q

from accounts.ownership import own_groups
from accounts.viewers import Viewer, acts_of


def acts_shown_to(viewer: Viewer) -> Q | None:
    """What was done to their things, and what they did themselves; None for everything."""
    if viewer.sees_all:
        return None
    return Q(group__in=own_groups(viewer)) | Q(by__startswith=acts_of(viewer))
