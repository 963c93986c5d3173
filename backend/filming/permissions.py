"""Access to tasks and to the global settings."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.permissions import IsAdministrator, SignedIn
from accounts.viewers import viewer_of
from api.permissions import require_access_to_project
from core.errors import NotFound
from jobs.errors import NoSuchJob
from jobs.queue import get_job


class OwnTask(BasePermission):
    """Allow access to a task if the viewer may access its project. Raises ``NoSuchJob`` otherwise."""

    def has_permission(self, request: Any, view: Any) -> bool:
        viewer = viewer_of(request)
        if viewer.sees_all:
            return True
        try:
            require_access_to_project(viewer, int(get_job(view.kwargs["task_id"]).payload["project"]))
        except NotFound as exc:
            raise NoSuchJob from exc
        return True


class ReadOnlyUnlessAdministrator(BasePermission):
    """Allow reading to every signed-in user, and changes only to administrators."""

    def has_permission(self, request: Any, view: Any) -> bool:
        asked = SignedIn() if request.method in SAFE_METHODS else IsAdministrator()
        return asked.has_permission(request, view)
