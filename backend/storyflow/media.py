"""Serving files over HTTP to the owner of their project or item."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

import api.permissions
import items.permissions
from accounts.ownership import may_use
from accounts.viewers import Viewer, viewer_of
from media_store.serving import file_not_found_response, media_view

# Area → function that returns the object which a file belongs to.
OWNER_OF = {"media": api.permissions.owner_of_place, "uploads": items.permissions.owner_of_place}


def owned_media_view(request: HttpRequest, path: str, *, area: str) -> HttpResponseBase:
    """Serve a file as ``media_view`` does, or 404 if the viewer may not use the object that it belongs to."""
    return (
        media_view(request, path, area=area) if _may_see(viewer_of(request), path, area) else file_not_found_response()
    )


def _may_see(viewer: Viewer, path: str, area: str) -> bool:
    if viewer.sees_all:
        return True
    thing = None if "\0" in path else OWNER_OF[area](path)
    return thing is not None and may_use(viewer, *thing)
