"""Importing more segments into an existing project."""

from __future__ import annotations

from typing import Any

from api.models import Project
from api.tests.base import SEGMENT_FIELDS, StoryTestCase


def new_segments(*texts: str, **changes: Any) -> dict[str, Any]:
    return {"format": "json", "segments": [{"text_content": text} for text in texts or ("New",)], **changes}


class TestImportSegments(StoryTestCase):
    def add(self, project: Project, body: Any) -> Any:
        return self.send("POST", f"/api/projects/{project.pk}/import-segments/", body)

    def texts_of(self, project: Project) -> list[str]:
        order = self.order_of(project)
        self.assertEqual([position for position, _ in order], list(range(len(order))))
        return [text for _, text in order]

    def test_segments_come_at_the_end_by_default(self) -> None:
        project = self.a_project(segments=2)

        response = self.add(project, new_segments("One", "Two"))

        self.assertEqual(response.status_code, 201)
        self.assertEqual(self.texts_of(project), ["Text 0", "Text 1", "One", "Two"])

    def test_segments_come_after_the_one_that_is_named(self) -> None:
        project = self.a_project()
        first = project.segments.all()[0]

        response = self.add(project, new_segments("One", "Two", after=first.pk))

        self.assertEqual(response.status_code, 201)
        self.assertEqual(self.texts_of(project), ["Text 0", "One", "Two", "Text 1", "Text 2"])

    def test_segments_come_first_after_null(self) -> None:
        project = self.a_project(segments=2)

        self.add(project, new_segments("One", "Two", after=None))

        self.assertEqual(self.texts_of(project), ["One", "Two", "Text 0", "Text 1"])

    def test_segments_after_the_last_come_at_the_end(self) -> None:
        project = self.a_project(segments=2)

        self.add(project, new_segments("One", after=project.segments.all()[1].pk))

        self.assertEqual(self.texts_of(project), ["Text 0", "Text 1", "One"])

    def test_an_empty_project_takes_its_first_segments(self) -> None:
        for body in (new_segments(), new_segments(after=None)):
            with self.subTest(body=body):
                project = self.a_project(segments=0)
                self.assertEqual(self.add(project, body).status_code, 201)
                self.assertEqual(self.texts_of(project), ["New"])

    def test_text_is_understood_as_in_an_import(self) -> None:
        project = self.a_project(segments=1)

        self.add(project, {"format": "text", "raw_text": "Text: One\nPrompt: A hill\n---\nText: Two"})

        self.assertEqual(self.texts_of(project), ["Text 0", "One", "Two"])
        self.assertEqual(project.segments.get(text_content="One").image_prompt, "A hill")

    def test_the_answer_is_the_new_segments_in_order(self) -> None:
        project = self.a_project(segments=2)

        answer = self.add(project, new_segments("One", "Two", after=project.segments.all()[0].pk)).json()

        self.assertEqual([(row["sequence_index"], row["text_content"]) for row in answer], [(1, "One"), (2, "Two")])
        self.assertEqual([set(row) for row in answer], [SEGMENT_FIELDS] * 2)
        self.assertEqual({row["project"] for row in answer}, {project.pk})

    def test_after_a_deletion_the_order_still_holds(self) -> None:
        project = self.a_project(segments=4)
        a, b, c, _ = project.segments.all()
        self.client.delete(f"/api/segments/{b.pk}/")

        self.add(project, new_segments("One", "Two", after=a.pk))
        self.add(project, new_segments("Three", after=c.pk))

        texts = [text for _, text in self.order_of(project)]
        self.assertEqual(texts, ["Text 0", "One", "Two", "Text 2", "Three", "Text 3"])

    def test_the_title_is_not_asked_for_and_not_changed(self) -> None:
        project = self.a_project(title="Day")

        self.assertEqual(self.add(project, new_segments(title="x" * 201)).status_code, 201)
        self.assertEqual(Project.objects.get().title, "Day")

    def test_other_projects_are_not_touched(self) -> None:
        project, other = self.a_project(), self.a_project(title="Another")
        before = list(other.segments.values())

        self.add(project, new_segments(after=None))

        self.assertEqual(list(other.segments.values()), before)

    def test_an_after_that_is_no_segment_of_the_project_is_refused(self) -> None:
        project, other = self.a_project(), self.a_project(title="Another")
        first = project.segments.all()[0].pk
        foreign = other.segments.all()[0].pk
        before = self.state()
        for after in (foreign, 999_999, 0, -1, 2**63, 10**39, str(first), float(first), True, "", [], [first], {}):
            with self.subTest(after=after):
                response = self.add(project, new_segments(after=after))
                self.assertEqual((response.status_code, response.json()["error"]), (400, "Validation failed"))
                self.assertEqual(list(response.json()["details"]), ["after"])
        self.assertEqual(self.state(), before)

    def test_bad_segments_are_refused_as_in_an_import(self) -> None:
        project = self.a_project()
        before = self.state()
        for body, error in (
            ({}, "Validation failed"),
            ({"format": "json"}, "Validation failed"),
            ({"format": "json", "segments": [{"text_content": "fine"}, {}]}, "Validation failed"),
            ({"format": "json", "segments": []}, "At least one segment is required"),
            ({"format": "text", "raw_text": "Text: fine\n---\nPrompt: a lake"}, "Text parsing failed"),
        ):
            with self.subTest(body=body):
                response = self.add(project, body)
                self.assertEqual((response.status_code, response.json()["error"]), (400, error))
        self.assertEqual(self.state(), before)

    def test_a_bad_after_is_told_together_with_bad_segments(self) -> None:
        project = self.a_project()

        response = self.add(project, {"format": "json", "segments": [{}], "after": "x"})

        self.assertEqual((response.status_code, set(response.json()["details"])), (400, {"segments", "after"}))

    def test_an_unknown_project_is_not_found(self) -> None:
        self.assertEqual(self.send("POST", "/api/projects/999999/import-segments/", new_segments()).status_code, 404)
