"""Listing the trash, and deleting an entry for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.test import override_settings

from api.tests.base import TrashTestCase, a_picture
from media_store.recovery import recover

ENTRY_FIELDS = {
    "id",
    "what",
    "title",
    "why",
    "project",
    "segment",
    "item",
    "has_picture",
    "size_bytes",
    "deleted_at",
    "expires_at",
}


class TestTrash(TrashTestCase):
    def test_it_is_empty_at_first(self) -> None:
        response = self.client.get("/api/trash/")

        self.assertEqual((response.status_code, response.json()), (200, []))

    def test_an_entry_says_what_it_is_and_until_when(self) -> None:
        segment, files, entry = self.a_removed_picture()

        self.assertEqual(set(entry), ENTRY_FIELDS)
        self.assertEqual((entry["what"], entry["why"]), ("image", "removed"))
        self.assertEqual((entry["project"], entry["segment"]), (segment.project_id, segment.pk))
        self.assertEqual(entry["size_bytes"], len(*files.values()))
        deleted, expires = (datetime.fromisoformat(entry[name]) for name in ("deleted_at", "expires_at"))
        self.assertEqual(expires - deleted, timedelta(days=30))

    @override_settings(TRASH_DAYS=7)
    def test_the_days_can_be_set(self) -> None:
        _, _, entry = self.a_removed_picture()

        deleted, expires = (datetime.fromisoformat(entry[name]) for name in ("deleted_at", "expires_at"))
        self.assertEqual(expires - deleted, timedelta(days=7))

    def test_what_went_last_comes_first(self) -> None:
        first, second = self.a_segment_with_picture(), self.a_segment_with_picture()
        self.remove(first)
        self.client.delete(f"/api/segments/{second.pk}/")

        self.assertEqual([entry["what"] for entry in self.trash()], ["segment", "image"])

    def test_a_replaced_picture_is_in_it_too(self) -> None:
        segment = self.a_segment_with_picture()

        self.upload(segment, a_picture(color="red"))

        self.assertEqual([(entry["what"], entry["why"]) for entry in self.trash()], [("image", "replaced")])

    def test_it_can_be_asked_for_one_project(self) -> None:
        segment, _, entry = self.a_removed_picture()
        self.a_removed_picture()

        found = self.client.get(f"/api/trash/?project={segment.project_id}").json()

        self.assertEqual(found, [entry])
        self.assertEqual(self.client.get("/api/trash/?project=999999").json(), [])

    def test_a_project_that_is_no_integer_is_refused(self) -> None:
        for garbage in ("abc", "", "1.5", "%00", "1" * 40):
            with self.subTest(garbage):
                self.assertEqual(self.client.get(f"/api/trash/?project={garbage}").status_code, 400)

    def test_a_full_trash_costs_no_more_queries_than_a_small_one(self) -> None:
        self.a_removed_picture()
        few = self.queries_of(self.trash)
        for _ in range(10):
            self.a_removed_picture()

        self.assertEqual(self.queries_of(self.trash), few)

    def test_what_recovery_put_aside_is_in_it(self) -> None:
        segment = self.a_segment_with_picture()
        stray = self.a_file("projects/9/images/9_stray.jpg", a_picture(color="red").read())
        content = (self.media / stray).read_bytes()
        with self.assertLogs("media_store", "WARNING"):
            recover()

        (entry,) = self.trash()
        self.assertEqual((entry["what"], entry["project"], entry["segment"]), ("file", 9, None))
        self.assertEqual(self.restore(entry).status_code, 409)
        self.assertEqual(self.restore(entry, {"segment": segment.pk}).status_code, 200)
        segment.refresh_from_db()
        self.assertEqual((self.media / segment.image_file.name).read_bytes(), content)


class TestTrashPurge(TrashTestCase):
    def purge(self, entry: dict[str, Any]) -> int:
        return self.client.delete(f"/api/trash/{entry['id']}/").status_code

    def test_what_is_deleted_for_good_leaves_the_disk(self) -> None:
        _, _, entry = self.a_removed_picture()
        self.assertEqual(len(self.trashed_files()), 1)

        self.assertEqual(self.purge(entry), 204)
        self.assertEqual((self.trash(), self.trashed_files(), self.live_files()), ([], [], []))

    def test_a_projects_folder_is_deleted_for_good_whole(self) -> None:
        segment = self.a_segment_with_picture()
        self.a_file(f"projects/{segment.project_id}/deep/er/stray.txt")
        self.client.delete(f"/api/projects/{segment.project_id}/")

        self.assertEqual(self.purge(self.trash()[0]), 204)
        self.assertEqual(self.trashed_files(), [])

    def test_afterwards_it_is_not_found(self) -> None:
        _, _, entry = self.a_removed_picture()
        self.purge(entry)

        self.assertEqual((self.purge(entry), self.restore(entry).status_code), (404, 404))

    def test_what_was_restored_cannot_be_deleted_for_good(self) -> None:
        _, files, entry = self.a_removed_picture()
        self.restore(entry)

        self.assertEqual((self.purge(entry), self.live_bytes()), (404, files))

    def test_other_entries_and_files_stay(self) -> None:
        segment, _, first = self.a_removed_picture()
        self.upload(segment, a_picture(color="red"))
        self.remove(segment)
        self.upload(segment, a_picture(color="gold"))
        files = self.live_bytes()

        self.purge(first)

        self.assertEqual((len(self.trash()), len(self.trashed_files()), self.live_bytes()), (1, 1, files))

    def test_an_unknown_entry_is_not_found(self) -> None:
        self.assertEqual(self.purge({"id": 999_999}), 404)

    @override_settings(TRASH_DAYS=0)
    def test_with_zero_days_nothing_is_kept(self) -> None:
        picture, segment = self.a_segment_with_picture(), self.a_segment_with_picture()
        acts = {
            "replace": lambda: self.upload(picture, a_picture(color="red")),
            "remove": lambda: self.remove(picture),
            "delete a segment": lambda: self.client.delete(f"/api/segments/{segment.pk}/"),
            "delete a project": lambda: self.client.delete(f"/api/projects/{segment.project_id}/"),
        }
        for name, act in acts.items():
            with self.subTest(name):
                self.assertLess(act().status_code, 300)
                self.assertEqual((self.trash(), self.trashed_files(), self.leftovers()), ([], [], []))
        self.assertEqual(self.live_files(), [])
