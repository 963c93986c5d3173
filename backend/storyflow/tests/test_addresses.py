"""URLs that are nearly right, and URLs that do not exist."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from api.models import Project

WRITES = ("POST", "PUT", "PATCH", "DELETE")


def story_paths(patterns: Any = None, before: str = "") -> list[str]:
    """Return every URL of the story API that ends with a slash, with 1 for each argument."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = before + re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]+>", "1", str(pattern.pattern)).replace("\\Z", "").strip("^$")
        if isinstance(pattern, URLResolver):
            found += story_paths(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("api/") and path.endswith("/"):
            found.append("/" + path)
    return found


PATHS = story_paths()


def test_there_are_addresses_to_try() -> None:
    assert {"/api/projects/", "/api/segments/reorder/", "/api/projects/1/settings/", "/api/tasks/1/cancel/"} <= set(
        PATHS
    )


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_a_write_without_its_slash_keeps_its_method_and_a_reading_is_moved(path: str) -> None:
    client = Client()
    for method in WRITES:
        answer = client.generic(method, path[:-1] + "?draft=1", "{}", content_type="application/json")
        assert (answer.status_code, answer["Location"]) == (308, path + "?draft=1"), method
        assert path in answer.json()["error"]
    assert client.get(path[:-1])["Location"] == path
    assert client.get(path[:-1]).status_code == 301


@pytest.mark.django_db
def test_a_client_that_follows_does_what_it_asked_for() -> None:
    answer = Client().post("/api/projects", {"title": "Made"}, content_type="application/json", follow=True)
    assert (answer.redirect_chain, answer.status_code) == ([("/api/projects/", 308)], 201)
    assert Project.objects.get().title == "Made"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["//evil.example/api/projects", "/\\evil.example/api/projects", "/api//projects"])
def test_no_address_leads_to_another_host(path: str) -> None:
    answer = Client().generic("POST", path, "{}", content_type="application/json")
    assert answer.status_code == 404 or re.match(r"/[^/\\]", answer["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", *WRITES])
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/nothing/",
        "/api/v1/items/",
        "/api/v1/items/x/y/z",
        "/api/v1/items/x/y/z/",
        "/api/v1/items/x/image/",
        "/api/v1//items",
        "/api/v1/../projects",
    ],
)
def test_what_is_not_in_the_item_api_is_refused_in_its_envelope(path: str, method: str) -> None:
    answer = Client().generic(method, path, "{}", content_type="application/json", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    if method != "HEAD":
        body = answer.json()
        assert set(body) == {"data", "error", "message"}
        assert (body["data"], body["error"]["code"]) == (None, "NOT_FOUND")


@pytest.mark.django_db
def test_elsewhere_it_is_a_sentence() -> None:
    assert Client().get("/api/nothing").json() == {"error": "There is nothing at this address."}
