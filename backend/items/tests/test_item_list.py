"""All items."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from items.models import Item
from items.tests.base import ITEM_FIELDS, ITEMS, ItemTestCase


class TestItemList(ItemTestCase):
    def test_without_items_the_list_is_empty(self) -> None:
        body = self.client.get(ITEMS).json()

        self.assertEqual(body, {"data": [], "error": None, "message": "Items retrieved successfully"})

    def test_the_newest_item_comes_first(self) -> None:
        for age, name in enumerate(("newest", "middle", "oldest")):
            item = self.an_item(name=name)
            Item.objects.filter(pk=item.pk).update(created_at=timezone.now() - timedelta(days=age))

        names = [item["name"] for item in self.data_of(self.client.get(ITEMS))]

        self.assertEqual(names, ["newest", "middle", "oldest"])

    def test_each_item_is_shown_as_it_is_shown_alone(self) -> None:
        items = [self.an_item_with_image(description="18V"), self.an_item(status="Lent")]

        listed = {item["id"]: item for item in self.data_of(self.client.get(ITEMS))}

        self.assertEqual(listed, {str(item.pk): self.get(item) for item in items})
        self.assertEqual([set(item) for item in listed.values()], [ITEM_FIELDS] * 2)

    def test_a_long_list_costs_one_query(self) -> None:
        Item.objects.bulk_create(Item(name=f"Item {number}", category="Tools") for number in range(50))

        with self.assertNumQueries(1):
            response = self.client.get(ITEMS)

        self.assertEqual(len(self.data_of(response)), 50)
