"""The page of the web client: one prebuilt HTML file for all its URLs. Its assets are static files."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# The URLs that the client routes itself. `frontend/app/app.tsx` has the same list.
PAGES = r"^(?:projects/[0-9]+(?:/video)?|library|items(?:/[^/]+)?|trash|settings)?$"
# URLs below these are for programs, and so are their error responses.
_NOT_PAGES = ("/api/", "/media/", "/uploads/", "/static/", "/assets/", "/healthz")
_HASHED = re.compile(r"^/assets/.+-[\w-]{8,}\.\w+$")

NOT_BUILT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>StoryFlow</title>'
    "<p>The web client is not built yet. Run <code>make web</code> in the folder of StoryFlow, then start it again. "
    'The API works without it: <a href="/api/docs/">see its page</a>.</p></html>'
)


def page_view(request: HttpRequest) -> HttpResponse:
    """Return the client's page or, if the client is not built, a page that says how to build it."""
    return page()


def page(status: int = 200) -> HttpResponse:
    index: Path = settings.WEB_CLIENT / "index.html"
    try:
        html = index.read_text(encoding="utf-8")
    except FileNotFoundError:
        html, status = NOT_BUILT, 503 if status == 200 else status
    return HttpResponse(html, status=status, headers={"Cache-Control": "no-cache"})


def wants_page(request: HttpRequest) -> bool:
    """Return whether a browser requests a URL that could be a page."""
    return "text/html" in request.headers.get("Accept", "") and not request.path.startswith(_NOT_PAGES)


def is_hashed(path: str, url: str) -> bool:
    """Return whether WhiteNoise may serve this file as immutable: its name contains a hash of its content."""
    return _HASHED.match(url) is not None
