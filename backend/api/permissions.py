"""Permissions by ownership. An object of another user is treated like one that does not exist."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import QuerySet
from rest_framework.permissions import BasePermission

from accounts import ownership
from accounts.permissions import SignedIn
from accounts.viewers import Viewer, viewer_of
from api.models import Segment
from api.request_bodies import id_in_path
from core.errors import NotFound
from media_store.errors import NotInTrash
from media_store.models import TrashEntry

PROJECTS = "projects"
Rows = TypeVar("Rows", bound="QuerySet[Any, Any]")


def own_projects(rows: Rows, viewer: Viewer, *, column: str = "pk") -> Rows:
    """Filter rows to those whose ``column`` is a project that the viewer may see. By default ``rows`` are projects."""
    return ownership.visible(rows, viewer, PROJECTS, column=column)


def own_entries(rows: Rows, viewer: Viewer) -> Rows:
    """Filter trash entries to those that the viewer may see."""
    return rows if viewer.sees_all else rows.filter(group__in=ownership.owned_groups(viewer))


def require_access_to_project(viewer: Viewer, project_id: int) -> None:
    """Raises ``NotFound`` if the viewer may not use the project."""
    if not ownership.may_use(viewer, PROJECTS, project_id):
        raise NotFound("There is no such project.")


def require_access_to_segment(viewer: Viewer, segment_id: int) -> None:
    """Raises ``NotFound`` if the viewer may not use the segment."""
    if viewer.sees_all:
        return
    if not own_projects(Segment.objects.filter(pk=segment_id), viewer, column="project").exists():
        raise NotFound("There is no such segment.")


def require_access_to_entry(viewer: Viewer, entry_id: int) -> None:
    """Raises ``NotInTrash`` if the viewer may not use the trash entry."""
    if not viewer.sees_all and not own_entries(TrashEntry.objects.filter(pk=entry_id), viewer).exists():
        raise NotInTrash


class _OwnRecord(BasePermission):
    """Allow the request if the viewer owns the object in the URL. List views have no id; they must filter by owner."""

    what: str

    @staticmethod
    def check_access(viewer: Viewer, record_id: int, /) -> None:
        """Raise ``NotFound`` unless the viewer owns the record."""
        raise NotImplementedError

    def has_permission(self, request: Any, view: Any) -> bool:
        if "pk" in view.kwargs:
            type(self).check_access(viewer_of(request), id_in_path(view.kwargs["pk"], what=self.what))
            return True
        return SignedIn().has_permission(request, view)


class OwnProject(_OwnRecord):
    what = "project"
    check_access = staticmethod(require_access_to_project)


class OwnSegment(_OwnRecord):
    what = "segment"
    check_access = staticmethod(require_access_to_segment)


class OwnEntry(_OwnRecord):
    what = "entry in the trash"
    check_access = staticmethod(require_access_to_entry)


def owner_of_place(path: str) -> tuple[str, str] | None:
    """Return kind and record of the object that owns a file below ``media/``, or None.

    ``projects/7/images/1_a.jpg`` → ``("projects", "7")``.
    """
    kind, _, rest = path.partition("/")
    record, _, _ = rest.partition("/")
    return (PROJECTS, record) if kind == PROJECTS else None
