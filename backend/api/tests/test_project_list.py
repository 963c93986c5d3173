"""Reading projects: all of them, and one with its segments."""

from __future__ import annotations

from datetime import timedelta

from api.models import Project, Segment
from api.tests.base import SEGMENT_FIELDS, StoryTestCase

PROJECT_FIELDS = {"id", "title", "status", "created_at", "updated_at", "segment_count"} | {
    "picture_count",
    "narration_s",
    "cover",
}


class TestProjectList(StoryTestCase):
    def test_there_are_none_at_first(self) -> None:
        response = self.client.get("/api/projects/")

        self.assertEqual((response.status_code, response.json()), (200, []))

    def test_the_newest_project_comes_first(self) -> None:
        old, new, middle = (self.a_project(title=title, segments=0) for title in ("old", "new", "middle"))
        for project, days in ((old, 3), (new, 1), (middle, 2)):
            Project.objects.filter(pk=project.pk).update(created_at=project.created_at - timedelta(days=days))

        titles = [row["title"] for row in self.client.get("/api/projects/").json()]

        self.assertEqual(titles, ["new", "middle", "old"])

    def test_of_two_made_in_the_same_instant_the_later_comes_first(self) -> None:
        first, second = self.a_project(), self.a_project()
        Project.objects.update(created_at=first.created_at)

        self.assertEqual([row["id"] for row in self.client.get("/api/projects/").json()], [second.pk, first.pk])

    def test_a_project_has_the_promised_fields(self) -> None:
        project = self.a_project(title="Dawn", segments=2)

        (row,) = self.client.get("/api/projects/").json()

        self.assertLessEqual(PROJECT_FIELDS, set(row))
        self.assertEqual((row["id"], row["title"], row["status"]), (project.pk, "Dawn", "DRAFT"))
        self.assertEqual(row["created_at"], project.created_at.isoformat().replace("+00:00", "Z"))

    def test_each_project_counts_its_own_segments(self) -> None:
        for count in (0, 1, 5):
            self.a_project(title=str(count), segments=count)

        counts = {row["title"]: row["segment_count"] for row in self.client.get("/api/projects/").json()}

        self.assertEqual(counts, {"0": 0, "1": 1, "5": 5})

    def test_each_project_says_what_a_card_of_it_shows(self) -> None:
        project, bare = self.a_project(title="Pictured", segments=0), self.a_project(title="Bare", segments=2)
        for index, (picture, seconds) in enumerate([("", None), ("p/b.jpg", 2.5), ("p/c.jpg", 4.0)]):
            segment = self.a_segment(project, index)
            Segment.objects.filter(pk=segment.pk).update(image_file=picture, audio_duration=seconds)
        first = Segment.objects.get(project=project, sequence_index=1)

        rows = {row["id"]: row for row in self.client.get("/api/projects/").json()}

        shown = [
            (rows[it.pk]["picture_count"], rows[it.pk]["narration_s"], rows[it.pk]["cover"]) for it in (project, bare)
        ]
        self.assertEqual(shown, [(2, 6.5, first.pk), (0, 0.0, None)])

    def test_a_long_list_costs_no_more_queries_than_a_short_one(self) -> None:
        self.a_project()
        few = self.queries_of(lambda: self.client.get("/api/projects/"))
        for _ in range(20):
            self.a_project()

        self.assertEqual(self.queries_of(lambda: self.client.get("/api/projects/")), few)


class TestProjectRetrieve(StoryTestCase):
    def test_a_project_comes_with_its_segments_in_order(self) -> None:
        project = self.a_project(segments=0)
        for index in (1, 2, 0):
            self.a_segment(project, index)
        self.a_project(title="Another")

        answer = self.client.get(f"/api/projects/{project.pk}/").json()

        self.assertEqual([row["sequence_index"] for row in answer["segments"]], [0, 1, 2])
        self.assertEqual({row["project"] for row in answer["segments"]}, {project.pk})

    def test_it_shows_what_the_lists_show(self) -> None:
        project = self.a_project()
        listed = self.client.get("/api/projects/").json()[0]
        segments = self.client.get(f"/api/segments/?project={project.pk}").json()

        answer = self.client.get(f"/api/projects/{project.pk}/").json()

        self.assertEqual(answer, {**listed, "segments": segments})
        self.assertEqual((set(answer["segments"][0]), answer["segment_count"]), (SEGMENT_FIELDS, 3))

    def test_a_long_story_costs_no_more_queries_than_a_short_one(self) -> None:
        short, long = self.a_project(), self.a_project(segments=40)

        counts = [self.queries_of(lambda pk=pk: self.client.get(f"/api/projects/{pk}/")) for pk in (short.pk, long.pk)]

        self.assertEqual(counts[0], counts[1])

    def test_an_unknown_project_is_not_found(self) -> None:
        response = self.client.get("/api/projects/999999/")

        self.assertEqual(response.status_code, 404)
        self.assertIn("error", response.json())
