"""Reordering segments: the order must contain exactly the project's ids, or nothing changes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from api.models import Project, Segment
from api.tests.base import StoryTestCase

HUGE = 10**39
MISSING = object()


class TestSegmentReorder(StoryTestCase):
    def reorder(self, project_id: Any, order: Any) -> Any:
        body = {"project_id": project_id, "segment_order": order}
        return self.send("POST", "/api/segments/reorder/", {k: v for k, v in body.items() if v is not MISSING})

    def ids_of(self, project: Project) -> list[int]:
        return list(project.segments.values_list("pk", flat=True))

    def test_every_segment_takes_the_position_of_its_id(self) -> None:
        project = self.a_project()
        a, b, c = self.ids_of(project)

        response = self.reorder(project.pk, [c, a, b])

        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.order_of(project), [(0, "Text 2"), (1, "Text 0"), (2, "Text 1")])

    def test_the_answer_tells_the_new_order(self) -> None:
        project = self.a_project()
        a, b, c = self.ids_of(project)

        answer = self.reorder(project.pk, [c, a, b]).json()

        positions = [{"id": pk, "sequence_index": position} for position, pk in enumerate((c, a, b))]
        self.assertEqual(answer, {"message": "Segments reordered successfully", "segments": positions})

    def test_the_list_follows_the_new_order(self) -> None:
        project = self.a_project()
        order = self.ids_of(project)[::-1]

        self.reorder(project.pk, order)

        listed = self.client.get(f"/api/segments/?project={project.pk}").json()
        self.assertEqual([row["id"] for row in listed], order)

    def test_gaps_left_by_a_deletion_close(self) -> None:
        project = self.a_project(segments=4)
        a, b, c, d = self.ids_of(project)
        self.client.delete(f"/api/segments/{b}/")

        self.reorder(project.pk, [a, d, c])

        self.assertEqual(self.order_of(project), [(0, "Text 0"), (1, "Text 3"), (2, "Text 2")])

    def test_locked_segments_move_too(self) -> None:
        project = self.a_project()
        project.segments.update(is_locked=True)

        self.assertEqual(self.reorder(project.pk, self.ids_of(project)[::-1]).status_code, 200)
        self.assertEqual([text for _, text in self.order_of(project)], ["Text 2", "Text 1", "Text 0"])

    def test_nothing_but_positions_and_times_changes(self) -> None:
        project, other = self.a_project(), self.a_project()
        before = {row["id"]: row for row in self.segment_rows()}

        self.reorder(project.pk, self.ids_of(project)[::-1])

        for row in self.segment_rows():
            changed = {name for name, value in row.items() if value != before[row["id"]][name]}
            self.assertLessEqual(changed, {"sequence_index", "updated_at"} if row["project_id"] != other.pk else set())

    def test_a_project_that_is_no_integer_is_refused(self) -> None:
        project = self.a_project()
        before = self.state()
        for value in (
            MISSING,
            None,
            str(project.pk),
            float(project.pk),
            1.5,
            True,
            False,
            [],
            [project.pk],
            {},
            "",
            "x",
        ):
            with self.subTest(project_id=value):
                response = self.reorder(value, self.ids_of(project))
                self.assertEqual(response.status_code, 400)
                self.assertIsInstance(response.json()["error"], str)
        self.assertEqual(self.state(), before)

    def test_a_project_that_does_not_exist_is_not_found(self) -> None:
        project = self.a_project()
        before = self.state()
        for value in (999_999, 0, -1, 2**63, HUGE):
            with self.subTest(project_id=value):
                response = self.reorder(value, self.ids_of(project))
                self.assertEqual(response.status_code, 404)
                self.assertIn("error", response.json())
        self.assertEqual(self.state(), before)

    def test_an_order_that_is_no_list_of_integers_is_refused(self) -> None:
        project = self.a_project()
        a, b, c = self.ids_of(project)
        before = self.state()
        shapes = (MISSING, None, [], {}, {"0": a}, "", f"{a},{b},{c}", a, True, 1.5)
        members = (True, str(b), float(b), 1.5, None, [b], {}, "x", 1e300)
        for order in (*shapes, *([a, member, c] for member in members), [True, False, True], [str(a), str(b), str(c)]):
            with self.subTest(order=order):
                response = self.reorder(project.pk, order)
                self.assertEqual(response.status_code, 400)
                self.assertEqual(set(response.json()), {"error", "details"})
        self.assertEqual(self.state(), before)

    def test_an_order_that_is_not_exactly_the_projects_ids_is_refused(self) -> None:
        project, other = self.a_project(), self.a_project()
        a, b, c = self.ids_of(project)
        foreign = self.ids_of(other)[0]
        before = self.state()
        orders = {
            "duplicate": [a, b, b],
            "duplicate besides all": [a, b, c, c],
            "missing": [a, b],
            "extra unknown": [a, b, c, 999_999],
            "of another project": [a, b, foreign],
            "extra of another project": [a, b, c, foreign],
            "only of another project": self.ids_of(other),
            "zero": [a, b, 0],
            "negative": [a, b, -c],
            "beyond 64 bits": [a, b, 2**63],
            "forty digits": [a, b, HUGE],
            "minus forty digits": [a, b, c, -HUGE],
            "many": list(range(10_000_000, 10_005_000)),
        }
        for name, order in orders.items():
            with self.subTest(name):
                response = self.reorder(project.pk, order)
                self.assertEqual((response.status_code, response.json()["error"]), (400, "Invalid segment IDs"))
                self.assertTrue(response.json()["details"])
        self.assertEqual(self.state(), before)

    def test_a_project_without_segments_has_no_order(self) -> None:
        project = self.a_project(segments=0)

        self.assertEqual(self.reorder(project.pk, []).status_code, 400)

    def test_a_failure_in_the_middle_leaves_the_old_order(self) -> None:
        project = self.a_project()
        before = self.state()

        failing = patch("api.services.segments.touch_project", side_effect=OperationalError("database is locked"))
        with failing, self.assertLogs(level="ERROR"):
            response = self.reorder(project.pk, self.ids_of(project)[::-1])

        self.assertEqual(response.status_code, 503)
        self.assertEqual(self.state(), before)

    def test_a_long_story_costs_no_more_queries_than_a_short_one(self) -> None:
        short, long = self.a_project(), self.a_project(segments=0)
        Segment.objects.bulk_create(Segment(project=long, sequence_index=i, text_content="Text") for i in range(300))
        orders = {project.pk: self.ids_of(project)[::-1] for project in (short, long)}

        counts = [self.queries_of(lambda pk=pk: self.reorder(pk, orders[pk])) for pk in orders]

        self.assertEqual(counts[0], counts[1])
        self.assertEqual(self.ids_of(long), orders[long.pk])

    def test_only_post_is_allowed(self) -> None:
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(self.send(method, "/api/segments/reorder/", {}).status_code, 405)
