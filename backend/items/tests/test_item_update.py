"""Changing an item."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from items.models import Item
from items.services.items import change_item
from items.tests.base import ITEMS, NOBODY, ItemTestCase


class TestItemUpdate(ItemTestCase):
    def change(self, item: Item, **fields: Any) -> Any:
        return self.send("PATCH", f"{ITEMS}/{item.pk}", fields)

    def test_each_field_can_be_changed_alone(self) -> None:
        changes = {"name": "Hammer", "description": "Heavy", "category": "Hand Tools", "status": "Lent"}
        for field, value in changes.items():
            item = self.an_item()
            before = Item.objects.values().get(pk=item.pk)
            with self.subTest(field):
                self.assertEqual(self.data_of(self.change(item, **{field: value}))[field], value)
                after = Item.objects.values().get(pk=item.pk)
                self.assertEqual({name for name in after if after[name] != before[name]}, {field, "updated_at"})

    def test_the_answer_is_the_item_as_it_now_is(self) -> None:
        item = self.an_item()

        response = self.change(item, name="Hammer", status="Maintenance")

        self.assertEqual(self.data_of(response), self.get(item))
        self.assertEqual(response.json()["message"], "Item updated successfully")

    def test_the_time_of_change_moves_on_and_that_of_creation_stays(self) -> None:
        item = self.an_item()

        self.change(item, name="Hammer")

        changed = Item.objects.get()
        self.assertGreater(changed.updated_at, item.updated_at)
        self.assertEqual(changed.created_at, item.created_at)

    def test_a_description_can_be_taken_away(self) -> None:
        item = self.an_item(description="18V")

        self.assertIsNone(self.data_of(self.change(item, description=None))["description"])
        self.assertIsNone(Item.objects.get().description)

    def test_other_items_stay_as_they_are(self) -> None:
        item, other = self.an_item(), self.an_item()

        self.change(item, name="Hammer", status="Lent")

        self.assertEqual(Item.objects.values().get(pk=other.pk)["updated_at"], other.updated_at)
        self.assertEqual(Item.objects.get(pk=other.pk).name, "Cordless Drill")

    def test_the_image_cannot_be_written_this_way(self) -> None:
        item = self.an_item_with_image()
        files = self.live_files()

        data = self.data_of(self.change(item, imageUrl=None, image_file="../x.jpg", id=NOBODY, createdAt=None))

        self.assertEqual((data["id"], data["imageUrl"]), (str(item.pk), f"/uploads/{item.image_file}"))
        self.assertEqual((Item.objects.get().image_file, self.live_files()), (item.image_file, files))

    def test_without_a_field_that_can_be_written_not_even_the_time_of_change_moves(self) -> None:
        item = self.an_item_with_image()
        before = self.state()
        for fields in ({}, {"imageUrl": None, "unknown": 1}):
            with self.subTest(fields=fields):
                self.data_of(self.change(item, **fields))
        self.assertEqual(self.state(), before)

    def test_one_field_that_cannot_be_used_changes_nothing(self) -> None:
        item = self.an_item()
        before = self.state()
        for fields in ({"status": "Broken"}, {"status": "\ud800"}, {"category": ""}, {"description": 5}):
            with self.subTest(fields=fields):
                response = self.change(item, name="Hammer", **fields)
                self.assert_refused(response, 400, "VALIDATION_ERROR", "Item update failed")
        self.assertEqual(self.state(), before)

    def test_an_unknown_item_is_not_found_whatever_the_body_says(self) -> None:
        for body in ("{}", '{"name": ""}', "{", "[]"):
            with self.subTest(body):
                response = self.client.generic("PATCH", f"{ITEMS}/{NOBODY}", body, content_type="application/json")
                self.assert_refused(response, 404, "ITEM_NOT_FOUND", "Item update failed")

    def test_an_item_deleted_meanwhile_is_not_found_and_not_made_again(self) -> None:
        item = self.an_item()

        def delete_first(item_id: str, changes: dict[str, Any]) -> Item:
            Item.objects.all().delete()
            return change_item(item_id, changes)

        with patch("items.views.items.change_item", side_effect=delete_first):
            response = self.change(item, name="Hammer")

        self.assert_refused(response, 404, "ITEM_NOT_FOUND", "Item update failed")
        self.assertFalse(Item.objects.exists())

    def test_a_database_that_refuses_changes_nothing(self) -> None:
        item = self.an_item()
        before = self.state()

        failing = patch("django.db.models.query.QuerySet.update", side_effect=OperationalError("disk I/O error"))
        with failing, self.assertLogs("items", "ERROR"):
            response = self.change(item, name="Hammer")

        sentence = self.assert_refused(response, 500, "DATABASE_ERROR", "Item update failed")
        self.assertNotIn("I/O", sentence)
        self.assertEqual(self.state(), before)
