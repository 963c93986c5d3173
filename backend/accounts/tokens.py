"""Access tokens for programs: shown once, stored as a digest, expiring, revocable.

A digest without salt is enough: the text is 256 random bits, which cannot be guessed by trying.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from accounts.errors import NoSuchToken
from accounts.models import AccessToken

PREFIX = "sf_"
MAX_DAYS = 3650


def create_token(user: User, *, days: int, label: str = "") -> tuple[AccessToken, str]:
    """Create a token. Returns its row and its text, which is not stored and cannot be shown again."""
    text = PREFIX + secrets.token_urlsafe(32)
    expires_at = timezone.now() + timedelta(days=days)
    row = AccessToken.objects.create(user=user, label=label[:100], digest=_digest(text), expires_at=expires_at)
    return row, text


def user_of_token(text: str) -> User | None:
    """Return the user of the token; None if the token is unknown, expired or revoked, or the user is disabled."""
    found = AccessToken.objects.select_related("user").filter(
        digest=_digest(text), revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True
    )
    token = found.first()
    return token.user if token else None


def revoke_token(token_id: int) -> None:
    """Revoke the token. Revoking it again keeps the first time. Raises ``NoSuchToken``."""
    if not AccessToken.objects.filter(pk=token_id).exists():
        raise NoSuchToken(token_id)
    AccessToken.objects.filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now())


def token_rows(user: User | None = None) -> list[dict[str, Any]]:
    """Return all tokens, or those of ``user``, newest first, without text and digest."""
    tokens = AccessToken.objects.select_related("user").order_by("-id")
    now = timezone.now()
    return [
        {
            "id": token.pk,
            "user": token.user.get_username(),
            "label": token.label,
            "state": "revoked" if token.revoked_at else "expired" if token.expires_at <= now else "valid",
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        for token in (tokens.filter(user=user) if user else tokens)
    ]


def _digest(text: str) -> str:
    # A header is decoded as Latin-1 and may hold any character; a text that cannot be a token has another digest.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
