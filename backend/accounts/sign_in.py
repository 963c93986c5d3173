"""Authentication of a request by token or session; signing in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from accounts.errors import AccountsAreOff, WrongPassword
from accounts.rate_limits import SIGN_INS, client_of
from accounts.tokens import user_of_token
from accounts.viewers import NOBODY, Viewer, viewer_for

SCHEMES = ("bearer", "token")


def authenticate(request: HttpRequest) -> Viewer:
    """Return the viewer of the request: the user of its token or, without an Authorization header, of its session.

    Returns ``NOBODY`` for a wrong token, even if the request also has a session.
    """
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is not None:
        return _viewer_of_token(header)
    user = auth.get_user(request)
    return viewer_for(user, is_by_session=True) if user.is_authenticated else NOBODY


def _viewer_of_token(header: str) -> Viewer:
    scheme, _, text = header.strip().partition(" ")
    user = user_of_token(text.strip()) if scheme.lower() in SCHEMES and text.strip() else None
    return viewer_for(user) if user else NOBODY


def sign_in(request: HttpRequest, name: str, password: str) -> Viewer:
    """Check the password and start a session under a new key, so that a session key planted before is worthless.

    Raises ``WrongPassword``, for an unknown name after the same amount of work; ``AccountsAreOff``; and
    ``RateLimited`` after too many wrong passwords from one address.
    """
    if not settings.ACCOUNTS:
        raise AccountsAreOff
    client = client_of(request)
    SIGN_INS.hit(client)
    user: Any = auth.authenticate(request, username=name, password=password)
    if user is None:
        raise WrongPassword
    SIGN_INS.undo(client)
    # Delete the data of the previous session, also if it was the same user's.
    request.session.flush()
    auth.login(request, user)
    return viewer_for(user, is_by_session=True)


def sign_out(request: HttpRequest) -> None:
    """Delete the session of this request. Does nothing without a session."""
    if settings.ACCOUNTS:
        auth.logout(request)


def delete_expired_sessions() -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
