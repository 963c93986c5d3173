"""The middleware that authenticates every request while accounts are on, and does nothing while they are off."""

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

# Route names that need no user. The page and the API description are the same for all users and show no user's data.
PUBLIC = frozenset({"page", "health", "schema", "schema-page", "session"})
# Route names of plain Django views that check ownership themselves. DRF views have permissions, by default for
# administrators only.
CHECKED_IN_VIEW = frozenset({"media", "uploads"})

_NO_CSRF = (
    "A change that is asked for with a session's cookie needs the header X-CSRFToken with the value of the cookie "
    "storyflow_csrf, which GET /api/session/ sets."
)
_NOTHING = "There is nothing at this address."


class CSRFCheck(CsrfViewMiddleware):
    """Django's CSRF check, which returns the reason of a refusal instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason

    def passes(self, request: HttpRequest) -> bool:
        # For a POST, Django also looks for the token in the form, and would read an upload before the view has set its
        # size limit. For a PUT, Django looks at the header only.
        as_put = copy.copy(request)
        as_put.method = "PUT"
        return self.process_view(as_put, _no_view, (), {}) is None  # type: ignore[arg-type]


class AccountMiddleware:
    """Sets ``request.viewer``, and refuses requests without a user (401) and changes without a CSRF token (403).

    The CSRF token is required from requests with a session only. A plain view that does not check ownership is hidden
    from everybody but administrators (404).
    """

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
        response = self._sessions.process_response(request, response)
        secured: HttpResponseBase = self._csrf.process_response(request, response)
        if _is_https(request):
            for cookie in secured.cookies.values():
                cookie["secure"] = True
        return secured

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
    """Return whether the view belongs to DRF, and therefore has permissions."""
    cls = getattr(view, "cls", None)
    return isinstance(cls, type) and issubclass(cls, APIView)


def _is_https(request: HttpRequest) -> bool:
    """Return whether the client uses HTTPS, also behind a TLS-terminating proxy.

    Behind a proxy only the Origin header shows it. For unsafe methods the request guard has already checked that
    header.
    """
    origin = request.headers.get("Origin", "") if request.method not in SAFE_METHODS else ""
    return request.is_secure() or origin.lower().startswith("https://")


def _no_view() -> None:
    """Stands in for the view, in which Django's check looks for an exemption; there is none."""
