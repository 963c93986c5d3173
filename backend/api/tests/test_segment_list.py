"""Reading segments: the list of a project, and a single segment."""

from __future__ import annotations

from django.db import connection

from api.models import Segment
from api.tests.base import SEGMENT_FIELDS, StoryTestCase


class TestSegmentList(StoryTestCase):
    def segments_of(self, project_id: object) -> list[dict]:
        response = self.client.get(f"/api/segments/?project={project_id}")
        self.assertEqual(response.status_code, 200)
        return response.json()

    def test_segments_come_in_the_order_of_the_story(self) -> None:
        project = self.a_project(segments=0)
        for index in (2, 0, 1):
            self.a_segment(project, index)

        found = self.segments_of(project.pk)

        self.assertEqual([(row["sequence_index"], row["text_content"]) for row in found], self.order_of(project))
        self.assertEqual([row["sequence_index"] for row in found], [0, 1, 2])

    def test_segments_of_other_projects_are_left_out(self) -> None:
        project = self.a_project()
        self.a_project(title="Another")

        self.assertEqual({row["project"] for row in self.segments_of(project.pk)}, {project.pk})

    def test_a_segment_has_exactly_the_promised_fields(self) -> None:
        segment = self.a_segment(image_prompt="A hill", audio_duration=2.5)

        (row,) = self.segments_of(segment.project_id)

        self.assertEqual(set(row), SEGMENT_FIELDS)
        self.assertEqual((row["id"], row["project"], row["sequence_index"]), (segment.pk, segment.project_id, 0))
        self.assertEqual((row["text_content"], row["image_prompt"]), ("Text 0", "A hill"))
        self.assertEqual((row["image_file"], row["audio_file"], row["audio_duration"]), (None, None, 2.5))
        self.assertIs(row["is_locked"], False)

    def test_times_are_iso_8601_in_utc(self) -> None:
        segment = self.a_segment()

        (row,) = self.segments_of(segment.project_id)

        self.assertEqual(row["created_at"], segment.created_at.isoformat().replace("+00:00", "Z"))
        self.assertRegex(row["updated_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")

    def test_a_project_without_segments_is_an_empty_array(self) -> None:
        self.assertEqual(self.segments_of(self.a_project(segments=0).pk), [])

    def test_without_a_project_the_list_is_empty(self) -> None:
        self.a_project()

        response = self.client.get("/api/segments/")

        self.assertEqual((response.status_code, response.json()), (200, []))

    def test_an_unknown_project_has_no_segments(self) -> None:
        self.a_project()
        for unknown in ("999999", "0", "-1"):
            with self.subTest(unknown):
                self.assertEqual(self.segments_of(unknown), [])

    def test_a_project_that_is_no_integer_is_refused(self) -> None:
        project = self.a_project()
        wide = chr(0xFF10 + project.pk % 10)
        for garbage in ("abc", "", "1.5", "%00", f"{project.pk}%00", wide, "1" * 40, "1e3", "0x1", "true", "1_0"):
            with self.subTest(garbage):
                response = self.client.get(f"/api/segments/?project={garbage}")
                self.assertEqual(response.status_code, 400)
                self.assertIn("error", response.json())

    def test_a_long_list_costs_no_more_queries_than_a_short_one(self) -> None:
        short, long = self.a_project(), self.a_project(segments=0)
        Segment.objects.bulk_create(Segment(project=long, sequence_index=i, text_content="Text") for i in range(300))

        counts = [self.queries_of(lambda pk=pk: self.segments_of(pk)) for pk in (short.pk, long.pk)]

        self.assertEqual(counts[0], counts[1])
        self.assertEqual(len(self.segments_of(long.pk)), 300)

    def test_file_urls_begin_at_media_and_have_no_host(self) -> None:
        segment = self.a_segment_with_picture()
        audio = self.a_file(f"projects/{segment.project_id}/audio/{segment.pk}.wav")
        Segment.objects.filter(pk=segment.pk).update(audio_file=audio)

        (row,) = self.segments_of(segment.project_id)

        self.assertEqual(row["image_file"], f"/media/projects/{segment.project_id}/images/{segment.pk}_landscape.jpg")
        self.assertEqual(row["audio_file"], f"/media/{audio}")

    def test_names_of_hand_made_rows_are_percent_encoded_and_can_be_fetched(self) -> None:
        name = self.a_file("projects/1/images/my café #1?%.jpg", b"\xff\xd8\xff picture")
        segment = self.a_segment(image_file=name)

        (row,) = self.segments_of(segment.project_id)

        self.assertEqual(row["image_file"], "/media/projects/1/images/my%20caf%C3%A9%20%231%3F%25.jpg")
        self.assertEqual(self.client.get(row["image_file"]).getvalue(), b"\xff\xd8\xff picture")

    def test_a_file_has_the_same_url_in_every_answer(self) -> None:
        name = self.a_file("projects/1/images/1_a b.jpg")
        segment = self.a_segment(image_file=name)
        one, project = f"/api/segments/{segment.pk}/", f"/api/projects/{segment.project_id}/"

        answers = [
            *self.segments_of(segment.project_id),
            self.client.get(one).json(),
            self.send("PATCH", one, {"image_prompt": "A hill"}).json(),
            *self.client.get(project).json()["segments"],
        ]

        self.assertEqual({answer["image_file"] for answer in answers}, {"/media/projects/1/images/1_a%20b.jpg"})

    def test_a_time_that_a_hand_wrote_as_a_number_is_shown_and_nothing_fails(self) -> None:
        segment = self.a_segment()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE api_segment SET updated_at = 1795262739 WHERE id = %s", [segment.pk])

        (row,) = self.segments_of(segment.project_id)

        self.assertTrue(row["updated_at"].startswith("1795262739"))

    def test_an_address_without_its_slash_is_not_answered(self) -> None:
        segment = self.a_segment()
        for address in ("/api/segments", f"/api/segments/{segment.pk}", "/api/projects", "/api/trash"):
            with self.subTest(address):
                self.assertIn(self.client.get(address).status_code, (301, 404))


class TestSegmentRetrieve(StoryTestCase):
    def test_one_segment_needs_no_filter_and_looks_as_in_the_list(self) -> None:
        segment = self.a_segment()
        listed = self.client.get(f"/api/segments/?project={segment.project_id}").json()

        response = self.client.get(f"/api/segments/{segment.pk}/")

        self.assertEqual((response.status_code, [response.json()]), (200, listed))

    def test_an_unknown_segment_is_not_found(self) -> None:
        response = self.client.get("/api/segments/999999/")

        self.assertEqual(response.status_code, 404)
        self.assertIn("error", response.json())

    def test_reading_changes_nothing(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.state()

        for address in (f"/api/segments/{segment.pk}/", f"/api/segments/?project={segment.project_id}", "/api/trash/"):
            self.client.get(address)
            self.client.head(address)

        self.assertEqual(self.state(), before)
