"""Rejected uploads: the existing state stays, and nothing new is left on disk."""

from __future__ import annotations

import errno
from typing import Any
from unittest.mock import patch

from django.db import OperationalError

from items.models import Item
from items.tests.base import ITEMS, MIB, NOBODY, ItemTestCase, a_file_of, a_form, a_picture, padded_to

FAILED = "Image upload failed"


class TestRefusedUpload(ItemTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.item = self.an_item_with_image()
        self.before = self.state()

    def refused(self, response: Any, status: int, code: str) -> str:
        sentence = self.assert_refused(response, status, code, FAILED)
        self.assertEqual(self.state(), self.before)
        return sentence

    def test_without_a_file_it_says_that_the_file_is_missing(self) -> None:
        url = f"{ITEMS}/{self.item.pk}/image"
        requests = {
            "nothing": self.client.post(url),
            "an empty form": self.client.post(url, {}, format="multipart"),
            "another field": self.client.post(url, {"picture": a_picture()}, format="multipart"),
            "text": self.client.post(url, {"image": "data:image/png;base64,AAAA"}, format="multipart"),
            "JSON": self.send("POST", url, {"image": "drill.jpg"}),
            "a file without a name": self.upload_form(self.item, a_form("", a_picture().read())),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.refused(response, 400, "MISSING_FILE")

    def test_names_that_do_not_end_like_a_picture_are_refused(self) -> None:
        for name in ("a.gif", "a.txt", "a", "a.jpg.exe", "a.svg", "jpg", "a.jpgx", "a.html"):
            with self.subTest(name):
                self.assertIn(".jpg", self.refused(self.upload(self.item, a_picture(name)), 400, "INVALID_FILE_TYPE"))

    def test_a_name_is_refused_before_anything_is_decoded(self) -> None:
        with patch("items.services.item_images.check_upload") as decode:
            self.refused(self.upload(self.item, a_picture("a.txt")), 400, "INVALID_FILE_TYPE")

        decode.assert_not_called()

    def test_content_that_is_no_picture_is_refused_whatever_its_name(self) -> None:
        others = {
            "a GIF": a_picture(kind="GIF").read(),
            "a BMP": a_picture(kind="BMP").read(),
            "a TIFF": a_picture(kind="TIFF").read(),
            "a text": b"This is no picture.",
            "nothing": b"",
            "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "a web page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
            "only a beginning": b"\xff\xd8\xff\xe0",
        }
        for what, content in others.items():
            for name in ("a.jpg", "a.png", "a.webp"):
                with self.subTest(what, name=name):
                    response = self.upload_form(self.item, a_form(name, content))
                    self.refused(response, 400, "INVALID_FILE_TYPE")

    def test_a_refused_format_is_named(self) -> None:
        response = self.upload(self.item, a_picture("a.png", kind="GIF"))

        self.assertIn("GIF", self.refused(response, 400, "INVALID_FILE_TYPE"))

    def test_a_picture_that_is_cut_off_is_refused(self) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            content = a_picture(kind=kind, size=(200, 200)).read()
            for kept in (len(content) // 2, len(content) - 10, len(content) - 2):
                with self.subTest(kind=kind, kept=kept):
                    self.refused(self.upload(self.item, a_file_of(content[:kept])), 400, "INVALID_FILE_TYPE")

    def test_a_picture_damaged_inside_is_refused(self) -> None:
        content = bytearray(a_picture(kind="PNG", size=(200, 200)).read())
        content[len(content) // 2] ^= 0xFF

        self.refused(self.upload(self.item, a_file_of(bytes(content), "a.png")), 400, "INVALID_FILE_TYPE")

    def test_a_picture_that_claims_to_be_huge_is_refused(self) -> None:
        content = bytearray(a_picture(kind="PNG").read())
        content[16:24] = (60_000).to_bytes(4, "big") * 2

        self.refused(self.upload(self.item, a_file_of(bytes(content), "bomb.png")), 400, "INVALID_FILE_TYPE")

    def test_one_byte_more_than_five_mebibytes_is_refused(self) -> None:
        sentence = self.refused(self.upload(self.item, padded_to(5 * MIB + 1)), 413, "FILE_TOO_LARGE")

        self.assertIn("5 MB", sentence)

    def test_a_file_that_is_too_large_is_refused_while_it_comes_in(self) -> None:
        with patch("items.services.item_images.validate_image") as look_at_the_whole_file:
            self.refused(self.upload(self.item, padded_to(6 * MIB)), 413, "FILE_TOO_LARGE")

        look_at_the_whole_file.assert_not_called()

    def test_too_large_a_file_is_too_large_whatever_it_is(self) -> None:
        self.refused(self.upload(self.item, a_file_of(bytes(5 * MIB + 1), "a.txt")), 413, "FILE_TOO_LARGE")

    def test_an_unknown_item_is_not_found(self) -> None:
        for item_id in (NOBODY, "1", "abc", "1" * 40, f"{NOBODY}0", "null"):
            with self.subTest(item_id):
                sentence = self.refused(self.upload(item_id, a_picture()), 404, "ITEM_NOT_FOUND")
                self.assertEqual(sentence, f"Item with ID {item_id} not found")

    def test_for_an_unknown_item_the_file_is_not_even_read(self) -> None:
        requests = {
            "no file": self.client.post(f"{ITEMS}/{NOBODY}/image"),
            "too much": self.upload(NOBODY, padded_to(5 * MIB + 1)),
            "no picture": self.upload(NOBODY, a_file_of(b"text", "a.txt")),
            "another type": self.client.generic("POST", f"{ITEMS}/{NOBODY}/image", "x", content_type="text/plain"),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.refused(response, 404, "ITEM_NOT_FOUND")

    def test_an_item_deleted_while_the_picture_came_in_is_not_found(self) -> None:
        def delete_meanwhile(file: Any) -> Any:
            self.delete(self.item)
            return file

        with patch("items.services.item_images.validate_image", side_effect=delete_meanwhile):
            response = self.upload(self.item, a_picture())

        self.assert_refused(response, 404, "ITEM_NOT_FOUND", FAILED)
        self.assertFalse(Item.objects.exists())
        self.assertEqual((self.live_files(), self.hidden("in")), ({}, []))

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        for call in ("link", "rename", "write_new", "make_folder", "size_of", "free_bytes"):
            for number, status, code in (
                (errno.EIO, 500, "STORAGE_ERROR"),
                (errno.EACCES, 500, "STORAGE_ERROR"),
                (errno.ENOSPC, 507, "DISK_FULL"),
                (errno.EDQUOT, 507, "DISK_FULL"),
            ):
                refusing = patch(f"media_store.disk.{call}", side_effect=OSError(number, "refused", "/secret"))
                with self.subTest(call=call, number=number):
                    with refusing, self.assertLogs("items", "ERROR"):
                        response = self.upload(self.item, a_picture(color="red"))
                    self.assertNotIn("secret", self.refused(response, status, code))

    def test_a_disk_that_is_full_while_the_picture_comes_in_says_so(self) -> None:
        full = patch("media_store.uploads.open_unnamed_temp", side_effect=OSError(errno.ENOSPC, "no space"))
        with full, self.assertLogs("items", "ERROR"):
            response = self.upload(self.item, a_picture())

        self.refused(response, 507, "DISK_FULL")

    def test_a_disk_that_is_nearly_full_takes_nothing_more(self) -> None:
        with patch("media_store.disk.free_bytes", return_value=MIB), self.assertLogs("items", "ERROR"):
            response = self.upload(self.item, a_picture())

        self.refused(response, 507, "DISK_FULL")

    def test_a_database_that_refuses_leaves_everything_as_it_was(self) -> None:
        locked = OperationalError("database is locked")
        failures = {
            "its first row": patch("media_store.operations.insert", side_effect=locked),
            "the item's row": patch("django.db.models.query.QuerySet.update", side_effect=locked),
            "the trash": patch("media_store.trash.add_entry", side_effect=locked),
        }
        for what, failing in failures.items():
            with self.subTest(what):
                with failing, self.assertLogs("items", "ERROR"):
                    response = self.upload(self.item, a_picture(color="red"))
                self.refused(response, 500, "DATABASE_ERROR")
