"""Removing the picture of a segment."""

from __future__ import annotations

import os
from unittest.mock import patch

from django.db import OperationalError

from api.models import Segment
from api.tests.base import StoryTestCase, a_picture


class TestImageRemoval(StoryTestCase):
    def test_the_picture_leaves_its_place_and_the_row(self) -> None:
        segment = self.a_segment_with_picture()

        response = self.remove(segment)

        segment.refresh_from_db()
        self.assertEqual((response.status_code, bool(segment.image_file)), (200, False))
        self.assertIsNone(Segment.objects.values_list("image_file", flat=True).get())
        self.assertEqual((self.live_files(), self.leftovers()), ([], []))

    def test_the_answer_says_that_there_is_none(self) -> None:
        segment = self.a_segment_with_picture()

        answer = self.remove(segment).json()

        self.assertEqual(answer, {"id": segment.pk, "image_file": None, "message": "Image removed successfully"})
        self.assertIsNone(self.client.get(f"/api/segments/{segment.pk}/").json()["image_file"])

    def test_the_picture_is_no_longer_served(self) -> None:
        segment = self.a_segment_with_picture()
        url = f"/media/{segment.image_file.name}"
        self.assertEqual(len(self.client.get(url).getvalue()), os.path.getsize(self.media / segment.image_file.name))

        self.remove(segment)

        self.assertEqual(self.client.get(url).status_code, 404)

    def test_only_the_picture_and_the_time_of_change_differ(self) -> None:
        segment = self.a_segment_with_picture(image_prompt="A hill")
        audio = self.a_file(f"projects/{segment.project_id}/audio/{segment.pk}.wav")
        Segment.objects.filter(pk=segment.pk).update(audio_file=audio, audio_duration=1.5)
        (before,) = self.segment_rows()

        self.remove(segment)

        (after,) = self.segment_rows()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"image_file", "updated_at"})
        self.assertEqual(self.live_files(), [audio])

    def test_the_pictures_of_others_stay(self) -> None:
        segment = self.a_segment_with_picture()
        other = self.a_segment_with_picture(segment.project, index=1)

        self.remove(segment)

        self.assertEqual(self.live_files(), [other.image_file.name])

    def test_where_there_is_none_nothing_can_be_removed(self) -> None:
        for empty in (None, ""):
            segment = self.a_segment(image_file=empty)
            before = self.state()
            with self.subTest(image_file=empty):
                response = self.remove(segment)
                self.assertEqual((response.status_code, response.json()), (400, {"error": "No image to remove"}))
                self.assertEqual(self.state(), before)

    def test_removing_twice_removes_once(self) -> None:
        segment = self.a_segment_with_picture()

        first, second = self.remove(segment), self.remove(segment)

        self.assertEqual((first.status_code, second.status_code), (200, 400))
        self.assertEqual(second.json(), {"error": "No image to remove"})
        self.assertEqual(len(self.trash()), 1)

    def test_a_locked_segment_keeps_its_picture(self) -> None:
        segment = self.a_segment_with_picture(is_locked=True)
        before = self.state()

        response = self.remove(segment)

        self.assertEqual((response.status_code, response.json()), (400, {"error": "Cannot modify a locked segment."}))
        self.assertEqual(self.state(), before)

    def test_a_locked_segment_without_a_picture_is_locked_first(self) -> None:
        segment = self.a_segment(is_locked=True)

        self.assertEqual(self.remove(segment).json(), {"error": "Cannot modify a locked segment."})

    def test_a_file_already_missing_heals_the_row(self) -> None:
        segment = self.a_segment_with_picture()
        os.remove(self.media / segment.image_file.name)

        with self.assertLogs("media_store", "WARNING"):
            response = self.remove(segment)

        segment.refresh_from_db()
        self.assertEqual((response.status_code, bool(segment.image_file)), (200, False))
        self.assertEqual(response.json()["message"], "Image removed successfully")
        self.assertEqual((self.trash(), self.trashed_files(), self.leftovers()), ([], [], []))

    def test_a_folder_already_missing_heals_the_row(self) -> None:
        segment = self.a_segment(image_file="projects/77/images/77_gone.jpg")

        with self.assertLogs("media_store", "WARNING"):
            response = self.remove(segment)

        segment.refresh_from_db()
        self.assertEqual((response.status_code, bool(segment.image_file)), (200, False))

    def test_a_name_that_is_no_place_of_ours_heals_the_row(self) -> None:
        outside = self.root / "outside.jpg"
        outside.write_bytes(b"not ours")
        for name in ("../outside.jpg", str(outside), "projects//1_a.jpg", ".", "x" * 300 + ".jpg"):
            segment = self.a_segment(image_file=name)
            with self.subTest(name=name[:40]), self.assertLogs("media_store", "WARNING"):
                response = self.remove(segment)
                segment.refresh_from_db()
                self.assertEqual((response.status_code, bool(segment.image_file)), (200, False))
        self.assertEqual(outside.read_bytes(), b"not ours")

    def test_a_file_that_cannot_be_removed_changes_nothing(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.state()
        for error in (PermissionError(13, "denied"), OSError(16, "busy"), OSError(30, "read-only")):
            with self.subTest(error=error), patch("media_store.disk.rename", side_effect=error):
                with self.assertLogs(level="ERROR"):
                    response = self.remove(segment)
                self.assertEqual(response.status_code, 500)
                self.assertIsInstance(response.json()["error"], str)
            self.assertEqual(self.state(), before)

    def test_what_the_system_said_is_not_shown_to_a_person(self) -> None:
        segment = self.a_segment_with_picture()

        secret = PermissionError(13, "denied", "/home/somebody/secret")
        with patch("media_store.disk.rename", side_effect=secret), self.assertLogs(level="ERROR"):
            response = self.remove(segment)

        self.assertNotIn("somebody", response.content.decode())

    def test_a_database_that_refuses_puts_the_picture_back(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.state()

        failing = patch("api.services.segment_images.change_segment", side_effect=OperationalError("disk is full"))
        with failing, self.assertLogs(level="ERROR"):
            response = self.remove(segment)

        self.assertEqual(response.status_code, 503)
        self.assertEqual(self.state(), before)

    def test_of_a_file_that_two_rows_show_only_the_field_is_cleared(self) -> None:
        segment = self.a_segment_with_picture()
        copied = self.a_segment(segment.project, 1, image_file=segment.image_file.name)
        files = self.live_bytes()

        response = self.remove(segment)

        segment.refresh_from_db()
        copied.refresh_from_db()
        self.assertEqual((response.status_code, bool(segment.image_file)), (200, False))
        self.assertEqual((self.live_bytes(), list(files)), (files, [copied.image_file.name]))

    def test_of_a_file_that_two_rows_showed_the_last_takes_it_along(self) -> None:
        segment = self.a_segment_with_picture()
        copied = self.a_segment(segment.project, 1, image_file=segment.image_file.name)
        self.assertEqual(self.remove(segment).status_code, 200)
        self.assertEqual(len(self.live_files()), 1)

        self.assertEqual(self.remove(copied).status_code, 200)
        self.assertEqual((self.live_files(), len(self.trashed_files())), ([], 1))

    def test_a_picture_can_be_given_again_after_it(self) -> None:
        segment = self.a_segment_with_picture()
        name = segment.image_file.name
        self.remove(segment)

        self.assertEqual(self.upload(segment, a_picture()).json()["image_file"], f"/media/{name}")

    def test_the_removed_picture_waits_in_the_trash(self) -> None:
        segment = self.a_segment_with_picture()
        content = (self.media / segment.image_file.name).read_bytes()

        self.remove(segment)

        ((entry,), (kept,)) = self.trash(), self.trashed_files()
        self.assertEqual((entry["what"], entry["segment"], entry["size_bytes"]), ("image", segment.pk, len(content)))
        self.assertEqual((self.media / ".sf" / "trash" / kept).read_bytes(), content)

    def test_an_unknown_segment_is_not_found(self) -> None:
        self.assertEqual(self.client.delete("/api/segments/999999/remove-image/").status_code, 404)

    def test_only_delete_is_allowed(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.state()
        for method in ("GET", "POST", "PUT", "PATCH"):
            with self.subTest(method):
                self.assertEqual(self.send(method, f"/api/segments/{segment.pk}/remove-image/", {}).status_code, 405)
        self.assertEqual(self.state(), before)

    def test_a_database_that_fails_after_the_commit_is_not_said_to_have_changed_nothing(self) -> None:
        segment = self.a_segment_with_picture()
        with patch("api.services.segment_images.segment_row", side_effect=OperationalError("disk I/O error")):
            response = self.remove(segment)
        segment.refresh_from_db()
        self.assertEqual((response.status_code, bool(segment.image_file)), (503, False))
        self.assertNotIn("othing was changed", response.json()["error"])
