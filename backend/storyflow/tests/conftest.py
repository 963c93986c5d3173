"""Fixtures that switch accounts on for one test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from accounts.rate_limits import DELETIONS, SIGN_INS, UPLOADS
from storyflow.tests.people import Household, Person


@pytest.fixture
def accounts(settings: Any, tmp_path: Path, db: None) -> Any:
    """Switch accounts on and rate limits off, with an own data folder and a fast password hash."""
    settings.ACCOUNTS = True
    settings.RATE_LIMITS = False
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOADS_ROOT = tmp_path / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for limit in (DELETIONS, UPLOADS, SIGN_INS):
        limit.reset()
    return settings


@pytest.fixture
def anna(accounts: Any) -> Person:
    return Person("anna")


@pytest.fixture
def ben(accounts: Any) -> Person:
    return Person("ben")


@pytest.fixture
def root(accounts: Any) -> Person:
    return Person("root", is_administrator=True)


@pytest.fixture
def annas(anna: Person) -> Household:
    return Household(anna)
