"""The list of a project's unfinished tasks."""

from __future__ import annotations

from typing import Any

from filming.tests.base import FilmTestCase
from jobs.models import Job


class TestActiveTasks(FilmTestCase):
    def tasks(self, project: int | str | None = None) -> Any:
        return self.client.get(f"/api/projects/{project or self.project.pk}/tasks/")

    def test_there_is_nothing_at_first(self) -> None:
        self.assertEqual((self.tasks().status_code, self.tasks().data), (200, []))

    def test_a_narration_that_waits_names_its_segments(self) -> None:
        started = self.post(f"/api/segments/{self.segments[1].pk}/generate-audio/").data

        (task,) = self.tasks().data

        self.assertEqual(task["task_id"], started["task_id"])
        self.assertEqual((task["kind"], task["status"]), ("narrate", "PENDING"))
        self.assertEqual(task["segment_ids"], [self.segments[1].pk])

    def test_a_render_is_one_too_and_the_oldest_comes_first(self) -> None:
        self.post(f"/api/projects/{self.project.pk}/generate-all-audio/")
        self.give_pictures()
        self.post(f"/api/projects/{self.project.pk}/render/?draft=1")

        self.assertEqual(
            [(task["kind"], task["segment_ids"] != []) for task in self.tasks().data],
            [("narrate", True), ("render", False)],
        )

    def test_what_is_over_and_what_is_another_project_s_is_not_among_them(self) -> None:
        self.narrate_all()
        Job.objects.create(kind="narrate", subject="projects/9", payload={"project": 9, "segments": [1]})

        self.assertEqual(self.tasks().data, [])

    def test_a_project_that_is_not_there_is_404(self) -> None:
        for project in (self.project.pk + 1, "x", "9" * 40):
            with self.subTest(project):
                self.assertEqual(self.tasks(project).status_code, 404)
