"""The user on whose behalf a request is handled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Viewer:
    """The user of a request, or an anonymous one. If ``sees_all`` is true, ownership is not checked."""

    user_id: int | None = None
    name: str = ""
    is_administrator: bool = False
    sees_all: bool = False
    is_by_session: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


# Used while accounts are off, and by the command line: everything is allowed.
EVERYBODY = Viewer(sees_all=True)
NOBODY = Viewer()


def viewer_for(user: Any, *, is_by_session: bool = False) -> Viewer:
    return Viewer(
        user_id=user.pk,
        name=user.get_username(),
        is_administrator=user.is_superuser,
        sees_all=user.is_superuser,
        is_by_session=is_by_session,
    )


def viewer_of(request: Any) -> Viewer:
    """Return the viewer that ``storyflow.account_guard`` attached to the request, Django's or DRF's.

    Returns ``NOBODY`` if no viewer is attached, and ``EVERYBODY`` while accounts are off.
    """
    if not settings.ACCOUNTS:
        return EVERYBODY
    viewer = getattr(request, "viewer", NOBODY)
    return viewer if isinstance(viewer, Viewer) else NOBODY


def actor(request: Any) -> str:
    """Return the ``by`` value for the audit: ``anna (192.168.1.7)``, or the address alone without a signed-in user."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    viewer = viewer_of(request)
    return f"{viewer.name} ({address})" if viewer.is_signed_in else address


def actor_prefix(viewer: Viewer) -> str:
    """Return the prefix of every ``by`` value that ``actor()`` writes for this user.

    User names cannot contain ``(``, so the prefix is unambiguous.
    """
    return f"{viewer.name} ("
