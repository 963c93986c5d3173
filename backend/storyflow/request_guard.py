"""Who may talk to StoryFlow at all: asked of every request, media included, before any routing."""

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
# `same-site` is missing on purpose: localhost:3000 and localhost:8000 are one site but not one program.
_OWN_SITES = frozenset({"same-origin", "none"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

_WRONG_HOST = (
    "StoryFlow does not answer under this name. "
    "Open it at http://localhost and its port, or add the name to STORYFLOW_ALLOWED_HOSTS."
)
_FOREIGN = "This request came from another web page, so nothing was changed."
_NO_TOKEN = "Send the access token with the request: 'Authorization: Bearer' and the value of STORYFLOW_TOKEN."  # noqa: S105
_WRONG_CHARSET = "Only text in UTF-8 can be read; send the request with charset=utf-8."

# Below this every answer is in the item door's envelope.
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
    """Refuses rebound names (400), other people's pages (403), missing tokens (401) and odd charsets (415).

    A page of a rebound name sends GET without an Origin, so Host is the only thing that tells it from our own.
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
    """What browsers have to be told before a front end of another origin may ask us; nothing where there is none."""

    def __call__(self, request: HttpRequest) -> Any:
        return super().__call__(request) if settings.CORS_ALLOWED_ORIGINS else self.get_response(request)


class PermanentRedirect(HttpResponsePermanentRedirect):
    """301 for who only reads; 308 for others, whose method and body clients keep then: a POST must not become a GET."""

    def __init__(self, target: str, *, keeps_method: bool) -> None:
        super().__init__(target, preserve_request=keeps_method, content_type="application/json")
        self.content = json.dumps({"error": f"This address ends with a slash: {target}"})


class AppendSlashMiddleware(CommonMiddleware):
    """Sends to the address with a slash who left it out, and says how long an answer is."""

    def process_request(self, request: HttpRequest) -> None:
        """Hosts are judged by the gate, user agents by nobody."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and self.should_redirect_with_slash(request):
            target = self.get_full_path_with_slash(request)
            response = PermanentRedirect(target, keeps_method=request.method not in SAFE_METHODS)
        return super().process_response(request, response)

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """Django's own raises ``RuntimeError`` for POST, PUT, PATCH and DELETE while debugging."""
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


def _check_request(request: HttpRequest) -> HttpResponse | None:
    host = _allowed_host(request)
    if host is None:
        return refusal_response(request, 400, "UNKNOWN_HOST", _WRONG_HOST)
    if request.method not in SAFE_METHODS and not _is_allowed_origin(request, f"{request.scheme}://{host}"):
        return refusal_response(request, 403, "FOREIGN_ORIGIN", _FOREIGN)
    # Django would decode with whatever codec is named here, base64 among them, and fail.
    if (request.content_params or {}).get("charset", "utf-8").lower() not in _CHARSETS:
        return refusal_response(request, 415, "UNSUPPORTED_CHARSET", _WRONG_CHARSET)
    # A browser asks with OPTIONS what it may send, before it sends the token.
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
    """Keep the headers only. Neither Django nor waitress does it, and the body would pass for the next answer."""
    if response.streaming:
        response.streaming_content = []
    else:
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.content = b""


def refusal_response(
    request: HttpRequest, status: int, code: str, sentence: str, headers: dict[str, str] | None = None
) -> JsonResponse:
    """A refusal before any view, in the words of the door that was asked: ``error``, or the item door's envelope."""
    body: dict[str, Any] = {"error": sentence}
    if request.path_info.startswith(_ENVELOPED):
        body = {"data": None, "error": {"code": code, "message": sentence}, "message": "Request refused"}
    return JsonResponse(body, status=status, headers=headers)


def _allowed_host(request: HttpRequest) -> str | None:
    """The Host as sent, if it is one of our names and one only; a repeated header arrives joined by a comma."""
    # Without a Host, servers say themselves who they are: waitress is `waitress.invalid`, Django's tests `testserver`.
    host: str = request.META["HTTP_HOST"] if "HTTP_HOST" in request.META else request.META.get("SERVER_NAME", "")
    match = _HOST.fullmatch(host)
    if match is None or int(match["port"] or 0) > _MAX_PORT:
        return None
    return host if match["name"].lower() in {name.lower() for name in settings.ALLOWED_HOSTS} else None


def _is_allowed_origin(request: HttpRequest, own_origin: str) -> bool:
    """By our own page, by a configured front end, or by a program that is no browser (neither header)."""
    origin, site = _header(request, "HTTP_ORIGIN"), _header(request, "HTTP_SEC_FETCH_SITE")
    if origin is not None and origin != own_origin.lower():
        return origin in {allowed.lower() for allowed in settings.CORS_ALLOWED_ORIGINS}
    return site is None or site in _OWN_SITES


def _header(request: HttpRequest, name: str) -> str | None:
    value: str | None = request.META.get(name)
    return None if value is None else value.strip().lower()


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    # WSGI hands a header's bytes over as latin-1; compared as bytes, any token may hold any letters.
    sent: bytes = token.strip().encode("latin-1", "replace")
    return scheme.lower() == "bearer" and hmac.compare_digest(sent, settings.ACCESS_TOKEN.encode())
