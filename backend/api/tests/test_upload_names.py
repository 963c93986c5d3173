from __future__ import annotations

from typing import Any

from api.tests.base import BOUNDARY, StoryTestCase, a_form, a_picture

JPEG, PNG, WEBP = (a_picture(kind=kind).read() for kind in ("JPEG", "PNG", "WEBP"))


class TestUploadNames(StoryTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.segment = self.a_segment()
        self.item = self.client.post("/api/v1/items", {"name": "A", "category": "B"}, format="json").json()["data"][
            "id"
        ]

    def sent(self, name: str, content: bytes) -> tuple[Any, Any]:
        """The answers of the story API and of the item API."""
        item = f"/api/v1/items/{self.item}/image"
        story = self.upload_form(self.segment, a_form(name, content))
        form = f"multipart/form-data; boundary={BOUNDARY}"
        return story, self.client.generic("POST", item, a_form(name, content), content_type=form)

    def test_other_endings_of_a_jpeg_are_taken_as_jpg(self) -> None:
        for ending in ("jfif", "JFIF", "jpe", "Jif", "pjpeg", "pjp"):
            for content in (JPEG, PNG):
                story, item = self.sent(f"photo.{ending}", content)
                self.assertEqual((story.status_code, item.status_code), (200, 201), ending)
                self.assertTrue(story.data["image_file"].endswith("_photo.jpg"))
                self.assertTrue(item.json()["data"]["imageUrl"].endswith(".jpg"))

    def test_spaces_behind_a_name_do_not_count(self) -> None:
        for name in ("photo.jpg ", "photo.png   ", "photo.jfif ", "photo.webp\u00a0"):
            story, item = self.sent(name, JPEG)
            self.assertEqual((story.status_code, item.status_code), (200, 201), repr(name))

    def test_what_browsers_call_a_nameless_picture_gets_the_ending_of_its_content(self) -> None:
        for name in ("blob", "image", "Blob"):
            for content, ending in ((JPEG, ".jpg"), (PNG, ".png"), (WEBP, ".webp")):
                story, item = self.sent(name, content)
                self.assertEqual((story.status_code, item.status_code), (200, 201), name)
                self.assertTrue(story.data["image_file"].endswith(ending))
                self.assertTrue(item.json()["data"]["imageUrl"].endswith(ending))

    def test_names_that_say_something_else_stay_refused(self) -> None:
        for name in ("a.gif", "a.txt", "a.jpg.exe", "blob.gif", "image.svg", "photo", "a.jfif.html", "jfif"):
            story, item = self.sent(name, JPEG)
            self.assertEqual((story.status_code, item.status_code), (400, 400), name)
            self.assertIn(".jpg", story.data["details"])

    def test_a_nameless_file_that_is_no_picture_stays_refused(self) -> None:
        for name in ("blob", "image", "a.jfif"):
            for content in (b"GIF89a....", b"text", b""):
                story, item = self.sent(name, content)
                self.assertEqual((story.status_code, item.status_code), (400, 400), (name, content))

    def test_an_empty_file_is_said_to_be_empty(self) -> None:
        story, _ = self.sent("a.jpg", b"")
        self.assertEqual(
            story.data["details"],
            "This file is empty; JPEG, PNG and WebP pictures can be used.",
        )

    def test_a_name_in_latin_1_is_read(self) -> None:
        form = f"multipart/form-data; boundary={BOUNDARY}"
        names = {b"caf\xe9.jpg": "_cafe.jpg", b"\x93x\x94 \xd6l.png": "_x_Ol.png", "né.jpg".encode(): "_ne.jpg"}
        for name, stored in names.items():
            body = a_form("NAME", JPEG).replace(b"NAME", name)
            story = self.upload_form(self.segment, body)
            self.assertEqual(story.status_code, 200, name)
            self.assertTrue(story.data["image_file"].endswith(stored), story.data["image_file"])
            item = self.client.generic("POST", f"/api/v1/items/{self.item}/image", body, content_type=form)
            self.assertEqual(item.status_code, 201, name)
            served = self.client.get(story.data["image_file"])
            self.assertEqual(b"".join(served.streaming_content) if served.streaming else served.content, JPEG)

    def test_an_invalid_name_in_latin_1_is_refused_by_its_ending(self) -> None:
        answer = self.upload_form(self.segment, a_form("NAME", JPEG).replace(b"NAME", b"caf\xe9.gif"))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("must end in", answer.data["details"])
