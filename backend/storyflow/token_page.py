"""The token form for browsers when STORYFLOW_TOKEN is set: it asks for the token once and then sets a cookie.

A browser cannot send the Authorization header for pages, pictures and videos. The cookie is not the token: it is valid
for this server only, and only until the token changes.
"""

from __future__ import annotations

import hmac
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.rate_limits import SIGN_INS, RateLimited, client_of
from storyflow import web_client

COOKIE = "storyflow_key"
WRONG = "That is not the token of this StoryFlow."

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>StoryFlow</title>
<meta name="viewport" content="width=device-width">
<style>
:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }}
main {{ max-width: 24rem; margin: 15vh auto; padding: 0 1rem }}
input, button {{ display: block; width: 100%; box-sizing: border-box; margin: .25rem 0 1rem; padding: .6rem }}
input, button {{ font: inherit }}
[role=alert] {{ margin: 0 0 1rem; font-weight: 600 }}
</style>
<main><h1>StoryFlow</h1>
<p>Who may open this StoryFlow knows its token, the value of <code>STORYFLOW_TOKEN</code>.</p>
<form method="post"><label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
{problem}<button>Open</button></form></main></html>
"""


def has_valid_cookie(request: HttpRequest) -> bool:
    """Return whether the request has the cookie of the current token."""
    return hmac.compare_digest(request.COOKIES.get(COOKIE, "").encode(), _cookie_value().encode())


def respond(request: HttpRequest) -> HttpResponse:
    """Return the form, or for a sent form a redirect to the requested page, or the form again with an error."""
    if request.method != "POST":
        return _page("", 401)
    try:
        return _redirect_with_cookie(request) if _is_right(request) else _page(WRONG, 401)
    except RateLimited as exc:
        return _page(str(exc.detail), exc.status_code)


def _is_right(request: HttpRequest) -> bool:
    """Return whether the form has the right token.

    Raises ``RateLimited`` after too many wrong ones from one address.
    """
    client = client_of(request)
    SIGN_INS.hit(client)
    if not hmac.compare_digest(request.POST.get("token", "").strip().encode(), settings.ACCESS_TOKEN.encode()):
        return False
    SIGN_INS.undo(client)
    return True


def _redirect_with_cookie(request: HttpRequest) -> HttpResponse:
    # Redirect to a known page only: `//elsewhere` is a path too.
    is_ours = re.match(web_client.PAGES, request.path[1:])
    response = HttpResponse(status=303, headers={"Location": request.path if is_ours else "/"})
    is_https = request.is_secure() or request.headers.get("Origin", "").lower().startswith("https://")
    response.set_cookie(COOKIE, _cookie_value(), httponly=True, samesite="Strict", secure=is_https)
    return response


def _page(problem: str, status: int) -> HttpResponse:
    line = f'<p role="alert">{problem}</p>' if problem else ""
    return HttpResponse(_PAGE.format(problem=line), status=status, headers={"Cache-Control": "no-store"})


def _cookie_value() -> str:
    return salted_hmac("storyflow.token_page", settings.ACCESS_TOKEN, algorithm="sha256").hexdigest()
