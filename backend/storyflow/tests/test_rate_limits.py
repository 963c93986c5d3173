"""Rate limits of deletions, uploads and wrong passwords per address, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from api.models import Project
from storyflow.tests.people import PASSWORD, Household, Person, a_picture, a_user


@pytest.fixture
def limited(accounts: Any) -> Client:
    """Switch rate limits on and accounts off: rate limits do not need accounts."""
    accounts.ACCOUNTS, accounts.RATE_LIMITS = False, True
    return Client()


def statuses(act: Any, times: int) -> list[int]:
    return [act().status_code for _ in range(times)]


def test_the_twenty_first_deletion_of_a_minute_is_refused_at_either_door(limited: Client) -> None:
    project = Project.objects.create(title="Kept").pk
    assert statuses(lambda: limited.delete("/api/projects/999999/"), 10) == [404] * 10
    assert statuses(lambda: limited.delete("/api/v1/items/x/image"), 10) == [404] * 10

    story = limited.delete(f"/api/projects/{project}/")
    item = limited.delete("/api/v1/items/x")

    assert (story.status_code, item.status_code) == (429, 429)
    assert 1 <= int(story["Retry-After"]) <= 60
    assert 1 <= int(item["Retry-After"]) <= 60
    assert "20 deletions a minute" in story.json()["error"]
    assert item.json()["error"]["code"] == "TOO_MANY_REQUESTS"
    assert Project.objects.filter(pk=project).exists()


def test_the_eleventh_upload_of_a_minute_is_refused_at_either_door(limited: Client) -> None:
    def upload(url: str) -> Any:
        return limited.post(url, {"image": a_picture()})

    assert statuses(lambda: upload("/api/segments/1/upload-image/"), 5) == [404] * 5
    assert statuses(lambda: upload("/api/v1/items/x/image"), 5) == [404] * 5
    assert upload("/api/segments/1/upload-image/").status_code == 429
    assert upload("/api/v1/items/x/image").status_code == 429


def test_who_says_they_come_from_elsewhere_is_counted_all_the_same(limited: Client) -> None:
    answers = [
        limited.delete("/api/projects/1/", headers={"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}"})
        for n in range(21)
    ]
    assert [answer.status_code for answer in answers] == [404] * 20 + [429]


def test_another_address_has_its_own_count_and_reading_none(limited: Client) -> None:
    statuses(lambda: limited.delete("/api/projects/1/"), 21)
    assert limited.delete("/api/projects/1/", REMOTE_ADDR="192.168.1.7").status_code == 404
    assert statuses(lambda: limited.get("/api/projects/"), 30) == [200] * 30


def test_without_limits_nothing_is_counted(limited: Client, settings: Any) -> None:
    settings.RATE_LIMITS = False
    assert 429 not in statuses(lambda: limited.delete("/api/projects/1/"), 25)


def test_a_stranger_s_tries_are_refused_before_they_are_counted(ben: Person, annas: Household, settings: Any) -> None:
    settings.RATE_LIMITS = True
    assert statuses(lambda: ben.delete(f"/api/projects/{annas.project}/"), 25) == [404] * 25


def test_ten_wrong_passwords_a_minute_are_enough_and_right_ones_do_not_count(accounts: Any) -> None:
    a_user("anna", password=PASSWORD)

    def sign_in(password: str, **options: Any) -> Any:
        body = {"username": "anna", "password": password}
        return Client().post("/api/session/", body, content_type="application/json", **options)

    assert statuses(lambda: sign_in(PASSWORD), 12) == [200] * 12
    assert statuses(lambda: sign_in("wrong"), 10) == [401] * 10
    refused = sign_in(PASSWORD)
    assert (refused.status_code, int(refused["Retry-After"]) <= 60) == (429, True)
    assert sign_in(PASSWORD, REMOTE_ADDR="192.168.1.7").status_code == 200
