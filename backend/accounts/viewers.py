"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks. ``sees_all`` is whether nothing is hidden from them."""

    user_id: int | None = None
    name: str = ""
    is_administrator: bool = False
    sees_all: bool = False
    is_by_session: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


# Where accounts are off, and on the machine's own command line, everybody may do everything.
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
    """Whom the account gate found behind a request, Django's or DRF's; nobody, if none looked."""
    if not settings.ACCOUNTS:
        return EVERYBODY
    viewer = getattr(request, "viewer", NOBODY)
    return viewer if isinstance(viewer, Viewer) else NOBODY


def actor(request: Any) -> str:
    """Who does it and from where, as the audit notes it: ``anna (192.168.1.7)``, without accounts the address."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    viewer = viewer_of(request)
    return f"{viewer.name} ({address})" if viewer.is_signed_in else address


def actor_prefix(viewer: Viewer) -> str:
    """How everything begins that ``actor`` says of a person; no name holds a bracket."""
    return f"{viewer.name} ("
