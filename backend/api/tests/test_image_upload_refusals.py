"""Refused uploads: the previous picture stays, and no new file is left."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import override_settings
from PIL import Image

from api.models import Segment
from api.tests.base import StoryTestCase, a_form, a_picture

MIB = 1024 * 1024
LOCKED = {"error": "Cannot modify a locked segment."}


def a_file_of(content: bytes, name: str = "landscape.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def a_bitmap(width: int, height: int) -> SimpleUploadedFile:
    """A PNG of one bit a pixel: large sizes in few bytes."""
    content = BytesIO()
    Image.new("1", (width, height)).save(content, "PNG", compress_level=1)
    return a_file_of(content.getvalue(), "large.png")


def a_chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def a_sound_shell_of_garbage() -> SimpleUploadedFile:
    """A PNG whose structure and checksums are right and whose pixels cannot be decoded: only a full load tells."""
    size = (64).to_bytes(4, "big") * 2
    chunks = a_chunk(b"IHDR", size + bytes([8, 2, 0, 0, 0])) + a_chunk(b"IDAT", b"garbage" * 20) + a_chunk(b"IEND", b"")
    return a_file_of(b"\x89PNG\r\n\x1a\n" + chunks, "shell.png")


def padded_to(size_bytes: int) -> SimpleUploadedFile:
    """A sound JPEG with bytes behind its end, which decoders pass over."""
    content = a_picture().read()
    return a_file_of(content + bytes(size_bytes - len(content)))


class TestRefusedUpload(StoryTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.segment = self.a_segment_with_picture()
        self.before = self.state()

    def assert_refused(self, response: Any, said: str = "") -> None:
        self.assertEqual(response.status_code, 400)
        self.assertEqual((set(response.json()), response.json()["error"]), ({"error", "details"}, "Invalid image file"))
        self.assertIsInstance(response.json()["details"], str)
        self.assertIn(said.lower(), response.json()["details"].lower())
        self.assertEqual(self.state(), self.before)

    def refused(self, file: Any, said: str = "") -> None:
        self.assert_refused(self.upload(self.segment, file), said)

    def test_what_is_no_picture_is_refused(self) -> None:
        others = {
            "a text": b"This is no picture.",
            "nothing": b"",
            "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "a web page": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
            "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
            "only a beginning": b"\xff\xd8\xff\xe0",
            "only a PNG signature": b"\x89PNG\r\n\x1a\n",
            "only a WebP head": b"RIFF\x10\0\0\0WEBPVP8 ",
        }
        for what, content in others.items():
            with self.subTest(what):
                self.assert_refused(self.upload_form(self.segment, a_form("a.jpg", content)))

    def test_other_picture_formats_are_refused_whatever_their_name(self) -> None:
        for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM"):
            for name in ("a.png", "a.jpg", "a.webp"):
                with self.subTest(kind=kind, name=name):
                    self.refused(a_picture(name, kind=kind))

    def test_a_refused_format_is_named(self) -> None:
        self.refused(a_picture("a.png", kind="GIF"), said="GIF")

    def test_names_that_do_not_end_like_a_picture_are_refused(self) -> None:
        for name in ("a.gif", "a.txt", "a", "a.jpg.exe", "a.svg", "jpg", "a.jpg.", "a.jpgx", "a.html"):
            with self.subTest(name):
                self.refused(a_picture(name), said=".jpg")

    def test_a_picture_that_is_cut_off_is_refused(self) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            content = a_picture(kind=kind, size=(200, 200)).read()
            for kept in (len(content) // 2, len(content) - 10, len(content) - 2):
                with self.subTest(kind=kind, kept=kept):
                    self.refused(a_file_of(content[:kept]))

    def test_a_picture_damaged_inside_is_refused(self) -> None:
        content = bytearray(a_picture(kind="PNG", size=(200, 200)).read())
        content[len(content) // 2] ^= 0xFF

        self.refused(a_file_of(bytes(content), "a.png"))

    def test_a_picture_whose_pixels_are_garbage_is_refused(self) -> None:
        self.refused(a_sound_shell_of_garbage())

    def test_a_file_that_is_too_large_is_refused_while_it_comes_in(self) -> None:
        with patch("api.views.validate_image_upload") as look_at_the_whole_file:
            self.refused(padded_to(20 * MIB + 1))

        look_at_the_whole_file.assert_not_called()

    def test_one_byte_more_than_twenty_mebibytes_is_refused(self) -> None:
        self.refused(padded_to(20 * MIB + 1), said="20")

    @override_settings(KEEP_METADATA=True)
    def test_twenty_mebibytes_are_accepted(self) -> None:
        self.assertEqual(self.upload(self.segment, padded_to(20 * MIB)).status_code, 200)
        self.assertEqual([len(content) for content in self.live_bytes().values()], [20 * MIB])

    def test_more_than_fifty_megapixels_are_refused(self) -> None:
        self.refused(a_bitmap(7_143, 7_000), said="megapixel")

    def test_fifty_megapixels_are_accepted(self) -> None:
        self.assertEqual(self.upload(self.segment, a_bitmap(8_000, 6_250)).status_code, 200)

    def test_a_side_longer_than_16384_pixels_is_refused(self) -> None:
        for size in ((16_385, 1), (1, 16_385)):
            with self.subTest(size=size):
                self.refused(a_bitmap(*size), said="16,384")

    def test_a_side_of_16384_pixels_is_accepted(self) -> None:
        self.assertEqual(self.upload(self.segment, a_bitmap(16_384, 2)).status_code, 200)

    def test_a_picture_that_claims_to_be_huge_is_refused(self) -> None:
        content = bytearray(a_picture(kind="PNG").read())
        content[16:24] = (60_000).to_bytes(4, "big") * 2

        self.refused(a_file_of(bytes(content), "bomb.png"))

    def test_without_a_file_it_is_refused(self) -> None:
        url = f"/api/segments/{self.segment.pk}/upload-image/"
        requests = {
            "nothing": self.client.post(url),
            "another field": self.client.post(url, {"picture": a_picture()}, format="multipart"),
            "text": self.client.post(url, {"image": "data:image/png;base64,AAAA"}, format="multipart"),
            "JSON": self.send("POST", url, {"image": "landscape.jpg"}),
            "an empty form": self.client.post(url, {}, format="multipart"),
            "a file without a name": self.upload_form(self.segment, a_form("", a_picture().read())),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.assertEqual(response.status_code, 400)
                self.assertIsInstance(response.json()["error"], str)
        self.assertEqual(self.state(), self.before)

    def test_the_lock_is_checked_before_anything_else(self) -> None:
        Segment.objects.filter(pk=self.segment.pk).update(is_locked=True)
        before, url = self.state(), f"/api/segments/{self.segment.pk}/upload-image/"
        requests = {
            "a picture": self.upload(self.segment, a_picture("forest.jpg")),
            "no file": self.client.post(url),
            "no picture": self.upload(self.segment, a_file_of(b"text", "a.txt")),
            "too much": self.upload(self.segment, padded_to(20 * MIB + 1)),
            "bad JSON": self.client.generic("POST", url, "{", content_type="application/json"),
            "a bad form": self.client.generic("POST", url, "x", content_type="multipart/form-data; boundary=b"),
            "another type": self.client.generic("POST", url, "x", content_type="text/plain"),
        }
        for what, response in requests.items():
            with self.subTest(what):
                self.assertEqual((response.status_code, response.json()), (400, LOCKED))
        self.assertEqual(self.state(), before)

    def test_a_segment_locked_while_the_picture_came_in_keeps_its_own(self) -> None:
        with patch("api.views.validate_image_upload", side_effect=self._lock_meanwhile):
            response = self.upload(self.segment, a_picture("forest.jpg"))

        self.assertEqual((response.status_code, response.json()), (400, LOCKED))
        self.assertEqual((self.live_bytes(), self.leftovers()), (self.before["files"], []))

    def _lock_meanwhile(self, file: Any) -> Any:
        Segment.objects.filter(pk=self.segment.pk).update(is_locked=True)
        return file

    def test_a_disk_that_refuses_leaves_everything_as_it_was(self) -> None:
        for call in ("link", "rename", "write_new", "make_folder"):
            for error in (PermissionError(13, "denied"), OSError(28, "no space"), OSError(5, "I/O error")):
                with self.subTest(call=call, error=error), patch(f"media_store.disk.{call}", side_effect=error):
                    with self.assertLogs(level="ERROR"):
                        response = self.upload(self.segment, a_picture("forest.jpg"))
                    self.assertIn(response.status_code, (500, 507))
                    self.assertIsInstance(response.json()["error"], str)
                self.assertEqual(self.state(), self.before)

    def test_a_database_that_refuses_leaves_everything_as_it_was(self) -> None:
        failing = patch("api.services.segment_images.change_segment", side_effect=OperationalError("disk is full"))
        with failing, self.assertLogs(level="ERROR"):
            response = self.upload(self.segment, a_picture("forest.jpg"))

        self.assertEqual(response.status_code, 503)
        self.assertEqual(self.state(), self.before)
