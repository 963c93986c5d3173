"""The size of a segment's picture in pixels."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from api.models import Project, Segment
from api.tests.base import TrashTestCase


def a_picture(size: tuple[int, int], kind: str = "JPEG", orientation: int = 1) -> SimpleUploadedFile:
    encoded, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, "teal").save(encoded, kind, exif=exif)
    return SimpleUploadedFile(f"a.{kind.lower().replace('jpeg', 'jpg')}", encoded.getvalue())


class TestPictureSize(TrashTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.segment: Segment = self.a_segment(Project.objects.create(title="A story"), 0)
        self.address = f"/api/segments/{self.segment.pk}/picture/"

    def test_it_is_told_in_pixels_for_every_kind_and_after_each_change(self) -> None:
        for kind, size in (("JPEG", (640, 360)), ("PNG", (33, 44)), ("WEBP", (1920, 1080))):
            self.upload(self.segment, a_picture(size, kind))
            answer = self.client.get(self.address)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.json(), {"width": size[0], "height": size[1]})

    def test_it_is_the_size_that_a_person_sees(self) -> None:
        self.upload(self.segment, a_picture((640, 360), orientation=6))
        self.assertEqual(self.client.get(self.address).json(), {"width": 360, "height": 640})

    def test_without_a_picture_or_a_segment_there_is_none(self) -> None:
        for address in (self.address, "/api/segments/987654/picture/", "/api/segments/x/picture/"):
            answer = self.client.get(address)
            self.assertEqual(answer.status_code, 404)
            self.assertTrue(answer.json()["error"])

    def test_a_damaged_file_is_refused_with_a_reason(self) -> None:
        self.upload(self.segment, a_picture((640, 360)))
        self.segment.refresh_from_db()
        (self.media / self.segment.image_file.name).write_bytes(b"\xff\xd8\xffcut off")
        answer = self.client.get(self.address)
        self.assertEqual(answer.status_code, 400)
        self.assertTrue(answer.json()["error"])
