"""Narrating only some of a project's segments."""

from __future__ import annotations

from typing import Any

from api.models import Segment
from filming.tests.base import FilmTestCase


class TestNarratingSome(FilmTestCase):
    def start(self, segments: Any, **options: Any) -> Any:
        return self.post(f"/api/projects/{self.project.pk}/generate-all-audio/", {"segments": segments, **options})

    def narrated(self) -> list[bool]:
        return [bool(self.fresh(number).audio_file) for number in range(3)]

    def test_only_those_that_are_named_are_narrated(self) -> None:
        answer = self.start([self.segments[2].pk, self.segments[0].pk])
        self.work()

        self.assertEqual((answer.status_code, answer.data["segments_to_process"]), (202, 2))
        self.assertEqual(self.narrated(), [True, False, True])

    def test_what_is_up_to_date_or_locked_is_passed_over(self) -> None:
        ids = [segment.pk for segment in self.segments]
        self.start(ids[:1])
        self.work()
        Segment.objects.filter(pk=ids[1]).update(is_locked=True)

        self.assertEqual(self.start(ids).data["segments_to_process"], 1)
        self.work()
        self.assertEqual(self.start(ids[:1], force_regenerate=True).data["segments_to_process"], 1)

    def test_null_means_all(self) -> None:
        self.assertEqual(self.start(None).data["segments_to_process"], 3)

    def test_a_segment_of_another_project_is_refused_and_nothing_begins(self) -> None:
        stranger = self.a_segment()

        answer = self.start([self.segments[0].pk, stranger.pk])

        self.assertEqual((answer.status_code, answer.data["error"]), (400, "Invalid segment IDs"))
        self.assertEqual(self.client.get(f"/api/projects/{self.project.pk}/tasks/").data, [])

    def test_anything_but_ids_is_refused(self) -> None:
        for segments in ([], "1", 1, [True], ["1"], [1.5], [0], [-1], [10**40], [[1]], {"a": 1}):
            with self.subTest(segments):
                self.assertEqual(self.start(segments).status_code, 400)
