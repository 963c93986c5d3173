"""Signing in and out: sessions, their cookies and the CSRF token."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import AccessToken
from accounts.sign_in import delete_expired_sessions
from accounts.tokens import create_token, revoke_token
from accounts.users import change_password, enable_user
from storyflow.tests.live import jpeg
from storyflow.tests.people import PASSWORD, Person, a_user

HERE = "/api/session/"
COOKIE, CSRF = "storyflow_session", "storyflow_csrf"
PROJECTS = "/api/projects/"
# As WSGI hands over the bytes of a header.
SNOWMAN = "é☃".encode().decode("latin-1")
MADE_UP_TOKENS = ["", "Bearer", "Bearer ", "Token", "Bearer sf_x", "Basic YTpi", "sf_x", "\0", "Bearer a b c"]
MADE_UP_TOKENS += [f"Bearer {SNOWMAN}", "Bearer \udce9", "Bearer " + "x" * 100_000]
NONSENSE = ["[]", "{}", "null", '{"username": 1, "password": []}', '{"username": "a\\u0000", "password": "b"}']
NONSENSE += [
    '{"username": "\\ud800", "password": "\\ud800"}',
    json.dumps({"username": "anna", "password": "x" * 100_000}),
]


@pytest.fixture
def browser(accounts: Any) -> Client:
    """Return a test client that is not signed in and whose CSRF token is checked."""
    a_user("anna", password=PASSWORD)
    return Client(enforce_csrf_checks=True)


def sign_in(browser: Client, name: str = "anna", password: str = PASSWORD, **options: Any) -> Any:
    body = json.dumps({"username": name, "password": password})
    return browser.post(HERE, body, content_type="application/json", **options)


def with_csrf(browser: Client) -> dict[str, str]:
    return {"X-CSRFToken": browser.cookies[CSRF].value}


def test_whoever_signs_in_is_known_until_they_sign_out(browser: Client) -> None:
    assert browser.get(HERE).json() == {"accounts": True, "user": None}
    answer = sign_in(browser)
    assert (answer.status_code, answer.json()["user"]) == (200, {"name": "anna", "is_administrator": False})
    assert browser.get(HERE).json()["user"]["name"] == "anna"
    assert browser.get(PROJECTS).status_code == 200
    assert browser.delete(HERE, headers=with_csrf(browser)).status_code == 204
    assert browser.get(PROJECTS).status_code == 401


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong"), ("nobody", PASSWORD), ("Anna", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(name: str, password: str, browser: Client) -> None:
    answer = sign_in(browser, name, password)
    assert (answer.status_code, COOKIE in browser.cookies) == (401, False)
    assert answer.json() == sign_in(browser, "anna", "other").json()


def test_a_name_that_does_not_exist_costs_the_same_work(browser: Client, monkeypatch: Any) -> None:
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(password) or encode(self, password, salt),
    )
    sign_in(browser, "nobody", "one")
    sign_in(browser, "anna", "two")
    assert hashed == ["one", "two"]


@pytest.mark.parametrize("body", NONSENSE)
def test_nonsense_is_refused_with_a_sentence(body: str, browser: Client) -> None:
    answer = browser.post(HERE, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_session_planted_before_is_worth_nothing_after_signing_in(browser: Client) -> None:
    planted = Client()
    planted.force_login(a_user("mallory"))
    browser.cookies[COOKIE] = planted.cookies[COOKIE].value

    assert sign_in(browser, headers={"X-CSRFToken": "none"}).status_code == 403
    browser.get(HERE)
    assert sign_in(browser, headers=with_csrf(browser)).status_code == 200

    assert browser.cookies[COOKIE].value != planted.cookies[COOKIE].value
    assert planted.get(PROJECTS).status_code == 401


def test_each_sign_in_has_a_key_of_its_own(browser: Client) -> None:
    sign_in(browser)
    first, token = browser.cookies[COOKIE].value, browser.cookies[CSRF].value
    sign_in(browser, headers=with_csrf(browser))
    assert browser.cookies[COOKIE].value != first
    assert browser.cookies[CSRF].value != token
    assert Session.objects.filter(session_key=first).count() == 0


@pytest.mark.parametrize("key", ["", "x", "garbage" * 9, SNOWMAN, "a\\0b", "' OR 1=1 --", "x" * 20_000])
def test_a_made_up_session_is_nobody_s(key: str, browser: Client) -> None:
    assert browser.get(PROJECTS, headers={"Cookie": f"{COOKIE}={key}; {CSRF}={key}"}).status_code == 401


def test_the_session_s_cookie_is_kept_from_scripts_and_other_sites(browser: Client) -> None:
    cookie = sign_in(browser).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert sign_in(browser, headers=with_csrf(browser)).cookies[CSRF]["samesite"] == "Lax"


def test_over_https_cookies_are_never_sent_in_the_open(browser: Client, settings: Any) -> None:
    answer = sign_in(browser, secure=True, headers={"Origin": "https://testserver"})
    assert {cookie["secure"] for cookie in answer.cookies.values()} == {True}


def test_behind_a_proxy_that_speaks_https_too(browser: Client, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://stories.example"]
    answer = sign_in(browser, headers={"Origin": "https://stories.example"})
    assert answer.cookies[COOKIE]["secure"] is True


@pytest.mark.parametrize("token", [None, "", "wrong", "x" * 32, "x" * 64, "é" * 32, "a" * 100_000])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_session_changes_nothing_without_its_csrf_token(method: str, token: str | None, browser: Client) -> None:
    sign_in(browser)
    url = PROJECTS if method == "POST" else f"{PROJECTS}1/"
    headers = {} if token is None else {"X-CSRFToken": token}
    answer = browser.generic(method, url, '{"title": "A"}', content_type="application/json", headers=headers)
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["error"]
    assert browser.get(PROJECTS).json() == []


def test_the_csrf_token_of_the_cookie_opens_the_way(browser: Client) -> None:
    sign_in(browser)
    answer = browser.post(PROJECTS, '{"title": "A"}', content_type="application/json", headers=with_csrf(browser))
    assert answer.status_code == 201


def test_a_form_s_own_field_does_not_pass_for_the_header(browser: Client) -> None:
    sign_in(browser)
    form = {"title": "A", "csrfmiddlewaretoken": browser.cookies[CSRF].value}
    assert browser.post(PROJECTS, form).status_code == 403


def test_a_refusal_at_the_item_door_is_in_its_envelope(browser: Client) -> None:
    nobody = browser.get("/api/v1/items")
    sign_in(browser)
    unsigned = browser.post("/api/v1/items", "{}", content_type="application/json")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "NOT_SIGNED_IN")
    assert (unsigned.status_code, unsigned.json()["error"]["code"]) == (403, "CSRF_FAILED")


def test_an_upload_s_own_size_limit_holds_behind_the_csrf_check(browser: Client) -> None:
    """A search for the token in the form would read the file before the view has set its size limit."""
    sign_in(browser)
    headers = with_csrf(browser)
    item = browser.post(
        "/api/v1/items", '{"name": "A", "category": "B"}', content_type="application/json", headers=headers
    ).json()["data"]["id"]

    def upload(padding: int) -> int:
        file = SimpleUploadedFile("a.jpg", jpeg() + bytes(padding))
        return browser.post(f"/api/v1/items/{item}/image", {"image": file}, headers=headers).status_code

    assert (upload(6 * 2**20), upload(21 * 2**20), upload(0)) == (413, 413, 201)


def test_a_token_needs_no_csrf_token(anna: Person) -> None:
    browser = Client(enforce_csrf_checks=True)
    for scheme in ("Bearer", "bearer", "Token"):
        headers = {"Authorization": f"{scheme} {create_token(anna.user, days=1)[1]}"}
        answer = browser.post(PROJECTS, '{"title": "A"}', content_type="application/json", headers=headers)
        assert answer.status_code == 201, scheme


@pytest.mark.parametrize("header", MADE_UP_TOKENS)
def test_a_made_up_token_is_nobody_s_even_in_a_session(header: str, anna: Person) -> None:
    assert anna.get(PROJECTS, HTTP_AUTHORIZATION=header).status_code == 401


def test_a_token_ends_when_it_expires_is_revoked_or_its_user_disabled(anna: Person) -> None:
    rows = [create_token(anna.user, days=1) for _ in range(3)]
    revoke_token(rows[0][0].pk)
    AccessToken.objects.filter(pk=rows[1][0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    def statuses() -> list[int]:
        return [Client().get(PROJECTS, headers={"Authorization": f"Bearer {text}"}).status_code for _, text in rows]

    assert statuses() == [401, 401, 200]
    enable_user("anna", is_active=False)
    assert statuses() == [401, 401, 401]


def test_a_disabled_user_s_session_ends_and_they_cannot_sign_in(browser: Client) -> None:
    sign_in(browser)
    enable_user("anna", is_active=False)
    assert browser.get(PROJECTS).status_code == 401
    assert sign_in(Client()).status_code == 401


def test_another_password_ends_the_sessions_of_the_old_one(browser: Client) -> None:
    sign_in(browser)
    change_password("anna", "a quite different one")
    assert browser.get(PROJECTS).status_code == 401


def test_expired_sessions_are_forgotten(browser: Client) -> None:
    sign_in(browser)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get(PROJECTS).status_code == 401
    sign_in(browser)
    delete_expired_sessions()
    assert Session.objects.count() == 1


def test_where_accounts_are_off_nobody_is_asked_and_no_cookie_is_set(settings: Any, db: None) -> None:
    settings.ACCOUNTS = False
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(HERE).json() == {"accounts": False, "user": None}
    assert sign_in(browser).status_code == 409
    assert browser.delete(HERE).status_code == 204
    assert browser.post(PROJECTS, '{"title": "A"}', content_type="application/json").status_code == 201
    assert dict(browser.cookies) == {}
