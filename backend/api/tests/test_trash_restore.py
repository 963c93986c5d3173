"""Restoring entries from the trash."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from api.models import Segment
from api.tests.base import TrashTestCase, a_picture


class TestTrashRestoreImage(TrashTestCase):
    def test_a_picture_comes_back_to_its_place_byte_for_byte(self) -> None:
        segment, files, entry = self.a_removed_picture()

        response = self.restore(entry)

        segment.refresh_from_db()
        self.assertEqual((response.status_code, response.json()["segment"]), (200, segment.pk))
        self.assertEqual((self.live_bytes(), list(files)), (files, [segment.image_file.name]))
        self.assertEqual((self.trash(), self.trashed_files(), self.leftovers()), ([], [], []))

    def test_a_picture_that_took_its_place_meanwhile_goes_into_the_trash(self) -> None:
        segment, files, entry = self.a_removed_picture()
        self.upload(segment, a_picture(color="red"))
        newer = self.live_bytes()

        response = self.restore(entry)

        self.assertEqual((response.status_code, self.live_bytes()), (200, files))
        (swapped,) = self.trash()
        self.restore(swapped)
        self.assertEqual(self.live_bytes(), newer)

    def test_a_picture_of_another_name_goes_into_the_trash_too(self) -> None:
        segment, files, entry = self.a_removed_picture()
        self.upload(segment, a_picture("forest.png", kind="PNG"))

        self.restore(entry)

        self.assertEqual((self.live_bytes(), len(self.trash())), (files, 1))

    def test_a_replaced_picture_can_be_swapped_back(self) -> None:
        segment = self.a_segment_with_picture()
        files = self.live_bytes()
        self.upload(segment, a_picture(color="red"))

        self.assertEqual(self.restore(self.trash()[0]).status_code, 200)
        self.assertEqual(self.live_bytes(), files)

    def test_a_locked_segment_takes_nothing_back(self) -> None:
        segment, _, entry = self.a_removed_picture()
        Segment.objects.filter(pk=segment.pk).update(is_locked=True)
        before = self.state()

        response = self.restore(entry)

        self.assertEqual((response.status_code, response.json()), (400, {"error": "Cannot modify a locked segment."}))
        self.assertEqual(self.state(), before)

    def test_without_its_segment_there_is_nowhere_to_go(self) -> None:
        segment, _, entry = self.a_removed_picture()
        Segment.objects.filter(pk=segment.pk).delete()
        before = self.state()

        response = self.restore(entry)

        self.assertEqual(response.status_code, 409)
        self.assertIsInstance(response.json()["error"], str)
        self.assertEqual(self.state(), before)

    def test_it_can_come_back_to_another_segment(self) -> None:
        segment, files, entry = self.a_removed_picture()
        other = self.a_segment()

        response = self.restore(entry, {"segment": other.pk})

        other.refresh_from_db()
        segment.refresh_from_db()
        self.assertEqual((response.status_code, response.json()["segment"]), (200, other.pk))
        place = f"projects/{other.project_id}/images/{other.pk}_landscape.jpg"
        self.assertEqual((other.image_file.name, bool(segment.image_file)), (place, False))
        self.assertEqual(self.live_bytes(), {place: next(iter(files.values()))})

    def test_the_other_segments_picture_goes_into_the_trash(self) -> None:
        _, files, entry = self.a_removed_picture()
        other = self.a_segment_with_picture()

        self.restore(entry, {"segment": other.pk})

        self.assertEqual(list(self.live_bytes().values()), list(files.values()))
        self.assertEqual([(row["segment"], row["why"]) for row in self.trash()], [(other.pk, "replaced")])

    def test_another_segment_that_is_locked_or_gone_takes_nothing(self) -> None:
        _, _, entry = self.a_removed_picture()
        locked = self.a_segment(is_locked=True)
        before = self.state()
        for segment_id, status in ((locked.pk, 400), (999_999, 404)):
            with self.subTest(status=status):
                self.assertEqual(self.restore(entry, {"segment": segment_id}).status_code, status)
        self.assertEqual(self.state(), before)

    def test_a_segment_that_is_no_id_is_refused(self) -> None:
        segment, _, entry = self.a_removed_picture()
        before = self.state()
        for value in (str(segment.pk), "", True, False, 1.5, [], [segment.pk], {}, 0, -1, 2**63, 10**39):
            with self.subTest(segment=value):
                self.assertEqual(self.restore(entry, {"segment": value}).status_code, 400)
        self.assertEqual(self.state(), before)

    def test_restoring_twice_restores_once(self) -> None:
        _, files, entry = self.a_removed_picture()

        self.assertEqual([self.restore(entry).status_code for _ in range(2)], [200, 404])
        self.assertEqual(self.live_bytes(), files)

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        segment, _, entry = self.a_removed_picture()
        self.upload(segment, a_picture("forest.jpg"))
        before = self.state()
        for call in ("link", "rename", "make_folder"):
            with self.subTest(call), patch(f"media_store.disk.{call}", side_effect=PermissionError(13, "denied")):
                with self.assertLogs(level="ERROR"):
                    self.assertEqual(self.restore(entry).status_code, 500)
                self.assertEqual(self.state(), before)

    def test_an_unknown_entry_is_not_found(self) -> None:
        self.assertEqual(self.restore({"id": 999_999}).status_code, 404)


class TestTrashRestoreSegment(TrashTestCase):
    def a_deleted_segment(self, position: int, segments: int = 4) -> tuple[Segment, dict[str, Any]]:
        segment = self.a_project(segments=segments).segments.get(sequence_index=position)
        self.client.delete(f"/api/segments/{segment.pk}/")
        return segment, self.trash()[0]

    def test_it_comes_back_where_it_was(self) -> None:
        for position in (0, 1, 3):
            segment, entry = self.a_deleted_segment(position)
            with self.subTest(position):
                self.assertEqual(self.restore(entry).status_code, 200)
                order = [(index, f"Text {index}") for index in range(4)]
                self.assertEqual(self.order_of(segment.project), order)

    def test_it_cannot_be_given_to_another_segment(self) -> None:
        segment, entry = self.a_deleted_segment(1)
        other = segment.project.segments.first()
        before = self.state()

        response = self.restore(entry, {"segment": other.pk})

        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.state(), before)

    def test_after_a_reorder_it_comes_back_at_its_position_and_the_later_ones_move(self) -> None:
        segment, entry = self.a_deleted_segment(1)
        project = segment.project
        a, c, d = project.segments.values_list("pk", flat=True)
        self.send("POST", "/api/segments/reorder/", {"project_id": project.pk, "segment_order": [d, a, c]})

        self.restore(entry)

        self.assertEqual(self.order_of(project), [(0, "Text 3"), (1, "Text 1"), (2, "Text 0"), (3, "Text 2")])

    def test_its_answer_names_it(self) -> None:
        segment, entry = self.a_deleted_segment(1)

        answer = self.restore(entry).json()

        self.assertEqual((answer["what"], answer["segment"]), ("segment", segment.pk))
        self.assertEqual(self.client.get(f"/api/segments/{segment.pk}/").status_code, 200)

    def test_a_segment_of_a_deleted_project_waits_for_it(self) -> None:
        segment, entry = self.a_deleted_segment(1)
        self.client.delete(f"/api/projects/{segment.project_id}/")
        before = self.state()

        refused = self.restore(entry)

        self.assertEqual((refused.status_code, self.state()), (409, before))
        self.restore(self.trash()[0])
        self.assertEqual(self.restore(entry).status_code, 200)
        self.assertEqual(len(self.order_of(segment.project)), 4)

    def test_restoring_twice_restores_once(self) -> None:
        segment, entry = self.a_deleted_segment(1)

        self.assertEqual([self.restore(entry).status_code for _ in range(2)], [200, 404])
        self.assertEqual(segment.project.segments.count(), 4)

    def test_a_picture_that_had_been_removed_from_it_can_come_back_after_it(self) -> None:
        segment, files, image_entry = self.a_removed_picture()
        self.client.delete(f"/api/segments/{segment.pk}/")
        self.assertEqual(self.restore(image_entry).status_code, 409)
        self.restore(self.trash()[0])

        self.assertEqual(self.restore(image_entry).status_code, 200)
        self.assertEqual(self.live_bytes(), files)
