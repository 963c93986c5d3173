"""Access to the audit log."""

from __future__ import annotations

from django.db.models import Q

from accounts.ownership import owned_groups
from accounts.viewers import Viewer, actor_prefix


def visible_acts(viewer: Viewer) -> Q | None:
    """Return a filter for the audit rows that ``viewer`` may see; None means all rows.

    A viewer sees the rows of the things that the viewer owns, and the rows that the viewer's own requests wrote.
    """
    if viewer.sees_all:
        return None
    return Q(group__in=owned_groups(viewer)) | Q(by__startswith=actor_prefix(viewer))
