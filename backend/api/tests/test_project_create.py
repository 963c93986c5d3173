"""POST of a project."""

from __future__ import annotations

from api.models import Project
from api.tests.base import StoryTestCase

# What no title may be, wherever one is given.
BAD_TITLES = (None, "", " \n\t", "x" * 201, "🦊" * 201, 5, 1.5, True, [], ["Dawn"], {}, "a\0b", "\ud800")


class TestProjectCreate(StoryTestCase):
    def create(self, body: object) -> object:
        return self.send("POST", "/api/projects/", body)

    def test_a_project_is_made_of_a_title(self) -> None:
        response = self.create({"title": "Dawn"})

        project = Project.objects.get()
        self.assertEqual((response.status_code, project.title, project.status), (201, "Dawn", "DRAFT"))
        self.assertEqual(response.json(), self.client.get("/api/projects/").json()[0])
        self.assertEqual(response.json()["segment_count"], 0)

    def test_titles_of_one_to_two_hundred_characters_are_kept_as_they_are(self) -> None:
        for title in ("x", "x" * 200, "🦊" * 200, "Größe — “№ 1”", "<b>&amp;</b>"):
            with self.subTest(title=title):
                response = self.create({"title": title})
                self.assertEqual((response.status_code, response.json()["title"]), (201, title))
                self.assertEqual(Project.objects.get(pk=response.json()["id"]).title, title)

    def test_other_titles_are_refused(self) -> None:
        for body in ({}, *({"title": title} for title in BAD_TITLES)):
            with self.subTest(body=body):
                response = self.create(body)
                self.assertEqual((response.status_code, response.json()["error"]), (400, "Validation failed"))
                self.assertEqual(list(response.json()["details"]), ["title"])
        self.assertFalse(Project.objects.exists())

    def test_other_fields_are_ignored(self) -> None:
        response = self.create({"title": "Dawn", "id": 77, "status": "DONE", "segments": [{}], "created_at": "x"})

        self.assertEqual((response.status_code, response.json()["status"]), (201, "DRAFT"))
        self.assertNotEqual(response.json()["id"], 77)
