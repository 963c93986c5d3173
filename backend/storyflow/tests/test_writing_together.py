"""Several tabs that change one story at the same time, on the real server: no change is lost."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storyflow.tests.live import Client, Server, a_project, jpeg, problems_on_disk, running

TABS = 8
WORDS = " ".join(f"word{number}" for number in range(200))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path) as running_server:
        yield running_server
        code, _, output = running_server.stop()
    assert (code, "Traceback" in output) == (0, False), output
    assert problems_on_disk(tmp_path) == []


def at_once(server: Server, act: Callable[[Client, int], Any]) -> list[Any]:
    with ThreadPoolExecutor(TABS) as pool:
        return list(pool.map(lambda number: act(server.client(), number), range(TABS)))


def segments_of(server: Server, project: int) -> list[dict[str, Any]]:
    return list(server.client().call("GET", f"/api/segments/?project={project}")[1])


def etag_of(server: Server, segment: int) -> str:
    client = server.client()
    client.connection.request("GET", f"/api/segments/{segment}/")
    response = client.connection.getresponse()
    response.read()
    return str(response.getheader("ETag"))


def test_splits_and_merges_at_once_lose_no_word_and_keep_the_order(server: Server) -> None:
    project, (first, *_) = a_project(server.client(), segments=1)
    server.client().call("PATCH", f"/api/segments/{first}/", {"text_content": WORDS})

    def act(client: Client, number: int) -> set[int]:
        statuses = set()
        for turn in range(12):
            rows = segments_of(server, project)
            row = rows[(number + turn) % len(rows)]
            if (number + turn) % 3:
                half = row["text_content"].find(" ", len(row["text_content"]) // 2)
                status, _ = client.call("POST", f"/api/segments/{row['id']}/split/", {"at": half})
            else:
                status, _ = client.call("POST", f"/api/segments/{row['id']}/merge/", {})
            statuses.add(status)
        return statuses

    assert set().union(*at_once(server, act)) <= {200, 400, 404}
    rows = segments_of(server, project)
    assert [word for row in rows for word in row["text_content"].split()] == WORDS.split()
    positions = [row["sequence_index"] for row in rows]
    assert all(one < other for one, other in itertools.pairwise(positions))


def test_of_several_who_split_or_merge_the_same_version_one_is_right_and_the_others_are_told(server: Server) -> None:
    project, (_, second, *_) = a_project(server.client())
    for path, body in (("split", {"at": 2}), ("merge", {})):
        matching = {"If-Match": etag_of(server, second)}

        def act(client: Client, _: int, path: str = path, body: Any = body, headers: dict[str, str] = matching) -> int:
            return int(client.call("POST", f"/api/segments/{second}/{path}/", body, headers)[0])

        statuses = sorted(at_once(server, act))
        assert statuses[0] == 200
        assert set(statuses[1:]) <= {412, 404}, statuses
    assert len(segments_of(server, project)) == 3


def test_a_merge_is_taken_back_once_however_many_ask(server: Server) -> None:
    project, (_, second, *_) = a_project(server.client())
    server.client().upload(second, "a.jpg", jpeg())
    before = [(row["id"], row["text_content"], row["image_file"]) for row in segments_of(server, project)]
    entry = server.client().call("POST", f"/api/segments/{second}/merge/", {})[1]["trash"]
    statuses = at_once(server, lambda client, _: client.call("POST", f"/api/trash/{entry}/restore/", {})[0])
    assert sorted(statuses) == [200] + [404] * (TABS - 1)
    assert [(row["id"], row["text_content"], row["image_file"]) for row in segments_of(server, project)] == before


def test_copies_at_once_have_each_a_picture_of_their_own(server: Server) -> None:
    project, (first, *_) = a_project(server.client())
    server.client().upload(first, "a.jpg", jpeg())
    made = at_once(server, lambda client, _: client.call("POST", f"/api/segments/{first}/duplicate/", {}))
    assert {status for status, _ in made} == {201}
    rows = segments_of(server, project)
    assert len({row["image_file"] for row in rows if row["image_file"]}) == TABS + 1
    assert sorted(row["sequence_index"] for row in rows) == list(range(TABS + 3))


def test_changes_of_many_at_once_are_each_whole(server: Server) -> None:
    project, ids = a_project(server.client(), segments=300)

    def act(client: Client, number: int) -> int:
        changes = [{"id": pk, "text_content": f"of {number}", "pause_s": 1 + number / 10} for pk in ids]
        return int(client.call("PATCH", f"/api/projects/{project}/segments/", {"changes": changes})[0])

    assert set(at_once(server, act)) == {200}
    assert len({row["text_content"] for row in segments_of(server, project)}) == 1
    chosen = server.client().call("GET", f"/api/projects/{project}/segments/")[1]
    assert (len(chosen), len({row["pause_s"] for row in chosen})) == (300, 1)
