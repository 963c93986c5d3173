"""The pictures of all stories, and using one of them again."""

from __future__ import annotations

from typing import Any

from api.models import Segment
from api.tests.base import StoryTestCase


class TestLibrary(StoryTestCase):
    def pictures(self, query: str = "") -> dict[str, Any]:
        response = self.client.get(f"/api/pictures/{query}")
        self.assertEqual(response.status_code, 200, response.content)
        return response.json()

    def segments_of(self, query: str) -> list[int]:
        return [it["segment"] for it in self.pictures(query)["pictures"]]

    def use(self, segment: Segment, other: Any) -> Any:
        return self.send("POST", f"/api/segments/{segment.pk}/use-picture/", {"segment": other})

    def test_it_has_the_pictures_of_every_story_and_no_segment_without_one(self) -> None:
        harbour, tower = self.a_project(title="Harbour"), self.a_project(title="Tower")
        first = self.a_segment_with_picture(harbour, image_prompt="A ferry")
        second = self.a_segment_with_picture(tower, image_prompt="A lamp")

        found = self.pictures()

        self.assertEqual(found["count"], 2)
        self.assertEqual(
            [(it["segment"], it["title"], it["image_prompt"]) for it in found["pictures"]],
            [(second.pk, "Tower", "A lamp"), (first.pk, "Harbour", "A ferry")],
        )

    def test_it_is_searched_by_prompt_text_and_title_in_any_case(self) -> None:
        harbour, tower = self.a_project(title="Harbour"), self.a_project(title="Tower")
        first = self.a_segment_with_picture(harbour, image_prompt="A ferry", text_content="It came.")
        second = self.a_segment_with_picture(tower, image_prompt="A lamp", text_content="The ferry left.")

        self.assertEqual(self.segments_of("?find=FERRY"), [second.pk, first.pk])
        self.assertEqual(self.segments_of("?find=harb"), [first.pk])
        self.assertEqual(self.segments_of(f"?project={tower.pk}"), [second.pk])
        self.assertEqual(self.segments_of("?find=%25"), [])

    def test_it_comes_in_parts(self) -> None:
        project = self.a_project(segments=0)
        ids = [self.a_segment_with_picture(project).pk for _ in range(3)]

        parts = [self.segments_of(f"?first={first}&count=1") for first in range(4)]

        self.assertEqual(parts, [[ids[2]], [ids[1]], [ids[0]], []])

    def test_what_is_no_number_is_refused_and_any_search_is_answered(self) -> None:
        for query in ("count=x", "count=-1", "count=501", "first=" + "9" * 40, "project=x"):
            self.assertEqual(self.client.get(f"/api/pictures/?{query}").status_code, 400, query)
        for find in ("%00", "%ff", "_" * 9000, "%F0%9F%98%80", "'\"--"):
            self.assertEqual(self.pictures(f"?find={find}")["count"], 0)

    def test_a_picture_is_used_again_as_a_file_of_its_own(self) -> None:
        lender, segment = self.a_segment_with_picture(self.a_project(title="Harbour")), self.a_segment()

        response = self.use(segment, lender.pk)

        segment.refresh_from_db()
        self.assertEqual(response.status_code, 200, response.content)
        self.assertEqual(response.json()["image_file"], f"/media/{segment.image_file.name}")
        files = self.live_bytes()
        self.assertEqual(len(files), 2)
        self.assertEqual(len(set(files.values())), 1)
        self.assertEqual(self.leftovers(), [])

    def test_the_one_it_had_goes_to_the_trash(self) -> None:
        lender, segment = self.a_segment_with_picture(self.a_project()), self.a_segment_with_picture(self.a_project())

        self.use(segment, lender.pk)

        self.assertEqual([(it["what"], it["segment"]) for it in self.trash()], [("image", segment.pk)])

    def test_what_cannot_be_used_is_refused_with_everything_as_it_was(self) -> None:
        bare, pictured = self.a_segment(), self.a_segment_with_picture(self.a_project())
        locked = self.a_segment(is_locked=True)
        before = self.state()
        for segment, other, status in (
            (pictured, bare.pk, 400),
            (pictured, pictured.pk, 400),
            (bare, 999_999, 404),
            (bare, "1", 400),
            (bare, None, 400),
            (bare, True, 400),
            (bare, 10**40, 404),
            (locked, pictured.pk, 400),
        ):
            self.assertEqual(self.use(segment, other).status_code, status, (segment.pk, other))
        self.assertEqual(self.state(), before)
