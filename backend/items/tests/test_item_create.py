"""Creating an item."""

from __future__ import annotations

import uuid
from typing import Any

from items.models import Item
from items.tests.base import A_TIME, ITEM_FIELDS, ITEMS, ItemTestCase

DRILL = {"name": "Cordless Drill", "category": "Power Tools"}


class TestItemCreate(ItemTestCase):
    def create(self, **fields: Any) -> Any:
        return self.send("POST", ITEMS, {**DRILL, **fields})

    def test_the_answer_is_the_whole_item(self) -> None:
        response = self.create(description="18V cordless drill", status="Maintenance")

        data = self.data_of(response, 201)
        self.assertEqual(set(data), ITEM_FIELDS)
        self.assertEqual(response.json()["message"], "Item created successfully")
        self.assertEqual((data["name"], data["category"]), ("Cordless Drill", "Power Tools"))
        self.assertEqual((data["description"], data["status"]), ("18V cordless drill", "Maintenance"))
        self.assertIsNone(data["imageUrl"])

    def test_what_was_answered_is_what_was_stored(self) -> None:
        data = self.data_of(self.create(description="18V"), 201)

        item = Item.objects.get()
        self.assertEqual((str(item.pk), item.name, item.description), (data["id"], "Cordless Drill", "18V"))
        self.assertEqual(self.get(item), data)

    def test_its_id_is_a_uuid_of_its_own(self) -> None:
        first, second = (self.data_of(self.create(), 201)["id"] for _ in range(2))

        self.assertEqual((str(uuid.UUID(first)), str(uuid.UUID(second))), (first, second))
        self.assertNotEqual(first, second)

    def test_name_and_category_are_enough(self) -> None:
        data = self.data_of(self.create(), 201)

        self.assertEqual((data["description"], data["status"], data["imageUrl"]), (None, "Available", None))

    def test_its_times_have_milliseconds_and_end_with_z(self) -> None:
        data = self.data_of(self.create(), 201)

        self.assertRegex(data["createdAt"], A_TIME)
        self.assertRegex(data["updatedAt"], A_TIME)

    def test_every_status_of_the_contract_is_accepted(self) -> None:
        for status in ("Available", "Lent", "Maintenance"):
            with self.subTest(status):
                self.assertEqual(self.data_of(self.create(status=status), 201)["status"], status)

    def test_the_longest_name_and_category_are_accepted(self) -> None:
        data = self.data_of(self.create(name="n" * 200, category="c" * 100), 201)

        self.assertEqual((len(data["name"]), len(data["category"])), (200, 100))

    def test_letters_of_any_script_are_kept(self) -> None:
        name = "Bohrmaschine №1 電動ドリル 🛠️"

        self.assertEqual(self.data_of(self.create(name=name), 201)["name"], name)

    def test_fields_that_only_the_door_sets_are_passed_over(self) -> None:
        own = {"id": str(uuid.uuid4()), "imageUrl": "/uploads/items/x.jpg", "image_file": "items/x.jpg"}

        data = self.data_of(self.create(createdAt="2001-01-01T00:00:00.000Z", **own), 201)

        self.assertNotEqual(data["id"], own["id"])
        self.assertIsNone(data["imageUrl"])
        self.assertFalse(data["createdAt"].startswith("2001"))
        self.assertIsNone(Item.objects.get().image_file)

    def test_a_plain_form_creates_an_item_too(self) -> None:
        self.data_of(self.client.post(ITEMS, DRILL, format="multipart"), 201)

        self.assertEqual(Item.objects.get().name, "Cordless Drill")

    def test_fields_that_cannot_be_used_are_named(self) -> None:
        bad: dict[str, tuple[Any, ...]] = {
            "name": (None, "", "  ", 5, True, [], {}, ["a"], "n" * 201, "a\0b", "\ud800"),
            "category": (None, "", "\t", 1.5, False, [], {}, "c" * 101, "\0", "a\udfff"),
            "description": (5, True, [], {}, "a\0b", "\ud800"),
            "status": (None, "", "available", "Broken", 1, True, [], {}, ["Lent"], "Lent\0", "\ud800", 10**4000),
        }
        for field, values in bad.items():
            for value in values:
                with self.subTest(field=field, value=repr(value)[:40]):
                    response = self.create(**{field: value})
                    sentence = self.assert_refused(response, 400, "VALIDATION_ERROR", "Item creation failed")
                    self.assertTrue(sentence.startswith(f"{field}: "), sentence)
        self.assertFalse(Item.objects.exists())

    def test_all_missing_fields_are_named_at_once(self) -> None:
        sentence = self.assert_refused(self.send("POST", ITEMS, {}), 400, "VALIDATION_ERROR")

        self.assertIn("name: ", sentence)
        self.assertIn("category: ", sentence)
