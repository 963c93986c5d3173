"""The middleware that checks every request, also for media, before routing: Host, Origin, charset and token."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import corsheaders.middleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.http import escape_leading_slashes

from storyflow import token_page, web_client

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_MAX_PORT = 65535
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# `same-site` is missing on purpose: localhost:3000 and localhost:8000 are one site but two programs.
_OWN_SITES = frozenset({"same-origin", "none"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

_WRONG_HOST = (
    "StoryFlow does not answer under this name. "
    "Open it at http://localhost and its port, or add the name to STORYFLOW_ALLOWED_HOSTS."
)
_FOREIGN = "This request came from another web page, so nothing was changed."
_NO_TOKEN = "Send the access token with the request: 'Authorization: Bearer' and the value of STORYFLOW_TOKEN."  # noqa: S105
_WRONG_CHARSET = "Only text in UTF-8 can be read; send the request with charset=utf-8."

# Every response below this path has the envelope of the items API.
_ENVELOPED = "/api/v1/"

_DEFAULT_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}


class RequestGuardMiddleware:
    """Refuses unknown hosts (400), foreign pages (403), unsupported charsets (415) and missing tokens (401).

    The Host check stops DNS rebinding: such a page sends GET without an Origin, so only the Host header shows that the
    request is foreign.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        refusal = _check_request(request)
        response = self.get_response(request) if refusal is None else refusal
        for name, value in _DEFAULT_HEADERS.items():
            response.headers.setdefault(name, value)
        if request.method == "HEAD":
            _drop_body(response)
        return response


class CorsMiddleware(corsheaders.middleware.CorsMiddleware):
    """The CORS headers for the front ends in STORYFLOW_ALLOWED_ORIGINS; does nothing if there are none."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if settings.CORS_ALLOWED_ORIGINS else self.get_response(request)


class PermanentRedirect(HttpResponsePermanentRedirect):
    """A redirect with 301 for safe methods and 308 for others, which makes clients keep the method and the body."""

    def __init__(self, target: str, *, keeps_method: bool) -> None:
        super().__init__(target, preserve_request=keeps_method, content_type="application/json")
        self.content = json.dumps({"error": f"This address ends with a slash: {target}"})


class AppendSlashMiddleware(CommonMiddleware):
    """Redirects to the URL with a final slash, and sets Content-Length."""

    def process_request(self, request: HttpRequest) -> None:
        """Do nothing: the request guard checks the host, and user agents are not checked."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and self.should_redirect_with_slash(request):
            target = self.get_full_path_with_slash(request)
            response = PermanentRedirect(target, keeps_method=request.method not in SAFE_METHODS)
        return super().process_response(request, response)

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """Return the path with a slash.

        Django's own method raises ``RuntimeError`` for unsafe methods while debugging.
        """
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


def _check_request(request: HttpRequest) -> HttpResponse | None:
    """Return the response to a request that is refused, or None for one that may go on."""
    host = _allowed_host(request)
    if host is None:
        return refusal_response(request, 400, "UNKNOWN_HOST", _WRONG_HOST)
    if request.method not in SAFE_METHODS and not _is_allowed_origin(request, f"{request.scheme}://{host}"):
        return refusal_response(request, 403, "FOREIGN_ORIGIN", _FOREIGN)
    # Django would use any Python codec that is named here, such as base64, and fail.
    if (request.content_params or {}).get("charset", "utf-8").lower() not in _CHARSETS:
        return refusal_response(request, 415, "UNSUPPORTED_CHARSET", _WRONG_CHARSET)
    # A browser sends OPTIONS without the token, to learn what it may send.
    if (
        settings.ACCESS_TOKEN
        and request.method != "OPTIONS"
        and not (_has_token(request) or token_page.has_valid_cookie(request))
    ):
        if web_client.wants_page(request):
            return token_page.respond(request)
        return refusal_response(request, 401, "TOKEN_MISSING", _NO_TOKEN, {"WWW-Authenticate": "Bearer"})
    return None


def _drop_body(response: Any) -> None:
    """Remove the body of a response to HEAD and keep its headers.

    Neither Django nor waitress does it, and the client would read the body as the beginning of the next response.
    """
    if response.streaming:
        response.streaming_content = []
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def refusal_response(
    request: HttpRequest, status: int, code: str, sentence: str, headers: dict[str, str] | None = None
) -> JsonResponse:
    """Return an error response from outside the views, in the format of the API below which the path is.

    The story API has ``error``, the items API its envelope.
    """
    body: dict[str, Any] = {"error": sentence}
    if request.path_info.startswith(_ENVELOPED):
        body = {"data": None, "error": {"code": code, "message": sentence}, "message": "Request refused"}
    return JsonResponse(body, status=status, headers=headers)


def _allowed_host(request: HttpRequest) -> str | None:
    """Return the Host header if it is one allowed name, else None. Repeated headers are joined by a comma."""
    # Without a Host header, the server sets SERVER_NAME: `waitress.invalid` in waitress, `testserver` in Django's
    # tests.
    host: str = request.META["HTTP_HOST"] if "HTTP_HOST" in request.META else request.META.get("SERVER_NAME", "")
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 0) > _MAX_PORT:
        return None
    return host if match["name"].lower() in {name.lower() for name in settings.ALLOWED_HOSTS} else None


def _is_allowed_origin(request: HttpRequest, own_origin: str) -> bool:
    """Return whether the request comes from our own page, a configured front end, or a program that is not a browser.

    A program sends neither Origin nor Sec-Fetch-Site.
    """
    origin, site = _header(request, "HTTP_ORIGIN"), _header(request, "HTTP_SEC_FETCH_SITE")
    if origin is not None and origin != own_origin.lower():
        return origin in {allowed.lower() for allowed in settings.CORS_ALLOWED_ORIGINS}
    return site is None or site in _OWN_SITES


def _header(request: HttpRequest, name: str) -> str | None:
    value: str | None = request.META.get(name)
    return None if value is None else value.strip().lower()


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    # WSGI decodes headers as Latin-1. The comparison of bytes works for tokens with any characters.
    sent: bytes = token.strip().encode("latin-1", "replace")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent, settings.ACCESS_TOKEN.encode())
