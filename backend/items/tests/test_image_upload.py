"""Uploading the image of an item."""

from __future__ import annotations

import time

from django.test import override_settings

from items.models import Item
from items.tests.base import ITEM_FIELDS, MIB, ItemTestCase, a_form, a_picture, padded_to
from media_store.models import AuditEntry

A_NAME = r"\Auploads/items/item-(\d{13})-[0-9a-z]{6,}\.jpg\Z"


class TestImageUpload(ItemTestCase):
    def test_the_answer_is_the_whole_item_with_its_image(self) -> None:
        item = self.an_item()

        response = self.upload(item, a_picture())

        data = self.data_of(response, 201)
        self.assertEqual(response.json()["message"], "Image uploaded successfully")
        self.assertEqual((set(data), data["id"]), (ITEM_FIELDS, str(item.pk)))
        self.assertEqual(data, self.get(item))

    def test_the_file_lies_where_the_url_and_the_row_say(self) -> None:
        item, picture = self.an_item(), a_picture()
        content = picture.read()
        picture.seek(0)

        url = self.data_of(self.upload(item, picture), 201)["imageUrl"]

        item.refresh_from_db()
        self.assertEqual(url, f"/uploads/{item.image_file}")
        self.assertEqual(self.live_files(), {url.removeprefix("/"): content})
        self.assertEqual((self.hidden("in"), self.hidden("trash")), ([], []))

    def test_its_name_is_the_time_in_milliseconds_and_chance(self) -> None:
        earliest = time.time_ns() // 1_000_000
        self.upload(self.an_item(), a_picture())
        latest = time.time_ns() // 1_000_000

        (place,) = self.live_files()
        self.assertRegex(place, A_NAME)
        self.assertTrue(earliest <= int(place.split("-")[1]) <= latest, place)

    def test_the_same_file_twice_gets_two_names(self) -> None:
        for _ in range(2):
            self.upload(self.an_item(), a_picture())

        self.assertEqual(len(self.live_files()), 2)

    def test_only_the_ending_is_the_clients_and_in_small_letters(self) -> None:
        kinds = {"a.JPG": "JPEG", "b.jpeg": "JPEG", "c.Png": "PNG", "d.webp": "WEBP"}
        for name, kind in kinds.items():
            with self.subTest(name):
                url = self.data_of(self.upload(self.an_item(), a_picture(name, kind=kind)), 201)["imageUrl"]
                self.assertRegex(url, rf"\A/uploads/items/item-\d+-\w+\{name[1:].lower()}\Z")

    def test_names_that_would_lead_elsewhere_lead_nowhere(self) -> None:
        item, content = self.an_item(), a_picture().read()
        for name in (
            "../../../etc/x.jpg",
            "..\\x.jpg",
            "/x.jpg",
            ".jpg",
            "é\u202e.jpg",
            "%2e%2e%2fx.jpg",
            "a" * 900 + ".jpg",
        ):
            with self.subTest(name[:30]):
                self.data_of(self.upload_form(item, a_form(name, content)), 201)
                (place,) = self.live_files()
                self.assertRegex(place, A_NAME)
        self.assertEqual([path.name for path in (self.root / "uploads").iterdir()], ["items"])

    def test_a_png_named_jpg_is_fine(self) -> None:
        self.data_of(self.upload(self.an_item(), a_picture("drill.jpg", kind="PNG")), 201)

    @override_settings(KEEP_METADATA=True)
    def test_five_mebibytes_are_accepted(self) -> None:
        self.data_of(self.upload(self.an_item(), padded_to(5 * MIB)), 201)

        self.assertEqual([len(content) for content in self.live_files().values()], [5 * MIB])

    def test_what_a_camera_wrote_beside_the_picture_is_not_kept(self) -> None:
        photo = a_picture(exif=b"Exif\0\0II*\0\x08\0\0\0\0\0SECRETCAMERA")
        self.assertIn(b"SECRETCAMERA", photo.read())
        photo.seek(0)

        self.upload(self.an_item(), photo)

        (content,) = self.live_files().values()
        self.assertNotIn(b"SECRETCAMERA", content)

    def test_only_the_image_and_the_time_of_change_differ(self) -> None:
        item = self.an_item(description="18V", status="Lent")
        before = Item.objects.values().get()

        self.upload(item, a_picture())

        after = Item.objects.values().get()
        self.assertEqual({name for name in after if after[name] != before[name]}, {"image_file", "updated_at"})
        self.assertGreater(after["updated_at"], before["updated_at"])

    def test_a_replaced_image_goes_into_the_trash_and_one_file_stays(self) -> None:
        item = self.an_item_with_image()
        old = self.path_of(item).read_bytes()
        newer = a_picture("drill.png", kind="PNG", color="red")

        url = self.data_of(self.upload(item, newer), 201)["imageUrl"]

        newer.seek(0)
        self.assertEqual(self.live_files(), {url.removeprefix("/"): newer.read()})
        ((entry,), (kept,)) = self.trash(), self.hidden("trash")
        self.assertEqual((entry["what"], entry["item"], entry["why"]), ("item-image", str(item.pk), "replaced"))
        self.assertEqual((self.root / "media" / ".sf" / "trash" / kept).read_bytes(), old)

    def test_a_new_image_heals_a_row_whose_file_is_missing(self) -> None:
        item = self.an_item_without_its_file()

        with self.assertLogs("media_store", "WARNING"):
            url = self.data_of(self.upload(item, a_picture()), 201)["imageUrl"]

        self.assertEqual(list(self.live_files()), [url.removeprefix("/")])
        self.assertEqual(self.trash(), [])

    def test_the_images_of_others_stay(self) -> None:
        other = self.an_item_with_image()
        content = self.path_of(other).read_bytes()

        self.an_item_with_image()

        self.assertEqual(self.live_files()[f"uploads/{other.image_file}"], content)

    def test_the_audit_notes_who_brought_which_file(self) -> None:
        item = self.an_item_with_image()

        note = AuditEntry.objects.values("act", "by", "kind", "record", "place", "file_name", "size_bytes").get()

        self.assertEqual(
            note,
            {
                "act": "upload",
                "by": "127.0.0.1",
                "kind": "item-image",
                "record": str(item.pk),
                "place": f"uploads/{item.image_file}",
                "file_name": "drill.jpg",
                "size_bytes": self.path_of(item).stat().st_size,
            },
        )
