"""Creating, changing and disabling accounts."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.errors import NoSuchUser, UnusableName, WeakPassword

MAX_PASSWORD_LENGTH = 1000
_TYPEABLE = f"Use up to {MAX_PASSWORD_LENGTH} characters that can be seen, or spaces."
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,39}")


def add_user(name: str, password: str, *, is_administrator: bool = False) -> User:
    """Create a user. Raises ``UnusableName`` or ``WeakPassword``."""
    if not _NAME.fullmatch(name):
        raise UnusableName(
            "A name has up to 40 of: letters a to z, digits, . _ @ + - and begins with a letter or digit."
        )
    user = User(username=name, is_superuser=is_administrator, is_staff=is_administrator)
    _set_password(user, password)
    try:
        with transaction.atomic():
            # People would confuse two accounts that differ only in upper and lower case.
            if User.objects.filter(username__iexact=name).exists():
                raise UnusableName(f"There is a user {name!r} already.")
            user.save()
    except IntegrityError as exc:
        raise UnusableName(f"There is a user {name!r} already.") from exc
    return user


def user_named(name: str) -> User:
    """Return the user with this name. Raises ``NoSuchUser``."""
    user = User.objects.filter(username=name).first()
    if user is None:
        raise NoSuchUser(name)
    return user


def change_password(name: str, password: str) -> None:
    """Set a new password, which ends all sessions of the user. Tokens stay valid until they are revoked.

    Raises ``NoSuchUser`` or ``WeakPassword``.
    """
    user = user_named(name)
    _set_password(user, password)
    user.save(update_fields=["password"])


def enable_user(name: str, *, is_active: bool) -> None:
    """Enable or disable the account. Sessions and tokens of a disabled account are refused from the next request on.

    Raises ``NoSuchUser``.
    """
    user = user_named(name)
    User.objects.filter(pk=user.pk).update(is_active=is_active)


def user_rows() -> list[dict[str, Any]]:
    """Return all accounts, sorted by name."""
    columns = ("id", "username", "is_superuser", "is_active", "date_joined", "last_login")
    return [
        {
            "id": row["id"],
            "name": row["username"],
            "is_administrator": row["is_superuser"],
            "is_active": row["is_active"],
            "created_at": row["date_joined"],
            "signed_in_at": row["last_login"],
        }
        for row in User.objects.order_by("username").values(*columns)
    ]


def can_anybody_sign_in() -> bool:
    return User.objects.filter(is_active=True).exists()


def _set_password(user: User, password: str) -> None:
    if not password.isprintable() or len(password) > MAX_PASSWORD_LENGTH:
        raise WeakPassword("A password that nobody could type.", details=_TYPEABLE)
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise WeakPassword(details=list(exc.messages)) from exc
    user.set_password(password)
