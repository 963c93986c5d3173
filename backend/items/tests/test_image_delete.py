"""Deleting an item's image: the responses of the contract, word for word."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import IntegrityError, OperationalError

from items.models import Item
from items.tests.base import A_TIME, NOBODY, ItemTestCase, a_picture
from media_store import locks
from media_store.models import AuditEntry

FAILED = "Image deletion failed"


def failure(code: str, sentence: str) -> dict[str, Any]:
    return {"data": None, "error": {"code": code, "message": sentence}, "message": FAILED}


NO_IMAGE = failure("NO_IMAGE_FOUND", "Item does not have an image to delete")
FILE_DELETE = failure("FILE_DELETE_ERROR", "Failed to delete image file from disk")


def not_found(item_id: object) -> dict[str, Any]:
    return failure("ITEM_NOT_FOUND", f"Item with ID {item_id} not found")


class TestImageDelete(ItemTestCase):
    def answer(self, item: Item | str) -> tuple[int, Any]:
        response = self.delete_image(item)
        self.assert_envelope(response)
        return response.status_code, response.json()

    def test_the_answer_is_the_full_item_without_an_image(self) -> None:
        item = self.an_item_with_image(description="18V cordless drill", status="Lent")
        shown = self.get(item)

        status, body = self.answer(item)

        updated_at = body["data"]["updatedAt"]
        self.assertRegex(updated_at, A_TIME)
        self.assertEqual(status, 200)
        self.assertEqual(
            body,
            {
                "data": {**shown, "imageUrl": None, "updatedAt": updated_at},
                "error": None,
                "message": "Image deleted successfully",
            },
        )
        self.assertEqual(self.get(item), body["data"])

    def test_the_file_is_gone_when_the_answer_is_sent(self) -> None:
        item = self.an_item_with_image()

        self.delete_image(item)

        self.assertEqual((self.live_files(), self.hidden("in")), ({}, []))
        self.assertEqual(self.client.get(f"/uploads/{item.image_file}").status_code, 404)

    def test_of_the_row_the_image_goes_and_the_time_of_change_moves_on(self) -> None:
        item = self.an_item_with_image(description="18V")
        before = Item.objects.values().get()

        self.delete_image(item)

        after = Item.objects.values().get()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"image_file", "updated_at"})
        self.assertIsNone(after["image_file"])
        self.assertGreater(after["updated_at"], before["updated_at"])

    def test_the_time_in_the_answer_is_now(self) -> None:
        item = self.an_item_with_image()
        Item.objects.update(updated_at="2020-01-01T00:00:00Z")

        _, body = self.answer(item)

        now = Item.objects.get().updated_at
        self.assertEqual(body["data"]["updatedAt"], f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z")
        self.assertGreaterEqual(now.year, 2026)

    def test_the_images_of_others_stay(self) -> None:
        item, other = self.an_item_with_image(), self.an_item_with_image()
        content = self.path_of(other).read_bytes()

        self.delete_image(item)

        self.assertEqual(self.live_files(), {f"uploads/{other.image_file}": content})
        self.assertEqual(Item.objects.get(pk=other.pk).image_file, other.image_file)

    def test_an_unknown_item_is_not_found(self) -> None:
        before = self.state()

        self.assertEqual(self.answer(NOBODY), (404, not_found(NOBODY)))
        self.assertEqual(self.state(), before)

    def test_an_id_that_is_no_uuid_is_not_found_in_the_same_words(self) -> None:
        for item_id in ("1", "0", "-1", "abc", "1" * 40, f"{NOBODY}0", NOBODY[:-1], "null", "🦊"):
            with self.subTest(item_id):
                self.assertEqual(self.answer(item_id), (404, not_found(item_id)))

    def test_an_item_without_an_image_has_none_to_delete(self) -> None:
        for empty in (None, ""):
            item = self.an_item(image_file=empty)
            before = self.state()
            with self.subTest(image_file=empty):
                self.assertEqual(self.answer(item), (404, NO_IMAGE))
                self.assertEqual(self.state(), before)

    def test_the_second_call_finds_no_image(self) -> None:
        item = self.an_item_with_image()
        self.delete_image(item)
        before = self.state()

        self.assertEqual(self.answer(item), (404, NO_IMAGE))
        self.assertEqual(self.state(), before)

    def test_a_file_that_cannot_be_removed_leaves_row_and_file(self) -> None:
        item = self.an_item_with_image()
        before = self.state()
        for error in (PermissionError(13, "denied", "/secret"), OSError(16, "busy"), OSError(30, "read-only")):
            with self.subTest(error=error):
                with patch("media_store.disk.rename", side_effect=error), self.assertLogs("items", "ERROR"):
                    answer = self.answer(item)
                self.assertEqual(answer, (500, FILE_DELETE))
                self.assertEqual(self.state(), before)

    def test_a_folder_that_cannot_be_synced_leaves_row_and_file(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        with patch("media_store.disk.sync_folder", side_effect=OSError(5, "I/O error")), self.assertLogs(level="ERROR"):
            answer = self.answer(item)

        self.assertEqual((answer, self.state()), ((500, FILE_DELETE), before))

    def test_after_a_failure_the_image_can_still_be_deleted(self) -> None:
        item = self.an_item_with_image()
        with patch("media_store.disk.rename", side_effect=PermissionError(13, "denied")), self.assertLogs("items"):
            self.delete_image(item)

        self.assertEqual(self.answer(item)[0], 200)
        self.assertEqual(self.live_files(), {})

    def test_a_file_already_missing_heals_the_row_and_is_logged(self) -> None:
        item = self.an_item_without_its_file()

        with self.assertLogs("media_store", "WARNING") as logged:
            status, body = self.answer(item)

        self.assertEqual((status, body["message"], body["data"]["imageUrl"]), (200, "Image deleted successfully", None))
        self.assertIsNone(Item.objects.get().image_file)
        self.assertIn(f"uploads/{item.image_file}", logged.output[0])
        self.assertEqual((self.trash(), self.hidden("trash")), ([], []))

    def test_a_row_that_names_a_file_elsewhere_is_healed_and_that_file_stays(self) -> None:
        outside = self.root / "outside.jpg"
        outside.write_bytes(b"not ours")
        for name in ("../outside.jpg", str(outside), "items/../../outside.jpg", "x" * 300 + ".jpg", "items"):
            item = self.an_item(image_file=name)
            with self.subTest(name=name[:40]), self.assertLogs("media_store", "WARNING"):
                self.assertEqual(self.answer(item)[0], 200)
                self.assertIsNone(Item.objects.get(pk=item.pk).image_file)
        self.assertEqual(outside.read_bytes(), b"not ours")

    def test_of_a_file_that_two_rows_show_the_last_takes_it_along(self) -> None:
        item = self.an_item_with_image()
        copied = self.an_item(image_file=item.image_file)

        self.assertEqual((self.answer(item)[0], len(self.live_files())), (200, 1))
        self.assertEqual((self.answer(copied)[0], len(self.live_files())), (200, 0))

    def test_an_item_deleted_meanwhile_is_not_found(self) -> None:
        item = self.an_item_with_image()

        hold_the_store = locks.shared

        def delete_first(layout: Any) -> Any:
            Item.objects.filter(pk=item.pk).delete()
            return hold_the_store(layout)

        with patch("media_store.operations.locks.shared", side_effect=delete_first):
            answer = self.answer(item)

        self.assertEqual(answer, (404, not_found(item.pk)))
        self.assertEqual(self.trash(), [])

    def test_a_database_that_refuses_puts_the_file_back(self) -> None:
        item = self.an_item_with_image()
        before, locked = self.state(), OperationalError("database is locked")
        failures = {
            "its first row": patch("media_store.operations.insert", side_effect=locked),
            "the item's row": patch("django.db.models.query.QuerySet.update", side_effect=locked),
            "the trash": patch("media_store.trash.add_entry", side_effect=locked),
            "a constraint": patch("django.db.models.query.QuerySet.update", side_effect=IntegrityError("NOT NULL")),
        }
        for what, failing in failures.items():
            with self.subTest(what):
                with failing, self.assertLogs("items", "ERROR"):
                    response = self.delete_image(item)
                body = self.assert_envelope(response)
                self.assertEqual((response.status_code, body["message"]), (500, FAILED))
                self.assertNotIn("NOT NULL", body["error"]["message"])
                self.assertEqual(self.state(), before)

    def test_an_error_that_nobody_planned_for_keeps_the_envelope_and_the_file(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        failing = patch("items.services.item_images.timezone.now", side_effect=RuntimeError("secret"))
        with failing, self.assertLogs("items", "ERROR"):
            response = self.delete_image(item)

        body = self.assert_envelope(response)
        self.assertEqual((response.status_code, body["message"]), (500, FAILED))
        self.assertNotIn("secret", response.content.decode())
        self.assertEqual(self.state(), before)

    def test_on_a_full_disk_an_image_can_still_be_deleted(self) -> None:
        item = self.an_item_with_image()

        with patch("media_store.disk.free_bytes", return_value=0):
            self.assertEqual(self.answer(item)[0], 200)

        self.assertEqual(self.live_files(), {})

    def test_an_image_can_be_given_again_after_it(self) -> None:
        item = self.an_item_with_image()
        self.delete_image(item)

        url = self.data_of(self.upload(item, a_picture()), 201)["imageUrl"]

        self.assertEqual(list(self.live_files()), [url.removeprefix("/")])

    def test_the_audit_notes_who_removed_what(self) -> None:
        item = self.an_item_with_image()

        self.delete_image(item)

        notes = set(AuditEntry.objects.exclude(act="upload").values_list("act", "by", "record", "place", "note"))
        trashed = ("trash", "127.0.0.1", str(item.pk), f"uploads/{item.image_file}", "")
        self.assertEqual(notes, {trashed, ("remove", "127.0.0.1", str(item.pk), "", "removed")})
