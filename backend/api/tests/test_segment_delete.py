"""Deleting a segment with its picture and narration, and restoring them together."""

from __future__ import annotations

from unittest.mock import patch

from api.models import Segment
from api.tests.base import StoryTestCase


class TestSegmentDelete(StoryTestCase):
    def delete(self, segment: Segment) -> int:
        return self.client.delete(f"/api/segments/{segment.pk}/").status_code

    def a_segment_with_picture_and_narration(self, **columns: object) -> Segment:
        segment = self.a_segment_with_picture(**columns)
        name = self.a_file(f"projects/{segment.project_id}/audio/{segment.pk}.wav", b"RIFF narration")
        Segment.objects.filter(pk=segment.pk).update(audio_file=name, audio_duration=1.5)
        segment.refresh_from_db()
        return segment

    def test_a_deleted_segment_is_gone(self) -> None:
        segment = self.a_segment()

        response = self.client.delete(f"/api/segments/{segment.pk}/")

        self.assertEqual((response.status_code, response.content), (204, b""))
        self.assertFalse(Segment.objects.filter(pk=segment.pk).exists())

    def test_a_locked_segment_can_be_deleted(self) -> None:
        segment = self.a_segment_with_picture(is_locked=True)

        self.assertEqual(self.delete(segment), 204)
        self.assertEqual((self.segment_rows(), self.live_files()), ([], []))

    def test_its_picture_and_narration_leave_their_places(self) -> None:
        segment = self.a_segment_with_picture_and_narration()

        status = self.delete(segment)

        self.assertEqual((status, self.live_files(), self.leftovers()), (204, [], []))
        for name in (segment.image_file.name, segment.audio_file.name):
            self.assertEqual(self.client.get(f"/media/{name}").status_code, 404)

    def test_the_files_of_the_others_stay(self) -> None:
        segment = self.a_segment_with_picture_and_narration()
        other = self.a_segment_with_picture(segment.project, index=1)
        content = (self.media / other.image_file.name).read_bytes()

        self.delete(segment)

        self.assertEqual(self.live_bytes(), {other.image_file.name: content})

    def test_the_others_are_not_renumbered(self) -> None:
        project = self.a_project()
        second = project.segments.all()[1]
        before = [row for row in self.segment_rows() if row["id"] != second.pk]

        self.delete(second)

        self.assertEqual(self.segment_rows(), before)
        self.assertEqual([position for position, _ in self.order_of(project)], [0, 2])

    def test_files_already_missing_do_not_keep_it(self) -> None:
        segment = self.a_segment_with_picture_and_narration()
        (self.media / segment.image_file.name).unlink()
        (self.media / segment.audio_file.name).unlink()

        with self.assertLogs("media_store", "WARNING"):
            status = self.delete(segment)

        self.assertEqual((status, self.segment_rows()), (204, []))

    def test_an_unknown_segment_is_not_found(self) -> None:
        self.assertEqual(self.client.delete("/api/segments/999999/").status_code, 404)

    def test_deleting_twice_is_not_found(self) -> None:
        segment = self.a_segment()
        self.delete(segment)

        self.assertEqual(self.delete(segment), 404)

    def test_it_waits_in_the_trash(self) -> None:
        segment = self.a_segment_with_picture_and_narration()

        self.delete(segment)

        (entry,) = self.trash()
        self.assertEqual((entry["what"], entry["segment"]), ("segment", segment.pk))
        self.assertEqual((entry["project"], entry["title"]), (segment.project_id, segment.text_content))
        self.assertEqual(len(self.trashed_files()), 2)

    def test_it_can_be_restored_with_its_files_its_id_and_its_times(self) -> None:
        segment = self.a_segment_with_picture_and_narration(is_locked=True)
        files, rows = self.live_bytes(), self.segment_rows()
        self.delete(segment)

        response = self.send("POST", f"/api/trash/{self.trash()[0]['id']}/restore/", {})

        self.assertEqual(response.status_code, 200)
        self.assertEqual((self.live_bytes(), self.segment_rows()), (files, rows))
        self.assertEqual((self.trash(), self.trashed_files(), self.leftovers()), ([], [], []))

    def test_a_file_that_was_missing_is_still_missing_after_a_restore(self) -> None:
        segment = self.a_segment_with_picture_and_narration()
        audio = segment.audio_file.name
        (self.media / segment.image_file.name).unlink()
        with self.assertLogs("media_store", "WARNING"):
            self.delete(segment)

        self.send("POST", f"/api/trash/{self.trash()[0]['id']}/restore/", {})

        segment.refresh_from_db()
        self.assertEqual((bool(segment.image_file), segment.audio_file.name), (False, audio))

    def test_when_a_file_cannot_be_moved_nothing_changes(self) -> None:
        segment = self.a_segment_with_picture_and_narration()
        before = self.state()

        with patch("media_store.disk.rename", side_effect=PermissionError), self.assertLogs(level="ERROR"):
            response = self.client.delete(f"/api/segments/{segment.pk}/")

        self.assertEqual(response.status_code, 500)
        self.assertIn("error", response.json())
        self.assertEqual(self.state(), before)

    def test_a_picture_that_another_row_shows_too_stays(self) -> None:
        segment = self.a_segment_with_picture()
        self.a_segment(segment.project, 1, image_file=segment.image_file.name)
        files = self.live_bytes()

        self.assertEqual(self.delete(segment), 204)
        self.assertEqual(self.live_bytes(), files)
