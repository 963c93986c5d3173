"""Deleting an item."""

from __future__ import annotations

from unittest.mock import patch

from django.db import OperationalError

from items.models import Item
from items.tests.base import ITEMS, NOBODY, ItemTestCase
from media_store.models import AuditEntry


class TestItemDelete(ItemTestCase):
    def test_row_and_picture_are_gone_when_the_answer_is_sent(self) -> None:
        item = self.an_item_with_image()

        response = self.delete(item)

        self.assertEqual(
            (response.status_code, response.json()),
            (200, {"data": None, "error": None, "message": "Item deleted successfully"}),
        )
        self.assertEqual((Item.objects.count(), self.live_files(), self.hidden("in")), (0, {}, []))
        self.assertEqual(self.client.get(f"/uploads/{item.image_file}").status_code, 404)

    def test_it_waits_in_the_trash_with_its_picture(self) -> None:
        item = self.an_item_with_image()
        content = self.path_of(item).read_bytes()

        self.delete(item)

        ((entry,), (kept,)) = self.trash(), self.hidden("trash")
        self.assertEqual((entry["what"], entry["item"], entry["title"]), ("item", str(item.pk), "Cordless Drill"))
        self.assertEqual((self.root / "media" / ".sf" / "trash" / kept).read_bytes(), content)

    def test_an_item_without_a_picture_can_be_deleted(self) -> None:
        self.data_of(self.delete(self.an_item()))

        self.assertEqual((Item.objects.count(), len(self.trash())), (0, 1))

    def test_an_item_whose_file_is_missing_can_be_deleted(self) -> None:
        item = self.an_item_without_its_file()

        with self.assertLogs("media_store", "WARNING"):
            self.data_of(self.delete(item))

        self.assertEqual((Item.objects.count(), self.hidden("trash")), (0, []))

    def test_other_items_keep_row_and_picture(self) -> None:
        item, other = self.an_item_with_image(), self.an_item_with_image()
        content = self.path_of(other).read_bytes()

        self.delete(item)

        self.assertEqual(Item.objects.get(), other)
        self.assertEqual(self.live_files(), {f"uploads/{other.image_file}": content})

    def test_the_second_deletion_finds_nothing(self) -> None:
        item = self.an_item()
        self.delete(item)
        before = self.state()

        sentence = self.assert_refused(self.delete(item), 404, "ITEM_NOT_FOUND", "Item deletion failed")

        self.assertEqual(sentence, f"Item with ID {item.pk} not found")
        self.assertEqual(self.state(), before)

    def test_an_unknown_item_is_not_found(self) -> None:
        self.assert_refused(self.client.delete(f"{ITEMS}/{NOBODY}"), 404, "ITEM_NOT_FOUND", "Item deletion failed")

    def test_a_picture_that_cannot_be_removed_keeps_item_and_picture(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        with patch("media_store.disk.rename", side_effect=PermissionError(13, "denied")), self.assertLogs("items"):
            response = self.delete(item)

        self.assert_refused(response, 500, "FILE_DELETE_ERROR", "Item deletion failed")
        self.assertEqual(self.state(), before)

    def test_a_database_that_refuses_puts_the_picture_back(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        failing = patch("items.models.Item.delete", side_effect=OperationalError("database is locked"))
        with failing, self.assertLogs("items", "ERROR"):
            response = self.delete(item)

        self.assert_refused(response, 500, "DATABASE_ERROR", "Item deletion failed")
        self.assertEqual(self.state(), before)

    def test_the_audit_notes_who_deleted_which_file(self) -> None:
        item = self.an_item_with_image()

        self.delete(item)

        notes = set(AuditEntry.objects.exclude(act="upload").values_list("act", "by", "record", "place"))
        place = f"uploads/{item.image_file}"
        self.assertEqual(
            notes, {("trash", "127.0.0.1", str(item.pk), place), ("delete item", "127.0.0.1", str(item.pk), "")}
        )
