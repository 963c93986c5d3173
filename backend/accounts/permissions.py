"""Permission classes of Django REST framework. A view without its own permission is for administrators only."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from accounts.errors import NotSignedIn
from accounts.viewers import viewer_of
from core.errors import NotFound


class IsAdministrator(BasePermission):
    """Administrators only. This is the default, so that a view without permissions reveals nothing.

    Raises ``NotFound`` for others: to them the view does not exist.
    """

    def has_permission(self, request: Any, view: Any) -> bool:
        if not viewer_of(request).sees_all:
            raise NotFound
        return True


class SignedIn(BasePermission):
    """Any signed-in user. The view itself must filter and check by owner."""

    def has_permission(self, request: Any, view: Any) -> bool:
        viewer = viewer_of(request)
        if not (viewer.sees_all or viewer.is_signed_in):
            raise NotSignedIn
        return True
