"""Thumbnails of a segment's picture."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from api.models import Segment
from api.tests.base import StoryTestCase, a_picture
from media_store.thumbnails import make_thumbnail


def a_sideways_photo() -> SimpleUploadedFile:
    """Stored 400 by 200 with a red left half; seen upright it is 200 by 400 with a red upper half."""
    image = Image.new("RGB", (400, 200), "blue")
    image.paste("red", (0, 0, 200, 200))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    content = BytesIO()
    image.save(content, "JPEG", exif=exif.tobytes())
    return SimpleUploadedFile("sideways.jpg", content.getvalue())


class TestThumbnail(StoryTestCase):
    def a_segment_showing(self, picture: SimpleUploadedFile) -> Segment:
        segment = self.a_segment()
        self.assertEqual(self.upload(segment, picture).status_code, 200)
        return segment

    def ask(self, segment: Segment, query: str = "", **headers: str) -> Any:
        address = f"/api/segments/{segment.pk}/thumbnail/{query}"
        response = self.client.get(address, headers={name.replace("_", "-"): v for name, v in headers.items()})
        self.addCleanup(response.close)
        return response

    def image_of(self, response: Any) -> Image.Image:
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, "image/webp"))
        image = Image.open(BytesIO(response.getvalue()))
        self.assertEqual(image.format, "WEBP")
        return image

    def test_it_is_saved_under_its_own_kind(self) -> None:
        segment = self.a_segment_showing(a_picture())
        self.assertEqual(self.ask(segment)["Content-Disposition"], f'inline; filename="segment-{segment.pk}.webp"')

    def test_it_has_the_width_that_was_asked_for(self) -> None:
        segment = self.a_segment_showing(a_picture(size=(2400, 1200)))
        for width in (160, 320, 1920):
            with self.subTest(width):
                self.assertEqual(self.image_of(self.ask(segment, f"?w={width}")).size, (width, width // 2))

    def test_without_a_width_it_has_one(self) -> None:
        segment = self.a_segment_showing(a_picture(size=(2400, 1200)))

        self.assertTrue(160 <= self.image_of(self.ask(segment)).width <= 1920)

    def test_a_small_picture_is_not_made_larger(self) -> None:
        segment = self.a_segment_showing(a_picture(size=(64, 48)))

        self.assertEqual(self.image_of(self.ask(segment, "?w=640")).size, (64, 48))

    def test_a_photo_taken_sideways_stands_upright(self) -> None:
        segment = self.a_segment_showing(a_sideways_photo())

        image = self.image_of(self.ask(segment, "?w=160")).convert("RGB")

        self.assertEqual(image.size, (160, 320))
        (above, below) = image.getpixel((80, 40)), image.getpixel((80, 280))
        self.assertGreater(above[0], above[2])
        self.assertGreater(below[2], below[0])

    def test_other_widths_are_refused(self) -> None:
        segment = self.a_segment_with_picture()
        for width in (
            "159",
            "1921",
            "0",
            "-320",
            "abc",
            "",
            "320.0",
            "3e2",
            "\uff13\uff12\uff10",
            "%00",
            "9" * 40,
            "0x140",
        ):
            with self.subTest(width):
                response = self.ask(segment, f"?w={width}")
                self.assertEqual(response.status_code, 400)
                self.assertIn("error", response.json())

    def test_without_a_picture_there_is_none(self) -> None:
        response = self.ask(self.a_segment())

        self.assertEqual(response.status_code, 404)
        self.assertIn("error", response.json())

    def test_without_its_file_there_is_none(self) -> None:
        segment = self.a_segment_with_picture()
        self.ask(segment)
        os.remove(self.media / segment.image_file.name)

        self.assertEqual(self.ask(segment).status_code, 404)

    def test_after_the_picture_was_removed_there_is_none(self) -> None:
        segment = self.a_segment_with_picture()
        self.ask(segment)
        self.remove(segment)

        self.assertEqual(self.ask(segment).status_code, 404)

    def test_of_an_unknown_segment_there_is_none(self) -> None:
        self.assertEqual(self.client.get("/api/segments/999999/thumbnail/").status_code, 404)

    def test_a_damaged_file_is_no_failure_of_ours(self) -> None:
        segment = self.a_segment_with_picture()
        (self.media / segment.image_file.name).write_bytes(b"damaged")

        response = self.ask(segment)

        self.assertTrue(400 <= response.status_code < 500)
        self.assertIn("error", response.json())

    def test_it_is_made_once(self) -> None:
        segment = self.a_segment_with_picture()

        with patch("media_store.thumbnails.make_thumbnail", wraps=make_thumbnail) as making:
            first, second = (self.ask(segment, "?w=320").getvalue() for _ in range(2))

        self.assertEqual((making.call_count, first), (1, second))

    def test_another_width_is_another_thumbnail(self) -> None:
        segment = self.a_segment_showing(a_picture(size=(640, 480)))

        small, large = self.ask(segment, "?w=160"), self.ask(segment, "?w=320")

        self.assertNotEqual(small.headers["ETag"], large.headers["ETag"])
        self.assertEqual((self.image_of(small).width, self.image_of(large).width), (160, 320))

    def test_another_picture_is_another_thumbnail(self) -> None:
        segment = self.a_segment_showing(a_picture(color="red"))
        red = self.ask(segment)
        self.upload(segment, a_picture(color="blue"))

        blue = self.ask(segment, If_None_Match=red.headers["ETag"])

        self.assertNotEqual(blue.headers["ETag"], red.headers["ETag"])
        pixel = self.image_of(blue).convert("RGB").getpixel((30, 20))
        self.assertGreater(pixel[2], pixel[0])

    def test_one_that_the_browser_has_is_not_sent_again(self) -> None:
        segment = self.a_segment_with_picture()
        first = self.ask(segment)

        again = self.ask(segment, If_None_Match=first.headers["ETag"])

        self.assertEqual((again.status_code, again.getvalue()), (304, b""))
        self.assertEqual(again.headers["ETag"], first.headers["ETag"])
        self.assertEqual(again.headers["Cache-Control"], first.headers["Cache-Control"])

    def test_one_that_the_browser_has_is_not_opened(self) -> None:
        segment = self.a_segment_with_picture()
        etag = self.ask(segment).headers["ETag"]

        with patch("api.views.FileResponse", side_effect=AssertionError("opened, and nobody would close it")):
            self.assertEqual(self.ask(segment, If_None_Match=etag).status_code, 304)

    def test_only_an_address_with_a_version_may_be_kept_for_ever(self) -> None:
        segment = self.a_segment_with_picture()

        versioned, plain = self.ask(segment, "?w=320&v=1"), self.ask(segment, "?w=320")

        self.assertIn("immutable", versioned.headers["Cache-Control"])
        self.assertRegex(versioned.headers["Cache-Control"], r"max-age=\d{6,}")
        self.assertNotIn("immutable", plain.headers["Cache-Control"])
        self.assertIn("no-cache", plain.headers["Cache-Control"])

    def test_a_locked_segment_shows_its_thumbnail(self) -> None:
        self.assertEqual(self.ask(self.a_segment_with_picture(is_locked=True)).status_code, 200)

    def test_it_is_no_file_of_the_persons(self) -> None:
        segment = self.a_segment_with_picture()
        before = self.state()

        self.ask(segment)

        self.assertEqual(self.state(), before)

    def test_it_is_never_served_from_the_hidden_folder(self) -> None:
        segment = self.a_segment_with_picture()
        self.ask(segment)
        (made,) = os.listdir(self.media / ".sf" / "cache")

        for address in (f"/media/.sf/cache/{made}", f"/media/.sf/cache/{made.replace('%', '%25')}"):
            self.assertEqual(self.client.get(address).status_code, 404)
