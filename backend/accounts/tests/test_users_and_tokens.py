"""Accounts and tokens without HTTP: which values are accepted, and what is stored."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from accounts.errors import NoSuchToken, NoSuchUser, UnusableName, WeakPassword
from accounts.models import AccessToken
from accounts.tokens import create_token, revoke_token, token_rows, user_of_token
from accounts.users import add_user, can_anybody_sign_in, change_password, enable_user, user_rows

pytestmark = pytest.mark.django_db
PASSWORD = "three figs, one towel"


@pytest.fixture
def anna() -> User:
    return User.objects.create(username="anna")


def test_a_user_s_password_is_kept_as_a_slow_hash_only() -> None:
    user = add_user("anna", PASSWORD)
    assert user.check_password(PASSWORD)
    assert user.password.startswith("pbkdf2_sha256$")


@pytest.mark.parametrize("name", ["", " ", "a b", "a\n", "a(", "é", "-rf", "x" * 41, "a/b", "\0", "a\u202e"])
def test_a_name_that_could_be_mistaken_is_refused(name: str) -> None:
    with pytest.raises(UnusableName):
        add_user(name, PASSWORD)


@pytest.mark.parametrize("again", ["anna", "Anna", "ANNA"])
def test_two_names_differ_in_more_than_capitals(again: str, anna: User) -> None:
    with pytest.raises(UnusableName, match="already"):
        add_user(again, PASSWORD)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "password123",
        "1234567890",
        "annabella1",
        "tab\tin the middle",
        "nul\0in the middle",
        "half\ud800 a character",
        "x1" * 501,
    ],
)
def test_a_password_that_would_be_guessed_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        add_user("annabella", password)
    assert refused.value.details
    assert not User.objects.exists()


def test_a_user_that_does_not_exist_is_named() -> None:
    for act in (lambda: change_password("nobody", PASSWORD), lambda: enable_user("nobody", is_active=False)):
        with pytest.raises(NoSuchUser, match="nobody"):
            act()


def test_disabled_users_cannot_sign_in(anna: User) -> None:
    assert can_anybody_sign_in()
    enable_user("anna", is_active=False)
    assert not can_anybody_sign_in()
    assert [row["is_active"] for row in user_rows()] == [False]


def test_of_a_token_only_a_digest_is_kept(anna: User) -> None:
    row, text = create_token(anna, days=1)
    kept = " ".join(map(str, AccessToken.objects.values_list().get(pk=row.pk)))
    assert text not in kept
    assert text.removeprefix("sf_")[:12] not in kept
    assert user_of_token(text) == anna


def test_no_two_tokens_are_the_same(anna: User) -> None:
    assert len({create_token(anna, days=1)[1] for _ in range(50)}) == 50


def test_the_list_tells_valid_expired_and_revoked_apart(anna: User) -> None:
    for _ in range(3):
        create_token(anna, days=1, label="backup")
    ids = [row["id"] for row in token_rows()]
    AccessToken.objects.filter(pk=ids[0]).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke_token(ids[1])
    assert [row["state"] for row in token_rows()] == ["expired", "revoked", "valid"]
    assert token_rows(User.objects.create(username="ben")) == []


def test_revoking_again_keeps_the_first_time_and_a_token_that_never_was_is_named(anna: User) -> None:
    row, _ = create_token(anna, days=1)
    revoke_token(row.pk)
    first = AccessToken.objects.get(pk=row.pk).revoked_at
    revoke_token(row.pk)
    assert AccessToken.objects.get(pk=row.pk).revoked_at == first
    with pytest.raises(NoSuchToken, match="999"):
        revoke_token(999)


def test_asking_whose_a_token_is_changes_nothing_not_even_of_an_expired_one(anna: User) -> None:
    row, text = create_token(anna, days=1)
    AccessToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=1))
    before = AccessToken.objects.values().get(pk=row.pk)
    assert user_of_token(text) is None
    assert AccessToken.objects.values().get(pk=row.pk) == before
