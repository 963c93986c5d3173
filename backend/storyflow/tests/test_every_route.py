"""Permissions of every route for another user and without a user. New routes are found by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from api.models import Project, Segment
from items.models import Item
from media_store.models import AuditEntry, TrashEntry
from narration.speech import DEFAULT_VOICE
from storyflow.account_guard import PUBLIC
from storyflow.tests.people import Household, Person

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Routes without anything in them that could be somebody's; what they list is one's own.
OWN_LISTS = {"project-list", "segment-list", "trash-list", "item-list", "audit", "pictures"}
BODIES_ONLY = {"project-import", "project-import-bundle", "project-import-example", "segment-reorder"}
# The same for everybody, and nobody's.
SHARED = {"settings", "settings-voices", "settings-voice-sample"}


def routes(patterns: Any = None) -> Iterator[tuple[str, set[str]]]:
    """Yield (name, argument names) of every URL pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} needs a name, by which the account guard knows it"
            yield pattern.name, set(re.findall(r"\(\?P<(\w+)>", pattern.pattern.regex.pattern))


ROUTES = dict(routes())


def url_of(name: str, household: Household) -> str:
    """Return the URL of a route for the household's object of the right kind."""
    known = {
        "project": household.project,
        "segment": household.segments[1],
        "trash": household.entry,
        "task": household.task,
        "item": household.item,
        "media": household.picture.removeprefix("/media/"),
        "uploads": household.item_picture.removeprefix("/uploads/"),
    }
    takes = ROUTES[name]
    stand_for = {"render_id": household.video, "voice_id": DEFAULT_VOICE, "batch": household.batch}
    others = {argument: value for argument, value in stand_for.items() if argument in takes}
    rest = takes - set(others)
    assert len(rest) <= 1 and (not rest or name.partition("-")[0] in known), (
        f"Tell this test what stands for {takes} in the route {name}, so that it can ask for somebody else's."
    )
    return reverse(name, kwargs={argument: known[name.partition("-")[0]] for argument in rest} | others)


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Project, Segment, Item, TrashEntry, AuditEntry)]


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC))
def test_without_signing_in_nothing_is_answered(name: str, annas: Household) -> None:
    for method in METHODS:
        answer = Client().generic(method, url_of(name, annas))
        assert answer.status_code == 401, method
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", sorted(set(ROUTES) - PUBLIC - OWN_LISTS - BODIES_ONLY - SHARED))
def test_to_a_stranger_somebody_else_s_thing_does_not_exist(name: str, annas: Household, ben: Person) -> None:
    before = everything()
    for method in METHODS:
        assert ben.call(method, url_of(name, annas)).status_code == 404, method
    assert everything() == before


@pytest.mark.parametrize("name", sorted(OWN_LISTS))
def test_a_list_shows_a_stranger_nothing(name: str, annas: Household, anna: Person, ben: Person) -> None:
    url = f"{url_of(name, annas)}?project={annas.project}"

    def listed(person: Person) -> Any:
        answer = person.get(url).json()
        return answer.get("data", answer.get("pictures")) if isinstance(answer, dict) else answer

    assert listed(anna)
    assert listed(ben) == []


def test_settings_of_everybody_are_read_by_all_and_changed_by_administrators(ben: Person, root: Person) -> None:
    assert ben.get("/api/settings/").status_code == ben.get("/api/settings/voices/").status_code == 200
    assert ben.call("PATCH", "/api/settings/", {"fps": 25}).status_code == 404
    assert root.call("PATCH", "/api/settings/", {"fps": 25}).json()["fps"] == 25


def test_the_walk_asks_for_things_that_are_there(annas: Household, anna: Person) -> None:
    """The owner can read each object, so the 404 of another user does not mean that the object is missing."""
    found = {name: anna.get(url_of(name, annas)).status_code for name in ROUTES}
    assert {name for name, status in found.items() if status == 200} >= {
        "project-detail",
        "segment-detail",
        "segment-thumbnail",
        "item",
        "media",
        "uploads",
    }
    # Nobody has narrated the household's segments, its video is a row without a file, and how full the disk is only
    # administrators are told.
    absent = {"segment-words", "project-video-poster", "storage"}
    assert {name for name, status in found.items() if status in (401, 403, 404)} == absent


def test_administrators_see_and_choose_how_things_are_stored(root: Person) -> None:
    assert root.get("/api/storage/").status_code == 200
    assert root.call("PATCH", "/api/storage/", {"trash_days": 3}).json()["trash_days"] == 3


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_what_is_public_shows_nothing_of_anybody(name: str, annas: Household) -> None:
    answer = Client().get(url_of(name, annas))
    assert answer.status_code in (200, 302)
    assert annas.picture.encode() not in b"".join(answer)
    assert not ROUTES[name], "a public route that takes an argument needs a test of its own"


def test_a_view_that_does_not_say_who_may_ask_is_closed(annas: Household, ben: Person, root: Person) -> None:
    with using(FORGETFUL):
        assert (ben.get("/forgetful/").status_code, ben.get("/plain/").status_code) == (404, 404)
        assert (root.get("/forgetful/").status_code, root.get("/plain/").status_code) == (200, 200)
        assert Client().get("/forgetful/").status_code == 401


class FORGETFUL:
    """URLs of views without permissions."""

    urlpatterns: list[Any] = []


def using(urls: Any) -> Any:
    from django.http import HttpResponse
    from django.test import override_settings
    from django.urls import path
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class Forgetful(APIView):
        def get(self, request: Any) -> Response:
            return Response("everything")

    urls.urlpatterns = [
        path("forgetful/", Forgetful.as_view(), name="forgetful"),
        path("plain/", lambda request: HttpResponse("everything"), name="plain"),
    ]
    return override_settings(ROOT_URLCONF=urls)
