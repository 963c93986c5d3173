"""What a view of DRF's may be asked by whom. A view that says nothing is closed."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission

from accounts.errors import NotSignedIn
from accounts.viewers import viewer_of
from core.errors import NotFound


class IsAdministrator(BasePermission):
    """Nobody but administrators: the default, so that a view that forgets to say who may ask gives nothing away."""

    def has_permission(self, request: Any, view: Any) -> bool:
        if not viewer_of(request).sees_all:
            raise NotFound
        return True


class SignedIn(BasePermission):
    """Whoever has an account; the view itself shows and takes only what is theirs."""

    def has_permission(self, request: Any, view: Any) -> bool:
        viewer = viewer_of(request)
        if not (viewer.sees_all or viewer.is_signed_in):
            raise NotSignedIn
        return True
