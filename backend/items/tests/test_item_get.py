"""One item."""

from __future__ import annotations

from datetime import UTC, datetime

from items.models import Item
from items.tests.base import ITEMS, NOBODY, ItemTestCase


class TestItemGet(ItemTestCase):
    def test_the_answer_is_exactly_the_contracts(self) -> None:
        item = self.an_item(description="18V cordless drill")
        times = {
            "created_at": datetime(2026, 1, 15, 10, 30, tzinfo=UTC),
            "updated_at": datetime(2026, 1, 23, 15, 10, 45, 7_999, tzinfo=UTC),
        }
        Item.objects.filter(pk=item.pk).update(**times)

        body = self.client.get(f"{ITEMS}/{item.pk}").json()

        expected = {
            "id": str(item.pk),
            "name": "Cordless Drill",
            "description": "18V cordless drill",
            "category": "Power Tools",
            "status": "Available",
            "imageUrl": None,
            "createdAt": "2026-01-15T10:30:00.000Z",
            "updatedAt": "2026-01-23T15:10:45.007Z",
        }
        self.assertEqual(body, {"data": expected, "error": None, "message": "Item retrieved successfully"})

    def test_an_empty_image_field_is_no_image(self) -> None:
        self.assertIsNone(self.get(self.an_item(image_file=""))["imageUrl"])

    def test_an_id_may_be_written_in_capitals(self) -> None:
        item = self.an_item()

        data = self.data_of(self.client.get(f"{ITEMS}/{str(item.pk).upper()}"))

        self.assertEqual(data["id"], str(item.pk))

    def test_an_unknown_item_is_not_found(self) -> None:
        response = self.client.get(f"{ITEMS}/{NOBODY}")

        sentence = self.assert_refused(response, 404, "ITEM_NOT_FOUND", "Item retrieval failed")
        self.assertEqual(sentence, f"Item with ID {NOBODY} not found")

    def test_looking_changes_nothing(self) -> None:
        item = self.an_item_with_image()
        before = self.state()

        self.get(item)
        self.client.get(ITEMS)
        self.client.head(f"{ITEMS}/{item.pk}")

        self.assertEqual(self.state(), before)

    def test_head_answers_without_a_body(self) -> None:
        response = self.client.head(f"{ITEMS}/{self.an_item().pk}")

        self.assertEqual((response.status_code, response.content), (200, b""))
