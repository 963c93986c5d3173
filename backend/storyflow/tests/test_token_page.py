"""The token form for browsers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.rate_limits import SIGN_INS
from storyflow.token_page import COOKIE, WRONG

pytestmark = pytest.mark.django_db
TOKEN = "correct-hörse"
HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def browser(settings: Any) -> Client:
    settings.ACCESS_TOKEN = TOKEN
    SIGN_INS.reset()
    return Client(headers=HTML)


def give(browser: Client, token: str, path: str = "/", **headers: str) -> Any:
    body = {"token": token}
    return browser.post(path, body, headers=HTML | {"sec-fetch-site": "same-origin"} | headers)


def test_a_browser_is_asked_for_the_token_and_shown_nothing_else(browser: Client) -> None:
    answer = browser.get("/projects/7")
    assert answer.status_code == 401
    assert '<input id="token" name="token" type="password"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_the_token_opens_everything_and_leads_on_to_where_one_wanted_to_be(browser: Client) -> None:
    answer = give(browser, TOKEN, "/projects/7")
    assert (answer.status_code, answer["Location"]) == (303, "/projects/7")
    assert browser.get("/api/projects/").status_code == 200
    made = browser.post("/api/projects/", {"title": "A"}, "application/json", headers={"sec-fetch-site": "same-origin"})
    assert made.status_code == 201


def test_the_cookie_is_not_the_token_and_no_script_and_no_other_page_gets_it(browser: Client) -> None:
    give(browser, TOKEN)
    cookie = browser.cookies[COOKIE]
    assert TOKEN not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", "")


@pytest.mark.parametrize("token", ["", "wrong", "correct-horse", TOKEN * 2, "\0", "é" * 5000])
def test_a_wrong_one_is_told_so_and_opens_nothing(token: str, browser: Client) -> None:
    answer = give(browser, token)
    assert (answer.status_code, WRONG in answer.content.decode()) == (401, True)
    assert COOKIE not in browser.cookies
    assert browser.get("/api/projects/").status_code == 401


def test_after_ten_wrong_ones_even_the_right_one_waits(browser: Client) -> None:
    assert [give(browser, "wrong").status_code for _ in range(11)] == [401] * 10 + [429]
    assert give(browser, TOKEN).status_code == 429


def test_another_token_ends_what_the_old_one_opened(browser: Client, settings: Any) -> None:
    give(browser, TOKEN)
    settings.ACCESS_TOKEN = "another"
    assert browser.get("/api/projects/").status_code == 401


@pytest.mark.parametrize("cookie", ["", "x", "é", "0" * 64])
def test_a_made_up_cookie_is_worth_nothing(cookie: str, browser: Client) -> None:
    browser.cookies[COOKIE] = cookie
    assert browser.get("/api/projects/").status_code == 401


def test_the_cookie_does_not_open_the_gate_to_other_pages(browser: Client) -> None:
    give(browser, TOKEN)
    answer = browser.post("/api/projects/", {"title": "A"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_nobody_is_led_elsewhere(browser: Client) -> None:
    answer = give(browser, TOKEN, "//evil.example/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize("path", ["/api/projects/", "/media/a.jpg", "/assets/a.js"])
def test_programs_are_answered_as_before(path: str, browser: Client) -> None:
    answer = browser.get(path)
    assert answer.status_code == 401
    assert answer["Content-Type"].startswith("application/json")
