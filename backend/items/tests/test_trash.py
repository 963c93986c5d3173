"""Both APIs share one trash: it lists and restores what the items API removed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

from items.models import Item
from items.tests.base import ItemTestCase, a_picture


class TestTrashedImage(ItemTestCase):
    def a_deleted_image(self) -> tuple[Item, dict[str, bytes], dict[str, Any]]:
        """An item, its picture as it lay there, and the picture's entry in the trash."""
        item = self.an_item_with_image()
        files = self.live_files()
        self.delete_image(item)
        return item, files, self.trash()[0]

    def test_a_deleted_image_is_listed_with_what_else_was_removed(self) -> None:
        item, files, entry = self.a_deleted_image()

        (content,) = files.values()
        self.assertEqual((entry["what"], entry["why"]), ("item-image", "removed"))
        self.assertEqual((entry["item"], entry["project"], entry["segment"]), (str(item.pk), None, None))
        self.assertEqual((entry["title"], entry["size_bytes"]), ("Picture of Cordless Drill", len(content)))

    def test_it_can_be_brought_back_for_thirty_days(self) -> None:
        _, _, entry = self.a_deleted_image()

        kept = datetime.fromisoformat(entry["expires_at"]) - datetime.fromisoformat(entry["deleted_at"])

        self.assertEqual(kept, timedelta(days=30))

    def test_it_belongs_to_no_project(self) -> None:
        self.a_deleted_image()

        self.assertEqual(self.client.get("/api/trash/?project=1").json(), [])

    def test_it_comes_back_to_its_place_byte_for_byte(self) -> None:
        item, files, entry = self.a_deleted_image()

        response = self.restore(entry)

        answer = response.json()
        self.assertEqual((response.status_code, answer["what"], answer["item"]), (200, "item-image", str(item.pk)))
        self.assertEqual(self.live_files(), files)
        self.assertEqual(self.get(item)["imageUrl"], f"/uploads/{item.image_file}")
        self.assertEqual((self.trash(), self.hidden("trash"), self.hidden("in")), ([], [], []))

    def test_coming_back_moves_the_time_of_change_on(self) -> None:
        _, _, entry = self.a_deleted_image()
        deleted_at = Item.objects.get().updated_at

        self.restore(entry)

        self.assertGreater(Item.objects.get().updated_at, deleted_at)

    def test_over_another_image_the_two_change_places(self) -> None:
        item, files, entry = self.a_deleted_image()
        self.upload(item, a_picture("other.png", kind="PNG"))
        newer = self.live_files()

        self.assertEqual(self.restore(entry).status_code, 200)
        self.assertEqual((self.live_files(), len(self.trash())), (files, 1))

        self.assertEqual(self.restore(self.trash()[0]).status_code, 200)
        self.assertEqual((self.live_files(), len(self.trash())), (newer, 1))
        self.assertEqual(self.get(item)["imageUrl"], "/" + next(iter(newer)))

    def test_a_replaced_image_can_be_swapped_back(self) -> None:
        item = self.an_item_with_image()
        files = self.live_files()
        self.upload(item, a_picture(color="red"))

        self.restore(self.trash()[0])

        self.assertEqual(self.live_files(), files)

    def test_while_its_item_is_gone_there_is_nowhere_to_go(self) -> None:
        item, files, entry = self.a_deleted_image()
        self.delete(item)
        before = self.state()

        response = self.restore(entry)

        self.assertEqual((response.status_code, self.state()), (409, before))
        self.assertIn("item", response.json()["error"])
        self.restore(self.trash()[0])
        self.assertEqual((self.restore(entry).status_code, self.live_files()), (200, files))

    def test_restoring_twice_restores_once(self) -> None:
        _, files, entry = self.a_deleted_image()

        self.assertEqual([self.restore(entry).status_code for _ in range(2)], [200, 404])
        self.assertEqual(self.live_files(), files)

    def test_it_does_not_go_to_its_item_when_a_segment_was_asked_for(self) -> None:
        _, _, entry = self.a_deleted_image()
        before = self.state()

        response = self.restore(entry, {"segment": 1})

        self.assertEqual((response.status_code, self.state()), (409, before))

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        item, _, entry = self.a_deleted_image()
        self.upload(item, a_picture(color="red"))
        before = self.state()
        for call in ("link", "rename", "make_folder"):
            with self.subTest(call), patch(f"media_store.disk.{call}", side_effect=PermissionError(13, "denied")):
                with self.assertLogs(level="ERROR"):
                    self.assertEqual(self.restore(entry).status_code, 500)
                self.assertEqual(self.state(), before)

    def test_deleted_for_good_it_leaves_the_disk(self) -> None:
        item, _, entry = self.a_deleted_image()

        self.assertEqual(self.client.delete(f"/api/trash/{entry['id']}/").status_code, 204)

        self.assertEqual((self.hidden("trash"), self.live_files(), self.trash()), ([], {}, []))
        self.assertEqual(self.restore(entry).status_code, 404)
        self.assertIsNone(self.get(item)["imageUrl"])


class TestTrashedItem(ItemTestCase):
    def test_an_item_comes_back_whole_with_id_times_and_picture(self) -> None:
        item = self.an_item_with_image(description="18V", status="Lent")
        row, files, shown = Item.objects.values().get(), self.live_files(), self.get(item)
        self.delete(item)

        response = self.restore(self.trash()[0])

        self.assertEqual((response.status_code, response.json()["item"]), (200, str(item.pk)))
        self.assertEqual((Item.objects.values().get(), self.live_files()), (row, files))
        self.assertEqual(self.get(item), shown)
        self.assertEqual((self.trash(), self.hidden("trash"), self.hidden("in")), ([], [], []))

    def test_an_item_without_a_picture_comes_back_too(self) -> None:
        item = self.an_item()
        row = Item.objects.values().get()
        self.delete(item)

        self.assertEqual(self.restore(self.trash()[0]).status_code, 200)
        self.assertEqual(Item.objects.values().get(), row)

    def test_an_item_whose_file_was_missing_comes_back_without_one(self) -> None:
        item = self.an_item_without_its_file()
        with self.assertLogs("media_store", "WARNING"):
            self.delete(item)

        self.restore(self.trash()[0])

        self.assertIsNone(self.get(item)["imageUrl"])

    def test_what_lies_in_its_pictures_place_meanwhile_is_not_overwritten(self) -> None:
        item = self.an_item_with_image()
        path, content = self.path_of(item), self.path_of(item).read_bytes()
        self.delete(item)
        path.write_bytes(b"somebody else's")

        self.restore(self.trash()[0])

        item.refresh_from_db()
        self.assertEqual((path.read_bytes(), self.path_of(item).read_bytes()), (b"somebody else's", content))

    def test_restoring_twice_restores_once(self) -> None:
        self.delete(self.an_item())
        entry = self.trash()[0]

        self.assertEqual([self.restore(entry).status_code for _ in range(2)], [200, 404])
        self.assertEqual(Item.objects.count(), 1)

    def test_a_disk_that_refuses_leaves_it_in_the_trash(self) -> None:
        self.delete(self.an_item_with_image())
        before = self.state()

        with patch("media_store.disk.link", side_effect=OSError(5, "I/O error")), self.assertLogs(level="ERROR"):
            response = self.restore(self.trash()[0])

        self.assertEqual((response.status_code, self.state()), (500, before))
