"""Where accounts are on: who is asking, asked of every request before its view; does nothing where they are off."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.views import APIView

from accounts.errors import NotSignedIn
from accounts.sign_in import authenticate
from accounts.viewers import Viewer
from storyflow.request_guard import SAFE_METHODS, refusal_response

# By the name of their route. The page and the descriptions are the same for everybody and show nothing of anybody's.
PUBLIC = frozenset({"page", "health", "schema", "schema-page", "session"})
# Plain views that ask themselves whose a thing is; DRF's views have permissions, by default none.
CHECKED_IN_VIEW = frozenset({"media", "uploads"})

_NO_CSRF = (
    "A change that is asked for with a session's cookie needs the header X-CSRFToken with the value of the cookie "
    "storyflow_csrf, which GET /api/session/ sets."
)
_NOTHING = "There is nothing at this address."


class CSRFCheck(CsrfViewMiddleware):
    """Django's check; says why instead of answering with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason

    def passes(self, request: HttpRequest) -> bool:
        # For a POST it would look for the token in the form too, reading an upload before its view has said how
        # large one may be; a PUT it asks for the header only.
        asked = copy.copy(request)
        asked.method = "PUT"
        return self.process_view(asked, _no_view, (), {}) is None


class AccountMiddleware:
    """Refuses who is not signed in (401), and sessions whose page does not know the CSRF token (403)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._sessions = SessionMiddleware(get_response)
        self._csrf = CSRFCheck(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.ACCOUNTS:
            return self.get_response(request)
        self._sessions.process_request(request)
        self._csrf.process_request(request)
        request.viewer = authenticate(request)  # type: ignore[attr-defined]
        response: Any = self.get_response(request)
        response = self._csrf.process_response(request, self._sessions.process_response(request, response))
        if _is_https(request):
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not settings.ACCOUNTS:
            return None
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if viewer.is_by_session and request.method not in SAFE_METHODS and not self._csrf.passes(request):
            return refusal_response(request, 403, "CSRF_FAILED", _NO_CSRF)
        route = request.resolver_match.url_name if request.resolver_match else None
        if route in PUBLIC:
            return None
        if not viewer.is_signed_in:
            return refusal_response(request, 401, NotSignedIn.code, NotSignedIn.message, {"WWW-Authenticate": "Bearer"})
        if viewer.sees_all or route in CHECKED_IN_VIEW or _is_drf_view(view):
            return None
        return refusal_response(request, 404, "NOT_FOUND", _NOTHING)


def _is_drf_view(view: Any) -> bool:
    cls = getattr(view, "cls", None)
    return isinstance(cls, type) and issubclass(cls, APIView)


def _is_https(request: HttpRequest) -> bool:
    """Also behind a proxy that speaks https for us: of a change, the gate has let its page's Origin pass."""
    origin = request.headers.get("Origin", "") if request.method not in SAFE_METHODS else ""
    return request.is_secure() or origin.lower().startswith("https://")


def _no_view() -> None:
    """What Django's check looks at for an exemption; there is none."""
