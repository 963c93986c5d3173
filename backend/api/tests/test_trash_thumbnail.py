"""Small copies of what waits in the trash."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from api.tests.base import TrashTestCase, a_picture


class TestTrashThumbnail(TrashTestCase):
    def ask(self, entry: dict[str, Any], query: str = "", **headers: str) -> Any:
        response = self.client.get(f"/api/trash/{entry['id']}/thumbnail/{query}", headers=headers)
        self.addCleanup(response.close)
        return response

    def test_a_replaced_picture_is_shown_as_it_was(self) -> None:
        segment = self.a_segment()
        self.upload(segment, a_picture(color="red", size=(640, 320)))
        self.upload(segment, a_picture(color="blue", size=(640, 320)))

        response = self.ask(self.trash()[0], "?w=160")

        self.assertEqual((response.status_code, response["Content-Type"]), (200, "image/webp"))
        image = Image.open(BytesIO(response.getvalue()))
        self.assertEqual(image.size, (160, 80))
        red, _, blue = image.convert("RGB").getpixel((80, 40))  # type: ignore[misc]
        self.assertGreater(red, blue)

    def test_a_segment_is_shown_by_its_picture(self) -> None:
        segment = self.a_segment_with_picture()
        self.client.delete(f"/api/segments/{segment.pk}/")

        self.assertEqual(self.ask(self.trash()[0]).status_code, 200)

    def test_a_client_that_has_it_is_told_so(self) -> None:
        _, _, entry = self.a_removed_picture()
        etag = self.ask(entry)["ETag"]

        again = self.ask(entry, **{"If-None-Match": etag})

        self.assertEqual((again.status_code, again["ETag"]), (304, etag))

    def test_with_a_version_it_may_be_kept_for_ever(self) -> None:
        _, _, entry = self.a_removed_picture()

        self.assertIn("immutable", self.ask(entry, "?v=1")["Cache-Control"])
        self.assertNotIn("immutable", self.ask(entry)["Cache-Control"])

    def test_what_has_no_picture_and_what_is_not_there_are_404(self) -> None:
        segment = self.a_segment()
        self.client.delete(f"/api/segments/{segment.pk}/")
        restored = self.a_removed_picture()[2]
        self.restore(restored)

        for entry in (self.trash()[-1], restored, {"id": 999}, {"id": "x"}):
            with self.subTest(entry["id"]):
                self.assertEqual(self.ask(entry).status_code, 404)

    def test_a_width_that_is_not_offered_is_refused(self) -> None:
        _, _, entry = self.a_removed_picture()

        for width in ("0", "159", "1921", "x", ""):
            with self.subTest(width):
                self.assertEqual(self.ask(entry, f"?w={width}").status_code, 400)

    def test_a_damaged_file_is_no_crash(self) -> None:
        _, _, entry = self.a_removed_picture()
        for path in (self.media / ".sf" / "trash").iterdir():
            path.write_bytes(b"not a picture")

        self.assertIn(self.ask(entry).status_code, (400, 404))
