"""PATCH of a project: its title."""

from __future__ import annotations

from typing import Any

from api.models import Project
from api.tests.base import StoryTestCase
from api.tests.test_project_create import BAD_TITLES


class TestProjectRename(StoryTestCase):
    def rename(self, project: Project, body: Any) -> Any:
        return self.send("PATCH", f"/api/projects/{project.pk}/", body)

    def test_a_project_takes_its_new_title(self) -> None:
        project, other = self.a_project(title="Dawn"), self.a_project(title="Another")

        response = self.rename(project, {"title": "Dusk"})

        self.assertEqual((response.status_code, response.json()["title"]), (200, "Dusk"))
        self.assertEqual(dict(Project.objects.values_list("pk", "title")), {project.pk: "Dusk", other.pk: "Another"})

    def test_the_answer_is_the_project_as_the_list_shows_it(self) -> None:
        project = self.a_project()

        response = self.rename(project, {"title": "Dusk"})

        self.assertEqual(response.json(), self.client.get("/api/projects/").json()[0])

    def test_only_the_title_and_the_time_of_change_differ(self) -> None:
        project = self.a_project()
        (before,) = Project.objects.values()

        self.rename(project, {"title": "Dusk", "status": "DONE", "id": 77})

        (after,) = Project.objects.values()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"title", "updated_at"})

    def test_bad_titles_are_refused(self) -> None:
        project = self.a_project()
        before = self.state()
        for body in ({}, *({"title": title} for title in BAD_TITLES)):
            with self.subTest(body=body):
                response = self.rename(project, body)
                self.assertEqual((response.status_code, response.json()["error"]), (400, "Validation failed"))
                self.assertEqual(list(response.json()["details"]), ["title"])
        self.assertEqual(self.state(), before)

    def test_an_unknown_project_is_not_found(self) -> None:
        self.assertEqual(self.send("PATCH", "/api/projects/999999/", {"title": "Dusk"}).status_code, 404)
