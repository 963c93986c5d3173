"""Ownership checks for ids in bodies and for lists, and the queries that they cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import ownership
from accounts.models import Ownership
from api.models import Project
from core.errors import NotFound
from storyflow.ownership_transfer import transfer_ownership
from storyflow.tests.people import Household, Person

ITEMS = "/api/v1/items"


@pytest.fixture
def bens(ben: Person) -> Household:
    return Household(ben)


def ids(person: Person, url: str) -> list[Any]:
    answer = person.get(url).json()
    return [row["id"] for row in (answer["data"] if isinstance(answer, dict) else answer)]


def test_each_sees_their_own_and_an_administrator_everything(
    anna: Person, ben: Person, root: Person, annas: Household, bens: Household
) -> None:
    unowned = Project.objects.create(title="From before").pk
    assert (ids(anna, "/api/projects/"), ids(ben, "/api/projects/")) == ([annas.project], [bens.project])
    assert set(ids(root, "/api/projects/")) == {annas.project, bens.project, unowned}
    assert (ids(anna, ITEMS), ids(ben, ITEMS)) == ([annas.item], [bens.item])
    assert set(ids(root, ITEMS)) == {annas.item, bens.item}
    assert (ids(anna, "/api/trash/"), ids(ben, "/api/trash/")) == ([annas.entry], [bens.entry])
    assert set(ids(root, "/api/trash/")) == {annas.entry, bens.entry}


def test_somebody_else_s_ids_in_a_body_are_answered_as_if_they_did_not_exist(
    ben: Person, annas: Household, bens: Household
) -> None:
    nowhere = 10**6
    for mine, theirs, missing in (
        (("POST", "/api/segments/reorder/"), {"project_id": annas.project, "segment_order": annas.segments[::-1]},
         {"project_id": nowhere, "segment_order": [1]}),
        (("POST", f"/api/trash/{bens.entry}/restore/"), {"segment": annas.segments[0]}, {"segment": nowhere}),
    ):  # fmt: skip
        refused, unknown = ben.call(*mine, theirs), ben.call(*mine, missing)
        assert (refused.status_code, refused.content) == (404, unknown.content)
    lent = ben.call("POST", f"/api/segments/{bens.segments[0]}/use-item-image/", {"item_id": annas.item})
    assert (lent.status_code, lent.json()["error"]) == (404, f"Item with ID {annas.item} not found")
    lent = ben.call("POST", f"/api/segments/{bens.segments[0]}/use-picture/", {"segment": annas.segments[0]})
    assert lent.status_code == 404
    own = ben.call("POST", f"/api/segments/{bens.segments[0]}/use-item-image/", {"item_id": bens.item})
    assert own.status_code == 200


def test_a_stranger_s_404_is_the_one_of_a_thing_that_is_not_there(ben: Person, annas: Household) -> None:
    for theirs, missing in (
        (f"/api/projects/{annas.project}/", "/api/projects/999999/"),
        (f"/api/segments/{annas.segments[1]}/", "/api/segments/999999/"),
        (annas.picture, "/media/projects/999999/images/1_a.jpg"),
        (annas.item_picture, "/uploads/items/none.jpg"),
    ):
        refused, unknown = ben.get(theirs), ben.get(missing)
        assert (
            (refused.status_code, refused.content) == (unknown.status_code, unknown.content) == (404, refused.content)
        )
    assert ben.delete(f"/api/trash/{annas.entry}/").json() == ben.delete("/api/trash/999999/").json()


@pytest.mark.parametrize("spelling", ["{0}", "{0}".upper(), "{{{0}}}", "urn:uuid:{0}"])
def test_however_an_item_s_id_is_spelled_it_is_the_same_item(
    spelling: str, anna: Person, ben: Person, annas: Household
) -> None:
    for written in (spelling.format(annas.item), spelling.format(annas.item).replace("-", "").upper()):
        assert anna.get(f"{ITEMS}/{written}").status_code in (200, 404)
        assert ben.get(f"{ITEMS}/{written}").status_code == 404
    assert anna.get(f"{ITEMS}/{annas.item.upper()}").status_code == 200


@pytest.mark.parametrize(
    "path", ["projects/0{0}/images/x.jpg", "projects//{0}", "PROJECTS/{0}/a", "projects/../projects/{0}"]
)
def test_another_way_to_write_a_file_s_path_opens_nothing(path: str, ben: Person, annas: Household) -> None:
    assert ben.get("/media/" + path.format(annas.project)).status_code == 404


def test_a_file_that_belongs_to_nobody_is_for_administrators(anna: Person, root: Person, settings: Any) -> None:
    stray = settings.MEDIA_ROOT / "stray.jpg"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"bytes")
    assert (anna.get("/media/stray.jpg").status_code, root.get("/media/stray.jpg").status_code) == (404, 200)


def test_what_was_deleted_comes_back_to_its_owner(anna: Person, ben: Person, annas: Household) -> None:
    anna.delete(f"/api/projects/{annas.project}/")
    anna.delete(f"{ITEMS}/{annas.item}")
    assert ids(ben, "/api/trash/") == []
    for entry in ids(anna, "/api/trash/")[:2]:
        assert anna.post(f"/api/trash/{entry}/restore/").status_code == 200
    assert (ids(anna, "/api/projects/"), ids(anna, ITEMS)) == ([annas.project], [annas.item])
    assert anna.get(annas.picture).status_code == anna.get(annas.item_picture).status_code == 200


def test_the_audit_names_the_person_and_shows_others_nothing(
    anna: Person, ben: Person, root: Person, annas: Household
) -> None:
    root.delete(f"/api/segments/{annas.segments[2]}/")
    found = anna.get("/api/v1/audit").json()["data"]
    assert {row["by"] for row in found} == {"anna (127.0.0.1)", "root (127.0.0.1)"}
    assert ben.get("/api/v1/audit").json()["data"] == []
    assert root.get("/api/v1/audit").json()["data"] == found


def test_the_address_in_the_audit_is_the_connection_s(anna: Person, annas: Household) -> None:
    anna.delete(f"/api/segments/{annas.segments[2]}/", HTTP_X_FORWARDED_FOR="6.6.6.6", REMOTE_ADDR="192.168.1.7")
    assert anna.get("/api/v1/audit").json()["data"][0]["by"] == "anna (192.168.1.7)"


def test_giving_moves_a_thing_with_its_trash(anna: Person, ben: Person, annas: Household) -> None:
    assert transfer_ownership("ben", projects=[annas.project], items=[annas.item]) == 2
    assert (ids(anna, "/api/projects/"), ids(anna, ITEMS), ids(anna, "/api/trash/")) == ([], [], [])
    assert (ids(ben, "/api/projects/"), ids(ben, ITEMS), ids(ben, "/api/trash/")) == (
        [annas.project], [annas.item], [annas.entry],
    )  # fmt: skip


def test_giving_what_does_not_exist_gives_nothing(ben: Person, annas: Household) -> None:
    with pytest.raises(NotFound, match="999999"):
        transfer_ownership("ben", projects=[annas.project, 999_999])
    assert ids(ben, "/api/projects/") == []


def test_giving_what_is_nobody_s_leaves_what_is_somebody_s(ben: Person, annas: Household) -> None:
    before = Project.objects.create(title="From before").pk
    assert transfer_ownership("ben", is_unowned=True) == 1
    assert ids(ben, "/api/projects/") == [before]


def test_a_bundle_a_copy_and_the_example_belong_to_who_made_them(anna: Person, ben: Person, annas: Household) -> None:
    bundle = b"".join(anna.get(f"/api/projects/{annas.project}/bundle/").streaming_content)
    sent = ben.post("/api/projects/import-bundle/", {"bundle": SimpleUploadedFile("b.zip", bundle)})
    assert sent.status_code == 201, sent.content
    example = ben.call("POST", "/api/projects/import-example/").json()["id"]
    assert ids(ben, "/api/projects/") == [example, sent.json()["id"]]
    assert ids(anna, "/api/projects/") == [annas.project]
    copy = anna.call("POST", f"/api/projects/{annas.project}/duplicate/").json()["id"]
    assert ids(anna, "/api/projects/") == [copy, annas.project]


def test_a_project_that_cannot_be_made_has_no_owner(anna: Person) -> None:
    anna.call("POST", "/api/projects/", {"title": ""})
    anna.call("POST", "/api/projects/import/", {"format": "text", "title": "A", "raw_text": "Prompt: no text"})
    assert Ownership.objects.count() == 0


LISTS = ("/api/projects/", "/api/segments/?project={0}", "/api/trash/", ITEMS, "/api/v1/audit")


@pytest.mark.parametrize("url", LISTS)
def test_a_list_costs_a_few_queries_and_the_session_two_however_long_it_is(
    url: str, anna: Person, annas: Household
) -> None:
    # A project's segments are asked for by a project, and whose that is comes first, in a query of its own. The newest
    # videos of projects are a query, and the settings that they may differ in another.
    costs = {"/api/segments/?project={0}": 4, "/api/projects/": 5}.get(url, 3)
    url = url.format(annas.project)

    def queries(person: Any = anna) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert person.get(url).status_code == 200
        return len(captured)

    queries()  # whether a video is up to date is remembered
    assert queries() == costs
    for _ in range(3):
        Household(anna)
    queries()
    assert queries() == costs


@pytest.mark.parametrize("url", [*LISTS, "/api/projects/{0}/", "/api/segments/{1}/", "/api/v1/items/{2}"])
def test_where_accounts_are_off_nothing_is_asked_of_their_tables(
    url: str, anna: Person, annas: Household, settings: Any
) -> None:
    settings.ACCOUNTS = False
    with CaptureQueriesContext(connection) as captured:
        assert anna.get(url.format(annas.project, annas.segments[1], annas.item)).status_code == 200
    assert not [query["sql"] for query in captured if "accounts_" in query["sql"] or "session" in query["sql"]]


def test_a_thing_has_one_owner(anna: Person, ben: Person) -> None:
    ownership.transfer(anna.user, "projects", [1])
    ownership.transfer(ben.user, "projects", [1])
    assert list(Ownership.objects.values_list("record", "user__username")) == [("1", "ben")]
